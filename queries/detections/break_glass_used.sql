-- title: An emergency account was used or changed
-- about: Any attempt to sign in with one of these accounts, and any change to them.
-- tables: sign_ins, audits
-- param: last interval = '14 days' -- How far back to look.
-- param: pattern text = '%break%glass%' -- What the names of these accounts look like.
-- tags: sign-ins, audits, accounts
-- severity: critical
-- attack: T1078.004
SELECT created_date_time AS time,
       user_principal_name AS account,
       concat('sign-in: ', coalesce(signin_error(status['error_code']), signin_outcome(status['error_code']), 'unknown')) AS what,
       user_principal_name AS actor,
       ip_address,
       app_display_name AS app
  FROM sign_ins
 WHERE created_date_time >= now() - $last
   AND user_principal_name ILIKE $pattern
UNION ALL
SELECT activity_date_time,
       target(target_resources, 'User')['user_principal_name'],
       concat('audit: ', activity_display_name),
       initiator(initiated_by),
       initiated_by['user']['ip_address'],
       logged_by_service
  FROM audits
 WHERE activity_date_time >= now() - $last
   AND target(target_resources, 'User')['user_principal_name'] ILIKE $pattern
 ORDER BY time DESC;
