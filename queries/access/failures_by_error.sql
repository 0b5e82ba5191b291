-- title: Why sign-ins fail
-- about: Failed and interrupted sign-ins by error code, with how many users and apps each one hits.
-- tables: sign_ins
-- param: last interval = '7 days' -- How far back to look.
-- tags: sign-ins, overview
SELECT status['error_code'] AS error_code,
       signin_error(status['error_code']) AS error,
       signin_outcome(status['error_code']) AS outcome,
       count(*) AS sign_ins,
       count(DISTINCT user_id) AS users,
       count(DISTINCT app_id) AS apps,
       max(created_date_time) AS last_seen,
       max(status['failure_reason']) AS reason
  FROM sign_ins
 WHERE created_date_time >= now() - $last
   AND status['error_code'] <> 0
 GROUP BY error_code, error, outcome
 ORDER BY sign_ins DESC, error_code;
