-- title: What managed identities reach
-- about: Managed identities by the service they ask tokens for.
-- tables: managed_identity_sign_ins
-- param: last interval = '2 days' -- How far back to look.
-- tags: apps, sign-ins
SELECT service_principal_name, resource_display_name,
       count(*) AS sign_ins,
       count(*) FILTER (WHERE status['error_code'] <> 0) AS failures,
       max(created_date_time) AS last_seen
  FROM managed_identity_sign_ins
 WHERE created_date_time >= now() - $last
 GROUP BY service_principal_name, resource_display_name
 ORDER BY sign_ins DESC, service_principal_name;
