-- title: A Conditional Access policy was weakened
-- about: A policy was deleted, switched off or to report-only, asks for less than before, or leaves somebody out who was in.
-- tables: audits
-- param: last interval = '14 days' -- How far back to look.
-- tags: audits, conditional-access
-- severity: high
-- attack: T1556.009
WITH changes AS (
  SELECT activity_date_time, activity_display_name, initiated_by, target_resources,
         modprop(target_resources, 'ConditionalAccessPolicy', 'old') AS old,
         modprop(target_resources, 'ConditionalAccessPolicy') AS new
    FROM audits
   WHERE activity_date_time >= now() - $last
     AND activity_display_name IN ('Update conditional access policy', 'Delete conditional access policy')
     AND result = 'success'
),
states AS (
  SELECT *,
         regexp_match(old, '"state"\s*:\s*"(\w+)"')[1] AS old_state,
         regexp_match(new, '"state"\s*:\s*"(\w+)"')[1] AS new_state,
         -- All members of all lists of that kind, of whichever condition.
         array_except(
           regexp_extract_all(array_to_string(regexp_extract_all(new, '"exclude\w+"\s*:\s*\[([^\]]*)\]', 1), ','), '"([^"]+)"', 1),
           regexp_extract_all(array_to_string(regexp_extract_all(old, '"exclude\w+"\s*:\s*\[([^\]]*)\]', 1), ','), '"([^"]+)"', 1)
         ) AS now_excluded,
         array_except(
           regexp_extract_all(array_to_string(regexp_extract_all(old, '"builtInControls"\s*:\s*\[([^\]]*)\]', 1), ','), '"([^"]+)"', 1),
           regexp_extract_all(array_to_string(regexp_extract_all(new, '"builtInControls"\s*:\s*\[([^\]]*)\]', 1), ','), '"([^"]+)"', 1)
         ) AS no_longer_asked
    FROM changes
)
SELECT activity_date_time,
       initiator(initiated_by) AS actor,
       initiated_by['user']['ip_address'] AS ip_address,
       target_resources[1]['display_name'] AS policy,
       activity_display_name AS activity,
       old_state, new_state, now_excluded, no_longer_asked
  FROM states
 WHERE activity_display_name = 'Delete conditional access policy'
    OR (old_state = 'enabled' AND new_state <> 'enabled')
    OR array_length(now_excluded) > 0
    OR array_length(no_longer_asked) > 0
 ORDER BY activity_date_time DESC;
