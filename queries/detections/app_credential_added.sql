-- title: A secret or certificate was added to an app
-- about: A key that was not there before, on the application or its service principal; one row per key.
-- tables: audits
-- param: last interval = '14 days' -- How far back to look.
-- tags: audits, apps
-- severity: high
-- attack: T1098.001
WITH changes AS (
  SELECT activity_date_time, activity_display_name, initiated_by, target_resources,
         modprop(target_resources, 'KeyDescription', 'old') AS old,
         modprop(target_resources, 'KeyDescription') AS new
    FROM audits
   WHERE activity_date_time >= now() - $last
     -- The name has a dash that is no hyphen, and a space at its end.
     AND (activity_display_name = 'Add service principal credentials'
          OR activity_display_name LIKE 'Update application%')
     AND result = 'success'
     AND activity_name(activity_display_name) IN
           ('Add service principal credentials', 'Update application - Certificates and secrets management')
),
added AS (
  SELECT *,
         unnest(array_except(
           regexp_extract_all(new, 'KeyIdentifier=([0-9a-fA-F-]{36})', 1),
           coalesce(regexp_extract_all(old, 'KeyIdentifier=([0-9a-fA-F-]{36})', 1), [])
         )) AS key_id
    FROM changes
)
SELECT min(activity_date_time) AS activity_date_time,
       initiator(initiated_by) AS actor,
       initiated_by['user']['ip_address'] AS ip_address,
       target_resources[1]['display_name'] AS app,
       key_id,
       max(regexp_match(new, concat('KeyIdentifier=', key_id, ',KeyType=(\w+)'))[1]) AS key_type,
       max(regexp_match(new, concat('KeyIdentifier=', key_id, '[^\]]*DisplayName=([^,\]]*)'))[1]) AS key_name,
       collect_set(target_resources[1]['type'], 2) AS added_to
  FROM added
 GROUP BY actor, ip_address, app, key_id
 ORDER BY activity_date_time DESC;
