-- title: Sign-ins by country
-- about: Successes and failures by country; countries with failures only are the ones that knock.
-- tables: sign_ins
-- param: last interval = '7 days' -- How far back to look.
-- tags: sign-ins, location, overview
SELECT coalesce(nullif(location['country_or_region'], ''), 'unknown') AS country,
       count(*) FILTER (WHERE status['error_code'] = 0) AS successes,
       count(*) FILTER (WHERE status['error_code'] <> 0) AS failures,
       count(DISTINCT user_id) FILTER (WHERE status['error_code'] = 0) AS users_in,
       count(DISTINCT user_id) FILTER (WHERE status['error_code'] <> 0) AS users_failing,
       max(created_date_time) AS last_seen
  FROM sign_ins
 WHERE created_date_time >= now() - $last
 GROUP BY country
 ORDER BY successes DESC, failures DESC;
