-- title: Changes of Conditional Access
-- about: Every change of a policy or a named location, with its state before and after.
-- tables: audits
-- param: last interval = '14 days' -- How far back to look.
-- tags: audits, conditional-access
SELECT activity_date_time, activity_display_name AS activity, result,
       initiator(initiated_by) AS actor,
       initiated_by['user']['ip_address'] AS ip_address,
       target_resources[1]['display_name'] AS object,
       regexp_match(modprop(target_resources, 'ConditionalAccessPolicy', 'old'), '"state"\s*:\s*"(\w+)"')[1] AS old_state,
       regexp_match(modprop(target_resources, 'ConditionalAccessPolicy'), '"state"\s*:\s*"(\w+)"')[1] AS new_state
  FROM audits
 WHERE activity_date_time >= now() - $last
   AND logged_by_service = 'Conditional Access'
 ORDER BY activity_date_time DESC;
