-- title: An app was given far-reaching access
-- about: A consent added permissions that read or write mail, files, groups or the directory, or holds for all users of the tenant.
-- tables: audits
-- param: last interval = '14 days' -- How far back to look.
-- param: risky list<text> = ['Mail.Read', 'Mail.ReadWrite', 'Mail.Send', 'Mail.Read.Shared', 'Mail.ReadWrite.Shared', 'MailboxSettings.ReadWrite', 'Contacts.Read', 'Files.Read.All', 'Files.ReadWrite.All', 'Sites.Read.All', 'Sites.ReadWrite.All', 'Sites.FullControl.All', 'Notes.Read.All', 'Chat.Read', 'Chat.ReadWrite', 'User.ReadWrite.All', 'Group.ReadWrite.All', 'GroupMember.ReadWrite.All', 'Directory.ReadWrite.All', 'Directory.AccessAsUser.All', 'RoleManagement.ReadWrite.Directory', 'Application.ReadWrite.All', 'AppRoleAssignment.ReadWrite.All', 'Policy.ReadWrite.ConditionalAccess', 'EWS.AccessAsUser.All', 'full_access_as_user', 'user_impersonation'] -- Permissions that count.
-- tags: audits, apps
-- severity: high
-- attack: T1528
WITH consents AS (
  SELECT activity_date_time, activity_display_name, initiated_by, target_resources,
         -- Amending a consent repeats the old permissions there; the grant tells what changed.
         CASE WHEN activity_display_name = 'Consent to application'
              THEN consent_scopes(modprop(target_resources, 'ConsentAction.Permissions'))
              ELSE array_except(consent_scopes(modprop(target_resources, 'DelegatedPermissionGrant.Scope')),
                                coalesce(consent_scopes(modprop(target_resources, 'DelegatedPermissionGrant.Scope', 'old')), []))
         END AS added,
         coalesce(modprop(target_resources, 'ServicePrincipal.ObjectID'),
                  target(target_resources, 'ServicePrincipal')['id']) AS app_object_id
    FROM audits
   WHERE activity_date_time >= now() - $last
     AND activity_display_name IN ('Consent to application', 'Add delegated permission grant',
                                   'Update delegated permission grant')
     AND result = 'success'
),
judged AS (
  SELECT *,
         array_intersect(added, $risky) AS risky,
         coalesce(modprop(target_resources, 'ConsentAction.Permissions') LIKE '%ConsentType: AllPrincipals%', false)
           OR coalesce(modprop(target_resources, 'DelegatedPermissionGrant.ConsentType') = 'AllPrincipals', false) AS for_all_users
    FROM consents
)
SELECT min(activity_date_time) AS activity_date_time,
       initiator(initiated_by) AS actor,
       initiated_by['user']['ip_address'] AS ip_address,
       max(CASE WHEN activity_display_name = 'Consent to application'
                THEN target_resources[1]['display_name'] END) AS app,
       app_object_id,
       max(array_to_string(added, ' ')) AS permissions,
       bool_or(for_all_users) AS for_all_users,
       bool_or(modprop(target_resources, 'ConsentContext.IsAdminConsent') = 'True') AS by_admin
  FROM judged
 WHERE array_length(risky) > 0 OR (for_all_users AND array_length(added) > 0)
 GROUP BY actor, ip_address, app_object_id
 ORDER BY activity_date_time DESC;
