-- title: Who came from a network
-- about: Who came from one network or address, people and apps, and how it ended. In the demo, try 192.0.2.0/24.
-- tables: all_sign_ins
-- param: network text -- Network, or one address.
-- param: last interval = '7 days' -- How far back to look.
-- tags: sign-ins, location, response
SELECT event_type AS kind,
       coalesce(user_principal_name, service_principal_name) AS who,
       app_display_name,
       count(*) FILTER (WHERE status['error_code'] = 0) AS successes,
       count(*) FILTER (WHERE status['error_code'] <> 0) AS failures,
       collect_set(ip_address, 5) AS addresses,
       min(created_date_time) AS first_seen,
       max(created_date_time) AS last_seen
  FROM all_sign_ins
 WHERE created_date_time >= now() - $last
   AND ip_in_cidr(ip_address, $network)
 GROUP BY kind, who, app_display_name
 ORDER BY first_seen;
