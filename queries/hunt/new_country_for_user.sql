-- title: First success from a country
-- about: Users who signed in lately from a country they had no success from in the time before.
-- tables: sign_ins
-- param: last interval = '7 days' -- What counts as lately.
-- param: history interval = '29 days' -- How far back the time before reaches.
-- tags: sign-ins, location
WITH seen AS (
  SELECT user_id, user_principal_name, location['country_or_region'] AS country,
         min(created_date_time) AS first_seen,
         max(created_date_time) AS last_seen,
         count(*) AS sign_ins,
         collect_set(ip_address, 5) AS addresses,
         collect_set(app_display_name, 5) AS apps
    FROM sign_ins
   WHERE created_date_time >= now() - $history
     AND status['error_code'] = 0
     AND location['country_or_region'] <> ''
   GROUP BY user_id, user_principal_name, country
),
known AS (
  SELECT *, min(first_seen) OVER (PARTITION BY user_id) AS user_since FROM seen
)
SELECT first_seen, user_principal_name, country, sign_ins, last_seen, addresses, apps
  FROM known
 WHERE first_seen >= now() - $last
   -- Somebody nobody saw before is new everywhere.
   AND user_since < now() - $last
 ORDER BY first_seen DESC;
