-- title: Apps that sign in from a new network
-- about: Service principals seen lately in a network none of their sign-ins came from before.
-- tables: service_principal_sign_ins
-- param: last interval = '7 days' -- What counts as lately.
-- param: history interval = '29 days' -- How far back the time before reaches.
-- tags: apps, sign-ins, location
WITH seen AS (
  SELECT service_principal_id, service_principal_name, ip_prefix(ip_address, 24, 64) AS network,
         max(location['country_or_region']) AS country,
         min(created_date_time) AS first_seen,
         max(created_date_time) AS last_seen,
         count(*) AS sign_ins,
         count(*) FILTER (WHERE status['error_code'] = 0) AS successes,
         collect_set(nullif(service_principal_credential_key_id, ''), 5) AS key_ids
    FROM service_principal_sign_ins
   WHERE created_date_time >= now() - $history
     AND ip_address IS NOT NULL
   GROUP BY service_principal_id, service_principal_name, network
),
known AS (
  SELECT *, min(first_seen) OVER (PARTITION BY service_principal_id) AS app_since FROM seen
)
SELECT first_seen, service_principal_name, network, country, sign_ins, successes, last_seen, key_ids
  FROM known
 WHERE first_seen >= now() - $last AND app_since < now() - $last
 ORDER BY first_seen DESC;
