-- title: Signed in with a client that cannot do a second factor
-- about: Successes over old mail protocols, or by agents that turn a password into a token; one row per user, client and app.
-- tables: all_sign_ins
-- param: last interval = '7 days' -- How far back to look.
-- param: users list<text> = [] -- Sign-in names that may.
-- tags: sign-ins, legacy-authentication
-- severity: medium
-- attack: T1078.004
SELECT user_principal_name, client_app_used, user_agent, app_display_name,
       count(*) AS sign_ins,
       min(created_date_time) AS first_seen,
       max(created_date_time) AS last_seen,
       collect_set(ip_address, 10) AS addresses
  FROM all_sign_ins
 WHERE event_type IN ('interactiveUser', 'nonInteractiveUser')
   AND created_date_time >= now() - $last
   AND status['error_code'] = 0
   AND (client_app_used IN ('Authenticated SMTP', 'Autodiscover', 'Exchange ActiveSync', 'Exchange Online PowerShell',
                            'Exchange Web Services', 'IMAP4', 'MAPI Over HTTP', 'Offline Address Book',
                            'Outlook Anywhere (RPC over HTTP)', 'POP3', 'Reporting Web Services', 'SMTP', 'Other clients')
        OR lower(user_agent) IN ('bav2ropc', 'cbainprod', 'cbaintar'))
   AND array_has($users, user_principal_name) IS NOT TRUE
 GROUP BY user_principal_name, client_app_used, user_agent, app_display_name
 ORDER BY last_seen DESC;
