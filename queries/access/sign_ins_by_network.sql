-- title: Where sign-ins come from
-- about: Sign-ins by network, with users, failures and countries: offices on top, oddities at the bottom.
-- tables: sign_ins
-- param: last interval = '7 days' -- How far back to look.
-- tags: sign-ins, location, overview
SELECT ip_prefix(ip_address, 24, 64) AS network,
       array_to_string(array_agg(DISTINCT nullif(location['country_or_region'], '')), ', ') AS countries,
       count(*) AS sign_ins,
       count(*) FILTER (WHERE status['error_code'] <> 0) AS failures,
       count(DISTINCT user_id) AS users,
       min(created_date_time) AS first_seen,
       max(created_date_time) AS last_seen
  FROM sign_ins
 WHERE created_date_time >= now() - $last
   AND ip_address IS NOT NULL
 GROUP BY network
 ORDER BY sign_ins DESC, network;
