-- title: Accounts that were never used
-- about: Enabled accounts that exist for a while and have no sign-in on record, of either sort.
-- tables: users
-- param: age interval = '30 days' -- How old the account is at least.
-- tags: accounts
SELECT user_principal_name, display_name, user_type, creation_type, external_user_state, created_date_time
  FROM users
 WHERE account_enabled
   AND created_date_time < now() - $age
   -- A sort of sign-in that never happened has a date in the year 1.
   AND coalesce(greatest(sign_in_activity['last_sign_in_date_time'],
                         sign_in_activity['last_non_interactive_sign_in_date_time'])
                < '1970-01-01T00:00:00Z', true)
 ORDER BY created_date_time, user_principal_name;
