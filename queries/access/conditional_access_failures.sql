-- title: Who Conditional Access keeps out
-- about: Sign-ins a policy refused, by policy and what it asks for; with the users it hits.
-- tables: sign_ins
-- param: last interval = '7 days' -- How far back to look.
-- tags: sign-ins, conditional-access
WITH policies AS (
  SELECT user_id, user_principal_name, created_date_time, app_display_name,
         unnest(applied_conditional_access_policies) AS p
    FROM sign_ins
   WHERE created_date_time >= now() - $last
     AND conditional_access_status = 'failure'
)
SELECT p['display_name'] AS policy,
       array_to_string(p['enforced_grant_controls'], ', ') AS asks_for,
       count(*) AS refusals,
       count(DISTINCT user_id) AS users,
       collect_set(app_display_name, 5) AS apps,
       max(created_date_time) AS last_seen
  FROM policies
 WHERE p['result'] = 'failure'
 GROUP BY policy, asks_for
 ORDER BY refusals DESC;
