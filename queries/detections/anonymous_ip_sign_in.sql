-- title: Signed in from an anonymous address
-- about: Successes from an address Identity Protection takes for a proxy, for Tor or for malicious, or from one of the networks named.
-- tables: sign_ins
-- param: last interval = '14 days' -- How far back to look.
-- param: networks list<text> = [] -- Networks of proxies, Tor exits and hosting, such as 203.0.113.0/24.
-- tags: sign-ins, risk
-- severity: medium
-- attack: T1090.003
SELECT created_date_time, user_principal_name, ip_address,
       location['country_or_region'] AS country, app_display_name,
       risk_event_types_v2 AS noticed, risk_level_during_sign_in AS risk_level, risk_state,
       id AS sign_in_id
  FROM sign_ins
 WHERE created_date_time >= now() - $last
   AND status['error_code'] = 0
   AND (array_has(risk_event_types_v2, 'anonymizedIPAddress')
        OR array_has(risk_event_types_v2, 'riskyIPAddress')
        OR array_has(risk_event_types_v2, 'maliciousIPAddress')
        OR array_has(risk_event_types_v2, 'nationStateIP')
        OR ip_in_any(ip_address, $networks))
 ORDER BY created_date_time DESC;
