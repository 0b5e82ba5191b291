-- title: Attempts with disabled accounts
-- about: Somebody tries accounts that are switched off: leavers, or lists of old passwords.
-- tables: sign_ins
-- param: last interval = '14 days' -- How far back to look.
-- tags: sign-ins, accounts
SELECT user_principal_name,
       count(*) AS attempts,
       count(DISTINCT ip_prefix(ip_address, 24, 64)) AS networks,
       collect_set(ip_address, 5) AS addresses,
       collect_set(app_display_name, 5) AS apps,
       min(created_date_time) AS first_seen,
       max(created_date_time) AS last_seen
  FROM sign_ins
 WHERE created_date_time >= now() - $last
   AND status['error_code'] = 50057
 GROUP BY user_id, user_principal_name
 ORDER BY attempts DESC, user_principal_name;
