-- title: Accounts of one provider only
-- about: Who can sign in at Okta but not in Entra, or the reverse, among the people who should be in both.
-- tables: lists.okta_users, users
-- param: department text = 'IT' -- The department that should be in both.
-- param: office text = 'Austin' -- How the office location of those people begins.
-- tags: cross-idp, accounts
WITH okta AS (
  SELECT upn_fold(login) AS account, concat_ws(' ', first_name, last_name) AS person, status
    FROM lists.okta_users
   WHERE status NOT IN ('DEPROVISIONED', 'SUSPENDED')
), entra AS (
  SELECT upn_fold(user_principal_name) AS account, display_name, account_enabled,
         department = $department AND starts_with(office_location, $office) AS expected
    FROM users
)
SELECT coalesce(o.account, e.account) AS account,
       coalesce(e.display_name, o.person) AS person,
       CASE WHEN e.account IS NULL THEN 'Okta only'
            WHEN o.account IS NULL THEN 'Entra only'
            ELSE 'Okta only, disabled in Entra' END AS finding,
       o.status AS okta_status,
       e.account_enabled AS entra_enabled
  FROM okta o
  FULL JOIN entra e ON e.account = o.account
 WHERE CASE WHEN o.account IS NULL THEN e.account_enabled AND e.expected
            ELSE NOT coalesce(e.account_enabled, false) END
 ORDER BY finding, account;
