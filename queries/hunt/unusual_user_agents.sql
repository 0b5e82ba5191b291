-- title: Tools and rare clients
-- about: Sign-ins by user agents that are tools of programmers, or that at most so many users have.
-- tables: sign_ins
-- param: last interval = '14 days' -- How far back to look.
-- param: users int = 2 -- Users a rare agent has at most.
-- tags: sign-ins
WITH agents AS (
  SELECT user_agent,
         has_any_term(user_agent, ['python', 'requests', 'curl', 'wget', 'go', 'axios', 'okhttp', 'java', 'powershell',
                                   'aadinternals', 'roadtools', 'azurehound', 'bav2ropc', 'cbainprod', 'postman']) AS is_tool,
         count(*) AS sign_ins,
         count(*) FILTER (WHERE status['error_code'] = 0) AS successes,
         count(DISTINCT user_id) AS users,
         collect_set(user_principal_name, 5) AS some_users,
         collect_set(ip_address, 5) AS addresses,
         collect_set(app_display_name, 5) AS apps,
         max(created_date_time) AS last_seen
    FROM sign_ins
   WHERE created_date_time >= now() - $last
     AND user_agent <> ''
   GROUP BY user_agent
)
SELECT user_agent, is_tool, sign_ins, successes, users, some_users, addresses, apps, last_seen
  FROM agents
 WHERE is_tool OR users <= $users
 ORDER BY is_tool DESC, users, last_seen DESC;
