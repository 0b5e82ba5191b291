-- title: Credentials apps sign in with
-- about: Per app and key, how often it is used and from where; secrets are the ones to replace.
-- tables: service_principal_sign_ins
-- param: last interval = '2 days' -- How far back to look.
-- tags: apps, sign-ins
SELECT service_principal_name, client_credential_type,
       nullif(service_principal_credential_key_id, '') AS key_id,
       count(*) AS sign_ins,
       count(*) FILTER (WHERE status['error_code'] <> 0) AS failures,
       count(DISTINCT ip_prefix(ip_address, 24, 64)) AS networks,
       max(created_date_time) AS last_seen
  FROM service_principal_sign_ins
 WHERE created_date_time >= now() - $last
 GROUP BY service_principal_name, client_credential_type, key_id
 ORDER BY service_principal_name, key_id NULLS FIRST;
