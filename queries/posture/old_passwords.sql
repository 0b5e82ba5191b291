-- title: Accounts with old passwords
-- about: Enabled members of the cloud who have not changed their password for the time given.
-- tables: users
-- param: age interval = '365 days' -- How old the password is at least.
-- tags: accounts, passwords
SELECT user_principal_name, display_name, department, last_password_change_date_time
  FROM users
 WHERE account_enabled
   AND user_type = 'Member'
   AND on_premises_sync_enabled IS NOT TRUE
   AND last_password_change_date_time < now() - $age
 ORDER BY last_password_change_date_time, user_principal_name;
