-- title: Groups that do not say what they are for
-- about: Groups without a description, those that can grant access first.
-- tables: groups
-- tags: groups
SELECT display_name, security_enabled, coalesce(is_assignable_to_role, false) AS may_hold_roles,
       group_types, created_date_time
  FROM groups
 WHERE description IS NULL OR description = ''
 ORDER BY may_hold_roles DESC, security_enabled DESC, display_name;
