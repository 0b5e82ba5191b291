-- title: Administration from unmanaged devices
-- about: Successes at the portals and tools of administrators from devices that are not compliant, by user.
-- tables: sign_ins
-- param: last interval = '7 days' -- How far back to look.
-- param: apps list<text> = ['Azure Portal', 'Microsoft Azure CLI', 'Microsoft Azure PowerShell', 'Graph Explorer', 'Microsoft Graph Command Line Tools', 'Microsoft 365 admin center', 'Azure Active Directory PowerShell'] -- Apps of administrators.
-- tags: sign-ins, devices
SELECT user_principal_name, app_display_name,
       device_detail['operating_system'] AS operating_system,
       count(*) AS sign_ins,
       collect_set(ip_address, 5) AS addresses,
       max(created_date_time) AS last_seen
  FROM sign_ins
 WHERE created_date_time >= now() - $last
   AND status['error_code'] = 0
   AND array_has($apps, app_display_name)
   AND device_detail['is_compliant'] IS NOT TRUE
 GROUP BY user_principal_name, app_display_name, operating_system
 ORDER BY sign_ins DESC, user_principal_name;
