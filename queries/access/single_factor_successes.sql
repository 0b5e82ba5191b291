-- title: Sign-ins that passed with one factor
-- about: Where a password alone was enough, by app; policies should leave few of these.
-- tables: sign_ins
-- param: last interval = '7 days' -- How far back to look.
-- tags: sign-ins, mfa
SELECT app_display_name,
       count(*) AS sign_ins,
       count(DISTINCT user_id) AS users,
       count(*) FILTER (WHERE conditional_access_status = 'notApplied') AS no_policy_applied,
       max(created_date_time) AS last_seen
  FROM sign_ins
 WHERE created_date_time >= now() - $last
   AND status['error_code'] = 0
   AND authentication_requirement = 'singleFactorAuthentication'
 GROUP BY app_display_name
 ORDER BY sign_ins DESC, app_display_name;
