-- title: Accounts whose password never expires
-- about: Enabled accounts of the cloud with DisablePasswordExpiration, and how old their passwords are.
-- tables: users
-- tags: accounts, passwords
SELECT user_principal_name, display_name, password_policies, last_password_change_date_time
  FROM users
 WHERE account_enabled
   AND on_premises_sync_enabled IS NOT TRUE
   AND password_policies LIKE '%DisablePasswordExpiration%'
 ORDER BY last_password_change_date_time, user_principal_name;
