-- title: Apps that use a new key
-- about: Keys service principals signed in with lately and never in the time before.
-- tables: service_principal_sign_ins
-- param: last interval = '7 days' -- What counts as lately.
-- param: history interval = '29 days' -- How far back the time before reaches.
-- tags: apps, sign-ins
SELECT service_principal_name, client_credential_type,
       service_principal_credential_key_id AS key_id,
       min(created_date_time) AS first_seen,
       count(*) AS sign_ins,
       collect_set(ip_address, 5) AS addresses,
       collect_set(resource_display_name, 5) AS resources
  FROM service_principal_sign_ins
 WHERE created_date_time >= now() - $history
   AND service_principal_credential_key_id <> ''
   AND status['error_code'] = 0
 GROUP BY service_principal_name, client_credential_type, key_id
HAVING min(created_date_time) >= now() - $last
 ORDER BY first_seen;
