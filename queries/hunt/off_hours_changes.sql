-- title: Privileged changes at night and at weekends
-- about: Changes of roles, apps, policies and credentials outside the working hours given, in the zone given.
-- tables: audits
-- param: last interval = '14 days' -- How far back to look.
-- param: zone text = 'Europe/Berlin' -- Time zone of the hours.
-- param: from_hour int = 7 -- First working hour.
-- param: to_hour int = 20 -- First hour after work.
-- tags: audits
WITH changes AS (
  SELECT activity_date_time, activity_date_time AT TIME ZONE $zone AS local_time,
         activity_display_name, category, initiated_by, target_resources
    FROM audits
   WHERE activity_date_time >= now() - $last
     AND result = 'success'
     AND (category IN ('RoleManagement', 'Policy')
          OR activity_display_name IN ('Consent to application', 'Add delegated permission grant',
                                       'Add service principal credentials', 'Add owner to application',
                                       'Add owner to service principal', 'User registered security info')
          OR activity_display_name LIKE 'Update application%')
)
SELECT activity_date_time, local_time, activity_name(activity_display_name) AS activity,
       initiator(initiated_by) AS actor,
       initiated_by['user']['ip_address'] AS ip_address,
       target_resources[1]['display_name'] AS object
  FROM changes
 WHERE date_part('hour', local_time) < $from_hour
    OR date_part('hour', local_time) >= $to_hour
    OR date_part('dow', local_time) IN (0, 6)
 ORDER BY activity_date_time DESC;
