-- title: Users who never met a second factor
-- about: Users whose every success in the time given needed one factor only, and how often that was outside the named locations.
-- tables: sign_ins
-- param: last interval = '7 days' -- How far back to look.
-- tags: sign-ins, mfa
SELECT user_principal_name,
       count(*) AS sign_ins,
       count(*) FILTER (WHERE coalesce(array_length(network_location_details), 0) = 0) AS from_outside,
       count(DISTINCT app_id) AS apps,
       max(created_date_time) AS last_seen
  FROM sign_ins
 WHERE created_date_time >= now() - $last
   AND status['error_code'] = 0
 GROUP BY user_id, user_principal_name
HAVING bool_and(authentication_requirement = 'singleFactorAuthentication')
 ORDER BY from_outside DESC, sign_ins DESC, user_principal_name;
