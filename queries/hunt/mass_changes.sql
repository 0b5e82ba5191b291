-- title: Bursts of changes
-- about: Who did the same thing to many objects within a quarter of an hour.
-- tables: audits
-- param: last interval = '14 days' -- How far back to look.
-- param: objects int = 10 -- Different objects within fifteen minutes.
-- tags: audits
WITH changes AS (
  SELECT initiator(initiated_by) AS actor, initiator_type(initiated_by) AS actor_type,
         activity_name(activity_display_name) AS activity, activity_date_time,
         target_resources[1]['id'] AS object_id, target_resources[1]['display_name'] AS object
    FROM audits
   WHERE activity_date_time >= now() - $last
)
SELECT actor, actor_type, activity,
       max_distinct_in_window(object_id, activity_date_time, INTERVAL '15 minutes') AS objects_at_once,
       count(*) AS changes,
       min(activity_date_time) AS first_seen,
       max(activity_date_time) AS last_seen,
       collect_set(object, 5) AS some_objects
  FROM changes
 WHERE actor IS NOT NULL
 GROUP BY actor, actor_type, activity
HAVING max_distinct_in_window(object_id, activity_date_time, INTERVAL '15 minutes') >= $objects
 ORDER BY objects_at_once DESC;
