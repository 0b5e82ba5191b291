-- title: Sign-ins no policy looked at
-- about: Successes to which no Conditional Access policy applied, by app: the gaps between the policies.
-- tables: sign_ins
-- param: last interval = '7 days' -- How far back to look.
-- tags: sign-ins, conditional-access
SELECT app_display_name, resource_display_name,
       count(*) AS sign_ins,
       count(DISTINCT user_id) AS users,
       count(*) FILTER (WHERE device_detail['is_compliant'] IS NOT TRUE) AS from_unmanaged_devices,
       max(created_date_time) AS last_seen
  FROM sign_ins
 WHERE created_date_time >= now() - $last
   AND status['error_code'] = 0
   AND conditional_access_status = 'notApplied'
 GROUP BY app_display_name, resource_display_name
 ORDER BY sign_ins DESC, app_display_name;
