-- title: One session, two countries
-- about: Tokens of one session used from more than one country within hours: a sign of a stolen token.
-- tables: non_interactive_sign_ins
-- param: last interval = '3 days' -- How far back to look.
-- tags: sign-ins, location
SELECT user_principal_name, session_id,
       array_to_string(array_agg(DISTINCT location['country_or_region']), ', ') AS countries,
       count(*) AS sign_ins,
       collect_set(ip_address, 10) AS addresses,
       collect_set(app_display_name, 10) AS apps,
       min(created_date_time) AS first_seen,
       max(created_date_time) AS last_seen
  FROM non_interactive_sign_ins
 WHERE created_date_time >= now() - $last
   AND status['error_code'] = 0
   AND session_id <> ''
   AND location['country_or_region'] <> ''
 GROUP BY user_id, user_principal_name, session_id
HAVING count(DISTINCT location['country_or_region']) > 1
 ORDER BY last_seen DESC;
