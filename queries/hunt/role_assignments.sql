-- title: Directory roles given and taken
-- about: Every change of who has which directory role, with whether the role is privileged.
-- tables: audits
-- param: last interval = '14 days' -- How far back to look.
-- tags: audits, roles
WITH changes AS (
  SELECT activity_date_time, activity_display_name, initiated_by, target_resources, result,
         -- What is taken away is in the old value.
         coalesce(modprop(target_resources, 'Role.TemplateId'), modprop(target_resources, 'Role.TemplateId', 'old')) AS template
    FROM audits
   WHERE activity_date_time >= now() - $last
     AND category = 'RoleManagement'
)
SELECT activity_date_time, activity_display_name AS activity, result,
       initiator(initiated_by) AS actor,
       coalesce(target(target_resources, 'User')['user_principal_name'],
                target(target_resources, 'ServicePrincipal')['display_name'],
                target(target_resources, 'Group')['display_name']) AS member,
       coalesce(role_name(template), modprop(target_resources, 'Role.DisplayName'),
                modprop(target_resources, 'Role.DisplayName', 'old'),
                target(target_resources, 'Role')['display_name']) AS role,
       is_privileged_role(template) AS privileged
  FROM changes
 ORDER BY activity_date_time DESC;
