-- title: Conditional Access policies that do not act
-- about: Policies switched off or only reporting, the last one changed first.
-- tables: conditional_access_policies
-- tags: conditional-access
SELECT display_name, state, modified_date_time, created_date_time,
       grant_controls['built_in_controls'] AS controls,
       conditions['users']['include_users'] AS users,
       conditions['users']['include_roles'] AS roles
  FROM conditional_access_policies
 WHERE state <> 'enabled'
 ORDER BY modified_date_time DESC NULLS LAST, display_name;
