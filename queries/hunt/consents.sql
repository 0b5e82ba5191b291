-- title: Permissions given to apps
-- about: Every consent, grant and app role assignment, with what was added and whether by an administrator.
-- tables: audits
-- param: last interval = '14 days' -- How far back to look.
-- tags: audits, apps
SELECT activity_date_time, activity_display_name AS activity, result,
       initiator(initiated_by) AS actor,
       initiated_by['user']['ip_address'] AS ip_address,
       target_resources[1]['display_name'] AS object,
       coalesce(consent_scopes(modprop(target_resources, 'ConsentAction.Permissions')),
                consent_scopes(modprop(target_resources, 'DelegatedPermissionGrant.Scope')),
                consent_scopes(modprop(target_resources, 'AppRole.Value'))) AS permissions,
       modprop(target_resources, 'ConsentContext.IsAdminConsent') AS by_admin
  FROM audits
 WHERE activity_date_time >= now() - $last
   AND activity_display_name IN ('Consent to application', 'Add delegated permission grant',
                                 'Update delegated permission grant', 'Remove delegated permission grant',
                                 'Add app role assignment to service principal',
                                 'Add app role assignment grant to user')
 ORDER BY activity_date_time DESC;
