-- title: Enabled members without a license
-- about: Accounts that can sign in and have nothing assigned: service accounts, forgotten ones, or people waiting.
-- tables: users
-- tags: accounts, licenses
SELECT user_principal_name, display_name, department, employee_type, created_date_time
  FROM users
 WHERE account_enabled
   AND user_type = 'Member'
   AND coalesce(array_length(assigned_licenses), 0) = 0
 ORDER BY created_date_time, user_principal_name;
