-- title: Invitations nobody accepted
-- about: Guests who were invited a while ago and have not accepted; the invitation still opens the door.
-- tables: users
-- param: age interval = '30 days' -- How old the invitation is at least.
-- tags: guests
SELECT display_name, mail, user_principal_name, created_date_time
  FROM users
 WHERE user_type = 'Guest'
   AND external_user_state = 'PendingAcceptance'
   AND created_date_time < now() - $age
 ORDER BY created_date_time, user_principal_name;
