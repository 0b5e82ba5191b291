-- title: Many wrong passwords, then the right one
-- about: A user fails with a wrong password or a locked account ten times within half an hour, and then signs in.
-- tables: sign_ins
-- param: last interval = '14 days' -- How far back to look.
-- param: failures int = 10 -- Failures before the success.
-- tags: sign-ins, passwords
-- severity: high
-- attack: T1110.001
WITH attempts AS (
  SELECT user_id, user_principal_name, created_date_time, ip_address, app_display_name, id,
         status['error_code'] AS code
    FROM sign_ins
   WHERE created_date_time >= now() - $last
     AND status['error_code'] IN (0, 50126, 50053)
),
counted AS (
  SELECT *,
         count(*) FILTER (WHERE code <> 0) OVER half_hour AS failures,
         min(created_date_time) FILTER (WHERE code <> 0) OVER half_hour AS first_failure,
         array_distinct(array_agg(ip_address) FILTER (WHERE code <> 0) OVER half_hour) AS failed_from
    FROM attempts
  WINDOW half_hour AS (PARTITION BY user_id ORDER BY created_date_time
                       RANGE BETWEEN INTERVAL '30 minutes' PRECEDING AND CURRENT ROW)
)
SELECT created_date_time, user_principal_name, failures, first_failure, failed_from,
       ip_address AS succeeded_from, app_display_name, id AS sign_in_id
  FROM counted
 WHERE code = 0 AND failures >= $failures
 ORDER BY created_date_time DESC;
