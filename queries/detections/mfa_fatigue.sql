-- title: A user is asked for a second factor again and again
-- about: Five different attempts fail at the second factor within ten minutes; worse if a sign-in succeeds within fifteen minutes after.
-- tables: sign_ins
-- param: last interval = '14 days' -- How far back to look.
-- param: prompts int = 5 -- Different attempts within ten minutes.
-- tags: sign-ins, mfa
-- severity: high
-- attack: T1621
WITH attempts AS (
  SELECT user_id, user_principal_name, created_date_time, ip_address, app_display_name,
         correlation_id, status['error_code'] AS code
    FROM sign_ins
   WHERE created_date_time >= now() - $last
     AND status['error_code'] IN (0, 500121)
),
counted AS (
  SELECT *,
         -- One attempt can write several rows: its correlation id tells.
         count(DISTINCT CASE WHEN code = 500121 THEN correlation_id END) OVER before AS prompts,
         min(CASE WHEN code = 500121 THEN created_date_time END) OVER before AS first_prompt,
         min(CASE WHEN code = 0 THEN created_date_time END) OVER after AS success
    FROM attempts
  WINDOW before AS (PARTITION BY user_id ORDER BY created_date_time
                    RANGE BETWEEN INTERVAL '10 minutes' PRECEDING AND CURRENT ROW),
         after AS (PARTITION BY user_id ORDER BY created_date_time
                   RANGE BETWEEN CURRENT ROW AND INTERVAL '15 minutes' FOLLOWING)
)
SELECT user_principal_name,
       min(first_prompt) AS first_seen,
       max(created_date_time) AS last_seen,
       max(prompts) AS prompts,
       min(success) AS gave_in,
       CASE WHEN min(success) IS NULL THEN 'high' ELSE 'critical' END AS severity,
       collect_set(ip_address, 10) AS addresses,
       collect_set(app_display_name, 10) AS apps
  FROM counted
 WHERE code = 500121 AND prompts >= $prompts
 GROUP BY user_id, user_principal_name, date_trunc('day', created_date_time)
 ORDER BY last_seen DESC;
