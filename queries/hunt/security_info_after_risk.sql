-- title: A second factor registered after a risky sign-in
-- about: Security info set up within hours of a sign-in that was risky: how a stolen password becomes a stolen account.
-- tables: audits, sign_ins
-- param: last interval = '14 days' -- How far back to look.
-- param: within interval = '24 hours' -- How soon after the sign-in.
-- tags: audits, sign-ins, mfa, risk
WITH registrations AS (
  SELECT activity_date_time, activity_display_name, result_reason,
         target(target_resources, 'User')['id'] AS user_id,
         target(target_resources, 'User')['user_principal_name'] AS user_principal_name,
         initiator(initiated_by) AS actor,
         initiated_by['user']['ip_address'] AS ip_address
    FROM audits
   WHERE activity_date_time >= now() - $last
     AND activity_display_name IN ('User registered security info', 'User registered all required security info',
                                   'User changed default security info', 'Admin registered security info')
     AND result = 'success'
),
risky AS (
  SELECT user_id, created_date_time, ip_address, risk_level_during_sign_in AS risk_level,
         location['country_or_region'] AS country
    FROM sign_ins
   WHERE created_date_time >= now() - $last
     AND status['error_code'] = 0
     AND risk_level_during_sign_in IN ('medium', 'high')
)
SELECT r.activity_date_time, r.user_principal_name, r.activity_display_name AS activity, r.result_reason AS what,
       r.actor, r.ip_address,
       min(s.created_date_time) AS risky_sign_in, max(s.risk_level) AS risk_level, collect_set(s.country, 3) AS countries
  FROM registrations r
  JOIN risky s
    ON s.user_id = r.user_id
   AND s.created_date_time <= r.activity_date_time
   AND r.activity_date_time <= s.created_date_time + $within
 GROUP BY r.activity_date_time, r.user_principal_name, activity, what, r.actor, r.ip_address
 ORDER BY r.activity_date_time DESC;
