-- title: Guests who have stopped coming
-- about: Enabled guests who accepted long ago and have not signed in for long, or never.
-- tables: users
-- param: silence interval = '90 days' -- How long the guest was not seen.
-- tags: guests, accounts
WITH guests AS (
  SELECT user_principal_name, mail, created_date_time,
         -- A sort of sign-in that never happened has a date in the year 1.
         greatest(CASE WHEN sign_in_activity['last_sign_in_date_time'] > '1970-01-01T00:00:00Z'
                       THEN sign_in_activity['last_sign_in_date_time'] END,
                  CASE WHEN sign_in_activity['last_non_interactive_sign_in_date_time'] > '1970-01-01T00:00:00Z'
                       THEN sign_in_activity['last_non_interactive_sign_in_date_time'] END) AS last_seen
    FROM users
   WHERE user_type = 'Guest'
     AND account_enabled
     AND created_date_time < now() - $silence
)
SELECT upn_domain(user_principal_name) AS home_domain, mail, created_date_time, last_seen
  FROM guests
 WHERE last_seen IS NULL OR last_seen < now() - $silence
 ORDER BY last_seen NULLS FIRST, created_date_time;
