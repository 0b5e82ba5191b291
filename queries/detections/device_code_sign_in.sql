-- title: Signed in by device code
-- about: A code shown on one device was entered on another, which is also how phished codes are used; high if it is the user's first.
-- tables: all_sign_ins
-- param: last interval = '7 days' -- How far back to look.
-- param: history interval = '14 days' -- How far back an earlier use makes it usual.
-- param: users list<text> = [] -- Sign-in names that may.
-- param: apps list<text> = [] -- Names of apps that may.
-- tags: sign-ins, device-code
-- severity: medium
-- attack: T1528, T1566.002
WITH uses AS (
  SELECT event_type, user_id, user_principal_name, created_date_time, app_display_name, ip_address,
         location['country_or_region'] AS country, id,
         row_number() OVER (PARTITION BY user_id ORDER BY created_date_time) AS nth
    FROM all_sign_ins
   WHERE event_type IN ('interactiveUser', 'nonInteractiveUser')
     AND created_date_time >= now() - $history
     AND status['error_code'] = 0
     AND (original_transfer_method = 'deviceCodeFlow' OR authentication_protocol = 'deviceCode')
)
SELECT created_date_time, user_principal_name, app_display_name, ip_address, country, event_type,
       CASE WHEN nth = 1 THEN 'high' ELSE 'medium' END AS severity,
       id AS sign_in_id
  FROM uses
 WHERE created_date_time >= now() - $last
   AND array_has($users, user_principal_name) IS NOT TRUE
   AND array_has($apps, app_display_name) IS NOT TRUE
 ORDER BY created_date_time DESC;
