-- title: Directory roles of disabled accounts and guests
-- about: Roles that should have gone with the person, or that a guest holds.
-- tables: role_assignments, role_definitions, users
-- tags: roles, accounts, guests
SELECT u.user_principal_name, u.user_type, u.account_enabled,
       r.display_name AS role, a.directory_scope_id
  FROM role_assignments a
  JOIN role_definitions r ON r.id = a.role_definition_id
  JOIN users u ON u.id = a.principal_id
 WHERE NOT u.account_enabled OR u.user_type = 'Guest'
 ORDER BY u.user_principal_name, role;
