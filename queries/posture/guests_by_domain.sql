-- title: Guests by the domain they come from
-- about: How many guests each outside domain has here, how many can sign in, and how many have been seen lately.
-- tables: users
-- param: recent interval = '90 days' -- What counts as lately.
-- tags: guests
SELECT upn_domain(user_principal_name) AS home_domain,
       count(*) AS guests,
       count(*) FILTER (WHERE account_enabled) AS enabled,
       count(*) FILTER (WHERE external_user_state = 'PendingAcceptance') AS pending,
       count(*) FILTER (WHERE greatest(sign_in_activity['last_sign_in_date_time'],
                                       sign_in_activity['last_non_interactive_sign_in_date_time'])
                              >= now() - $recent) AS seen_lately,
       max(created_date_time) AS newest
  FROM users
 WHERE user_type = 'Guest'
 GROUP BY home_domain
 ORDER BY guests DESC, home_domain;
