-- title: Signed in from two places too far apart
-- about: Two successes in a row of one user, over 500 km apart and faster than a plane; the same network in both is no travel.
-- tables: sign_ins
-- param: last interval = '7 days' -- How far back to look.
-- param: distance double = 500 -- Shortest distance, in kilometers.
-- param: speed double = 900 -- Slowest speed, in kilometers per hour.
-- tags: sign-ins, location
-- severity: medium
-- attack: T1078.004
WITH successes AS (
  SELECT user_id, user_principal_name, created_date_time, ip_address, id,
         autonomous_system_number AS asn,
         location['city'] AS city,
         location['country_or_region'] AS country,
         location['geo_coordinates']['latitude'] AS latitude,
         location['geo_coordinates']['longitude'] AS longitude
    FROM sign_ins
   WHERE created_date_time >= now() - $last
     AND status['error_code'] = 0
),
pairs AS (
  SELECT *,
         lag(created_date_time) OVER trips AS from_time,
         lag(city) OVER trips AS from_city,
         lag(country) OVER trips AS from_country,
         lag(ip_address) OVER trips AS from_address,
         lag(asn) OVER trips AS from_asn,
         haversine_km(lag(latitude) OVER trips, lag(longitude) OVER trips, latitude, longitude) AS km
    FROM successes
   WHERE latitude IS NOT NULL AND longitude IS NOT NULL
  WINDOW trips AS (PARTITION BY user_id ORDER BY created_date_time)
),
speeds AS (
  SELECT *,
         -- Three minutes at least: clocks differ, and nobody divides by zero.
         km / greatest((to_unixtime(created_date_time) - to_unixtime(from_time)) / 3600.0, 0.05) AS kmh
    FROM pairs
   WHERE asn IS NULL OR from_asn IS NULL OR asn <> from_asn
)
SELECT created_date_time, user_principal_name,
       from_time, from_city, from_country, from_address,
       city, country, ip_address,
       round(km) AS km, round(kmh) AS kmh, id AS sign_in_id
  FROM speeds
 WHERE km > $distance AND kmh > $speed
 ORDER BY created_date_time DESC;
