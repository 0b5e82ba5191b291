-- title: Who holds privileged roles
-- about: Every holder of a role Microsoft labels as privileged or the tenant made itself. Members of a group hold its roles too.
-- tables: groups, role_assignments, role_definitions, users
-- tags: roles, accounts
SELECT r.display_name AS role, r.is_built_in,
       CASE WHEN u.id IS NOT NULL THEN 'user'
            WHEN g.id IS NOT NULL THEN 'group'
            ELSE 'application' END AS holder_type,
       coalesce(u.user_principal_name, g.display_name) AS holder,
       a.principal_id, a.directory_scope_id
  FROM role_assignments a
  JOIN role_definitions r ON r.id = a.role_definition_id
  LEFT JOIN users u ON u.id = a.principal_id
  LEFT JOIN groups g ON g.id = a.principal_id
 WHERE is_privileged_role(r.template_id) OR NOT r.is_built_in
 ORDER BY role, holder_type, holder;
