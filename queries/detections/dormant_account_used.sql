-- title: An account nobody used has signed in
-- about: A first success after silence in all of the log, by an account older than that and without background sign-ins before it.
-- tables: sign_ins, users
-- param: last interval = '2 days' -- How far back the success may be.
-- param: age interval = '90 days' -- How old the account is at least.
-- tags: sign-ins, accounts
-- severity: medium
-- attack: T1078.004
WITH uses AS (
  -- All the log there is: what it no longer has is silence.
  SELECT user_id,
         min(created_date_time) AS first_attempt,
         min(created_date_time) FILTER (WHERE status['error_code'] = 0) AS first_success,
         first_value(ip_address ORDER BY created_date_time) AS ip_address,
         first_value(location['country_or_region'] ORDER BY created_date_time) AS country,
         first_value(app_display_name ORDER BY created_date_time) AS app_display_name
    FROM sign_ins
   WHERE created_date_time >= now() - INTERVAL '29 days'
   GROUP BY user_id
),
woken AS (
  SELECT * FROM uses WHERE first_attempt >= now() - $last AND first_success IS NOT NULL
)
SELECT w.first_success, u.user_principal_name, u.user_type, u.created_date_time AS account_created,
       w.ip_address, w.country, w.app_display_name, u.id AS user_id
  FROM woken w
  JOIN users u ON u.id = w.user_id
 WHERE u.created_date_time < now() - $age
   AND (u.sign_in_activity['last_non_interactive_sign_in_date_time'] IS NULL
        OR u.sign_in_activity['last_non_interactive_sign_in_date_time'] < now() - $age
        OR u.sign_in_activity['last_non_interactive_sign_in_date_time'] >= w.first_attempt)
 ORDER BY w.first_success DESC;
