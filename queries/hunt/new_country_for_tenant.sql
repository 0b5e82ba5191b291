-- title: Countries the tenant has not seen before
-- about: Countries with a success lately and none in the time before, whoever it was.
-- tables: sign_ins
-- param: last interval = '7 days' -- What counts as lately.
-- param: history interval = '29 days' -- How far back the time before reaches.
-- tags: sign-ins, location
SELECT location['country_or_region'] AS country,
       min(created_date_time) AS first_seen,
       count(*) AS sign_ins,
       collect_set(user_principal_name, 10) AS users,
       collect_set(ip_address, 5) AS addresses
  FROM sign_ins
 WHERE created_date_time >= now() - $history
   AND status['error_code'] = 0
   AND location['country_or_region'] <> ''
 GROUP BY country
HAVING min(created_date_time) >= now() - $last
 ORDER BY first_seen;
