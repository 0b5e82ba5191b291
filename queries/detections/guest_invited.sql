-- title: A guest was invited by somebody who is not an inviter
-- about: Invitations by anyone but the approved inviters; with no list given, every invitation.
-- tables: audits
-- param: last interval = '14 days' -- How far back to look.
-- param: approved list<text> = [] -- Sign-in names, or names of apps, that may invite.
-- tags: audits, guests
-- severity: medium
-- attack: T1136.003
SELECT activity_date_time,
       initiator(initiated_by) AS actor,
       initiated_by['user']['ip_address'] AS ip_address,
       coalesce(target(target_resources, 'User')['user_principal_name'],
                kv(additional_details, 'InvitedUserEmailAddress')) AS guest,
       upn_domain(coalesce(kv(additional_details, 'InvitedUserEmailAddress'),
                           target(target_resources, 'User')['user_principal_name'])) AS guest_domain
  FROM audits
 WHERE activity_date_time >= now() - $last
   AND activity_display_name = 'Invite external user'
   AND result = 'success'
   AND array_any_match($approved, a -> upn_fold(a) = upn_fold(initiator(initiated_by))) IS NOT TRUE
 ORDER BY activity_date_time DESC;
