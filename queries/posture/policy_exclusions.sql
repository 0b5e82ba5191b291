-- title: Whom Conditional Access leaves out
-- about: Users and groups excluded from policies that are on, by name; those that are gone have none.
-- tables: conditional_access_policies, users, groups
-- tags: conditional-access
WITH excluded AS (
  SELECT display_name, state,
         unnest(array_concat(conditions['users']['exclude_users'],
                             conditions['users']['exclude_groups'])) AS object_id
    FROM conditional_access_policies
)
SELECT e.display_name AS policy,
       CASE WHEN u.id IS NOT NULL THEN 'user' WHEN g.id IS NOT NULL THEN 'group' ELSE 'gone' END AS kind,
       coalesce(u.user_principal_name, g.display_name) AS name, e.object_id
  FROM excluded e
  LEFT JOIN users u ON u.id = e.object_id
  LEFT JOIN groups g ON g.id = e.object_id
 WHERE e.state = 'enabled'
 ORDER BY policy, kind, name, e.object_id;
