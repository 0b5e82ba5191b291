-- title: One network tries few passwords on many accounts
-- about: Ten users fail within an hour from one network, none of them more than three times; lists those who got in from there.
-- tables: sign_ins
-- param: last interval = '7 days' -- How far back to look.
-- param: users int = 10 -- Users that failed within one hour.
-- param: trusted list<text> = [] -- Networks left out, such as those of the offices.
-- tags: sign-ins, passwords
-- severity: high
-- attack: T1110.003
WITH attempts AS (
  SELECT ip_prefix(ip_address, 24, 64) AS network, ip_address, user_id, user_principal_name,
         created_date_time, autonomous_system_number, status['error_code'] AS code
    FROM sign_ins
   WHERE created_date_time >= now() - $last
     AND status['error_code'] IN (0, 50126, 50053, 50055)
     AND ip_in_any(ip_address, $trusted) IS NOT TRUE
),
counted AS (
  SELECT *,
         count(*) FILTER (WHERE code <> 0)
           OVER (PARTITION BY network, user_id ORDER BY created_date_time
                 RANGE BETWEEN INTERVAL '1 hour' PRECEDING AND INTERVAL '1 hour' FOLLOWING) AS tries
    FROM attempts
   WHERE network IS NOT NULL
)
SELECT network,
       max(autonomous_system_number) AS asn,
       min(created_date_time) FILTER (WHERE code <> 0) AS first_seen,
       max(created_date_time) FILTER (WHERE code <> 0) AS last_seen,
       count(DISTINCT user_id) FILTER (WHERE code <> 0) AS users_tried,
       max_distinct_in_window(user_id, created_date_time, INTERVAL '1 hour')
         FILTER (WHERE code <> 0 AND tries <= 3) AS users_in_an_hour,
       max(tries) AS most_tries,
       count(DISTINCT ip_address) AS addresses,
       collect_set(user_principal_name, 20) FILTER (WHERE code = 0) AS got_in
  FROM counted
 GROUP BY network
HAVING max_distinct_in_window(user_id, created_date_time, INTERVAL '1 hour')
         FILTER (WHERE code <> 0 AND tries <= 3) >= $users
 ORDER BY users_in_an_hour DESC;
