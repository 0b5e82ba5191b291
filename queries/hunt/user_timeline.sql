-- title: What a user did
-- about: Sign-ins of a user and changes by or to them, in the order they happened. In the demo, try lena.fischer@haldenvoss.example.
-- tables: all_sign_ins, audits
-- param: user text -- Sign-in name.
-- param: last interval = '7 days' -- How far back to look.
-- tags: sign-ins, audits, response
SELECT created_date_time AS time,
       event_type AS kind,
       concat_ws(' ', app_display_name, signin_outcome(status['error_code']), signin_error(status['error_code'])) AS what,
       ip_address,
       concat_ws(', ', nullif(location['city'], ''), nullif(location['country_or_region'], '')) AS place,
       risk_level_during_sign_in AS risk,
       id
  FROM all_sign_ins
 WHERE event_type IN ('interactiveUser', 'nonInteractiveUser')
   AND created_date_time >= now() - $last
   AND user_principal_name = lower($user)
UNION ALL
SELECT activity_date_time,
       CASE WHEN upn_fold(initiator(initiated_by)) = upn_fold($user) THEN 'change by' ELSE 'change to' END,
       concat_ws(' ', activity_name(activity_display_name), result, target_resources[1]['display_name']),
       initiated_by['user']['ip_address'],
       NULL, NULL, id
  FROM audits
 WHERE activity_date_time >= now() - $last
   AND (upn_fold(initiator(initiated_by)) = upn_fold($user)
        OR array_any_match(target_resources, t -> upn_fold(t['user_principal_name']) = upn_fold($user)))
 ORDER BY time;
