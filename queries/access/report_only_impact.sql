-- title: What report-only policies would do
-- about: For each policy in report-only mode, the sign-ins it would have let through, stopped, or asked for more.
-- tables: sign_ins
-- param: last interval = '7 days' -- How far back to look.
-- tags: sign-ins, conditional-access
WITH policies AS (
  SELECT user_id, user_principal_name, created_date_time, unnest(applied_conditional_access_policies) AS p
    FROM sign_ins
   WHERE created_date_time >= now() - $last
     AND status['error_code'] = 0
)
SELECT p['display_name'] AS policy,
       count(*) FILTER (WHERE p['result'] = 'reportOnlySuccess') AS would_pass,
       count(*) FILTER (WHERE p['result'] = 'reportOnlyFailure') AS would_be_stopped,
       count(*) FILTER (WHERE p['result'] = 'reportOnlyInterrupted') AS would_be_asked,
       count(DISTINCT user_id) FILTER (WHERE p['result'] = 'reportOnlyFailure') AS users_stopped,
       collect_set(user_principal_name, 10) FILTER (WHERE p['result'] = 'reportOnlyFailure') AS some_of_them
  FROM policies
 WHERE p['result'] LIKE 'reportOnly%'
 GROUP BY policy
 ORDER BY would_be_stopped DESC, policy;
