-- title: Many objects were deleted at once
-- about: One actor deletes ten different users, groups, applications or devices within a quarter of an hour.
-- tables: audits
-- param: last interval = '14 days' -- How far back to look.
-- param: objects int = 10 -- Different objects within fifteen minutes.
-- tags: audits
-- severity: high
-- attack: T1485, T1531
WITH deletions AS (
  SELECT activity_date_time, activity_display_name,
         initiator(initiated_by) AS actor,
         initiated_by['user']['ip_address'] AS ip_address,
         target_resources[1]['id'] AS object_id,
         target_resources[1]['display_name'] AS object
    FROM audits
   WHERE activity_date_time >= now() - $last
     AND activity_display_name IN ('Delete group', 'Delete user', 'Delete application', 'Delete device',
                                   'Delete service principal')
     AND result = 'success'
)
SELECT actor,
       min(activity_date_time) AS first_seen,
       max(activity_date_time) AS last_seen,
       max_distinct_in_window(object_id, activity_date_time, INTERVAL '15 minutes') AS objects_at_once,
       count(DISTINCT object_id) AS objects,
       collect_set(activity_display_name, 5) AS activities,
       collect_set(object, 20) AS names,
       collect_set(ip_address, 5) AS addresses
  FROM deletions
 WHERE actor IS NOT NULL
 GROUP BY actor
HAVING max_distinct_in_window(object_id, activity_date_time, INTERVAL '15 minutes') >= $objects
 ORDER BY objects_at_once DESC;
