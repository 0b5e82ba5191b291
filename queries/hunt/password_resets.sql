-- title: Passwords reset for others
-- about: Who reset whose password; resets by apps and by people who seldom do it stand out.
-- tables: audits
-- param: last interval = '7 days' -- How far back to look.
-- tags: audits, passwords
SELECT initiator(initiated_by) AS actor,
       initiator_type(initiated_by) AS actor_type,
       count(*) AS resets,
       count(*) FILTER (WHERE result <> 'success') AS failed,
       collect_set(target(target_resources, 'User')['user_principal_name'], 10) AS users,
       max(activity_date_time) AS last_seen
  FROM audits
 WHERE activity_date_time >= now() - $last
   AND activity_display_name IN ('Reset user password', 'Reset password (by admin)')
 GROUP BY actor, actor_type
 ORDER BY resets, actor;
