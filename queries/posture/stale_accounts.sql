-- title: Accounts nobody has signed in to for long
-- about: Enabled accounts whose last sign-in, by the user or in the background, is older than the days given.
-- tables: users
-- param: silence interval = '90 days' -- How long nobody has signed in.
-- tags: accounts
WITH seen AS (
  SELECT id, user_principal_name, display_name, user_type, department, created_date_time,
         -- A sort of sign-in that never happened has a date in the year 1.
         greatest(CASE WHEN sign_in_activity['last_sign_in_date_time'] > '1970-01-01T00:00:00Z'
                       THEN sign_in_activity['last_sign_in_date_time'] END,
                  CASE WHEN sign_in_activity['last_non_interactive_sign_in_date_time'] > '1970-01-01T00:00:00Z'
                       THEN sign_in_activity['last_non_interactive_sign_in_date_time'] END) AS last_seen
    FROM users
   WHERE account_enabled
)
SELECT user_principal_name, display_name, user_type, department, last_seen, created_date_time
  FROM seen
 WHERE last_seen < now() - $silence
 ORDER BY last_seen, user_principal_name;
