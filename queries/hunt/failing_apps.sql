-- title: Apps that fail to sign in
-- about: Service principals with wrong or expired credentials, or somebody who tries them.
-- tables: service_principal_sign_ins
-- param: last interval = '7 days' -- How far back to look.
-- tags: apps, sign-ins
SELECT service_principal_name,
       status['error_code'] AS error_code,
       signin_error(status['error_code']) AS error,
       count(*) AS failures,
       collect_set(ip_address, 5) AS addresses,
       min(created_date_time) AS first_seen,
       max(created_date_time) AS last_seen
  FROM service_principal_sign_ins
 WHERE created_date_time >= now() - $last
   AND status['error_code'] <> 0
 GROUP BY service_principal_name, error_code, error
 ORDER BY failures DESC, service_principal_name;
