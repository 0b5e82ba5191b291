-- title: People who left and can still sign in
-- about: Enabled accounts whose last day of work has passed. Reading that day needs a permission of its own.
-- tables: users
-- tags: accounts
SELECT user_principal_name, display_name, department, employee_leave_date_time,
       greatest(sign_in_activity['last_sign_in_date_time'],
                sign_in_activity['last_non_interactive_sign_in_date_time']) AS last_seen
  FROM users
 WHERE account_enabled
   AND employee_leave_date_time < now()
 ORDER BY employee_leave_date_time, user_principal_name;
