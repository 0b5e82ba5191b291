-- title: Somebody was made Global Administrator
-- about: The role was given for good, for a time or as an option; says whether that went around Privileged Identity Management.
-- tables: audits
-- param: last interval = '14 days' -- How far back to look.
-- param: role text = '62e90394-69f5-4237-9190-012177145e10' -- Template id of the role.
-- tags: audits, roles
-- severity: high
-- attack: T1098.003
WITH assignments AS (
  SELECT activity_date_time, activity_display_name, initiated_by, target_resources, logged_by_service,
         lower(coalesce(modprop(target_resources, 'Role.TemplateId'), target(target_resources, 'Role')['id'])) AS template,
         coalesce(modprop(target_resources, 'Role.DisplayName'), target(target_resources, 'Role')['display_name']) AS role
    FROM audits
   WHERE activity_date_time >= now() - $last
     AND (activity_display_name LIKE 'Add member to role%'
          OR activity_display_name LIKE 'Add eligible member to role%')
     AND result = 'success'
)
SELECT activity_date_time,
       initiator(initiated_by) AS actor,
       initiated_by['user']['ip_address'] AS ip_address,
       coalesce(target(target_resources, 'User')['user_principal_name'],
                target(target_resources, 'ServicePrincipal')['display_name'],
                target(target_resources, 'Group')['display_name'],
                target_resources[1]['display_name']) AS member,
       role,
       activity_display_name AS activity,
       -- Its own entries, and those Core Directory writes on its behalf.
       coalesce(logged_by_service = 'PIM' OR initiator(initiated_by) = 'MS-PIM', false) AS by_pim
  FROM assignments
 WHERE template = lower($role) OR role = role_name($role)
 ORDER BY activity_date_time DESC;
