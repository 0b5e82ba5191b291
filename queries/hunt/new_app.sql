-- title: Apps used for the first time
-- about: Apps somebody signed in to lately that nobody used in the time before.
-- tables: sign_ins
-- param: last interval = '7 days' -- What counts as lately.
-- param: history interval = '29 days' -- How far back the time before reaches.
-- tags: sign-ins, apps
SELECT app_display_name, app_id,
       min(created_date_time) AS first_seen,
       count(*) AS sign_ins,
       collect_set(user_principal_name, 10) AS users,
       collect_set(ip_address, 5) AS addresses
  FROM sign_ins
 WHERE created_date_time >= now() - $history
   AND status['error_code'] = 0
 GROUP BY app_display_name, app_id
HAVING min(created_date_time) >= now() - $last
 ORDER BY first_seen;
