-- title: What guests open
-- about: Successes of guests by home domain and app.
-- tables: sign_ins
-- param: last interval = '7 days' -- How far back to look.
-- tags: sign-ins, guests
SELECT upn_domain(user_principal_name) AS home_domain, app_display_name,
       count(*) AS sign_ins,
       count(DISTINCT user_id) AS guests,
       max(created_date_time) AS last_seen
  FROM sign_ins
 WHERE created_date_time >= now() - $last
   AND user_type = 'guest'
   AND status['error_code'] = 0
 GROUP BY home_domain, app_display_name
 ORDER BY sign_ins DESC, home_domain, app_display_name;
