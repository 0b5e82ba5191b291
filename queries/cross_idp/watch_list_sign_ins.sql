-- title: Sign-ins of a watch list
-- about: Sign-ins, with or without a user at the keyboard, from a network, by a user or to an app that is on the list.
-- tables: all_sign_ins, lists.watch_list
-- param: last interval = '7 days' -- How far back to look.
-- tags: cross-idp, sign-ins
SELECT w.kind, w.value, w.reason, s.user_principal_name, s.app_display_name,
       count(*) AS sign_ins,
       count(*) FILTER (WHERE s.status['error_code'] = 0) AS successes,
       collect_set(s.ip_address, 5) AS addresses,
       min(s.created_date_time) AS first_seen,
       max(s.created_date_time) AS last_seen
  FROM all_sign_ins s
  JOIN lists.watch_list w
    ON CASE w.kind
         WHEN 'network' THEN ip_in_cidr(s.ip_address, w.value)
         WHEN 'user' THEN upn_fold(s.user_principal_name) = upn_fold(w.value)
         WHEN 'app' THEN lower(s.app_display_name) = lower(w.value)
       END
 WHERE s.created_date_time >= now() - $last
   AND s.event_type IN ('interactiveUser', 'nonInteractiveUser')
 GROUP BY w.kind, w.value, w.reason, s.user_principal_name, s.app_display_name
 ORDER BY successes DESC, last_seen DESC, s.user_principal_name, w.value;
