-- title: Administrators the providers disagree about
-- about: Holders of a role at one provider who should not have it by what the other says, and those with the keys to both.
-- tables: lists.okta_users, role_assignments, role_definitions, users
-- tags: cross-idp, roles
WITH entra AS (
  SELECT u.id, upn_fold(u.user_principal_name) AS account, u.account_enabled,
         array_sort(array_agg(r.display_name) FILTER (WHERE r.display_name IS NOT NULL)) AS roles,
         coalesce(bool_or(r.display_name = 'Global Administrator'), false) AS is_highest
    FROM users u
    LEFT JOIN role_assignments a ON a.principal_id = u.id
    LEFT JOIN role_definitions r ON r.id = a.role_definition_id
   GROUP BY u.id, u.user_principal_name, u.account_enabled
), okta AS (
  SELECT upn_fold(login) AS account, status, string_to_array(admin_roles, ';') AS roles
    FROM lists.okta_users
), people AS (
  SELECT o.account, o.status, o.roles AS okta_roles, e.roles AS entra_roles, e.account_enabled,
         CASE WHEN o.roles IS NOT NULL AND e.id IS NULL
                THEN 'administers Okta, and Entra does not know the account'
              WHEN o.roles IS NOT NULL AND NOT e.account_enabled
                THEN 'administers Okta, and is disabled in Entra'
              WHEN e.roles IS NOT NULL AND o.status IN ('SUSPENDED', 'DEPROVISIONED')
                THEN 'has a role in Entra, and is shut out of Okta'
              WHEN e.is_highest AND array_has(o.roles, 'SUPER_ADMIN')
                THEN 'has the highest role of both'
         END AS conflict
    FROM okta o
    LEFT JOIN entra e ON e.account = o.account
)
SELECT conflict, account, okta_roles, status AS okta_status, entra_roles, account_enabled AS entra_enabled
  FROM people
 WHERE conflict IS NOT NULL
 ORDER BY conflict, account;
