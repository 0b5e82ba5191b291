//! `app_permissions`: what apps may do, for users and by themselves, in readable names.
//!
//! Delegated permissions are one listing. Those an app holds itself come from the APIs that
//! offer any, twenty to a request; an app's other roles are not asked for.

use crate::spec::ViewSpec;

/// The view.
pub(super) static VIEW: ViewSpec = ViewSpec::new("app_permissions", SQL)
    .about("Permissions of apps, delegated by users and administrators or held by the app itself.")
    .columns(&[
        ("permission_type", "`delegated` or `application`."),
        ("service_principal_id", "Object id of the app, as in `service_principals`."),
        ("app_name", "Name of the app."),
        ("api_id", "Object id of the API, as in `service_principals`."),
        ("api_name", "Name of the API, e.g. `Microsoft Graph`."),
        ("permission", "Name in a token, e.g. `Mail.Read`."),
        ("consent", "`AllPrincipals` or `Principal`; null for application permissions."),
        ("user_id", "Object id of the one user who consented; null for everybody."),
        ("granted_date_time", "When it was given; application permissions only."),
    ])
    .examples(&[
        (
            "Apps that can read or send mail",
            "SELECT app_name, permission_type, permission, consent, user_id
               FROM app_permissions
              WHERE permission LIKE 'Mail.%'
              ORDER BY permission_type, app_name",
        ),
        (
            "Apps that may change the directory by themselves",
            "SELECT app_name, api_name, permission, granted_date_time
               FROM app_permissions
              WHERE permission_type = 'application' AND permission LIKE '%ReadWrite%'
              ORDER BY granted_date_time DESC",
        ),
    ]);

const SQL: &str = "\
SELECT 'delegated' AS permission_type, g.client_id AS service_principal_id,
       p.display_name AS app_name, g.resource_id AS api_id, r.display_name AS api_name,
       g.permission, g.consent_type AS consent, g.principal_id AS user_id,
       arrow_cast(NULL, 'Timestamp(Microsecond, Some(\"UTC\"))') AS granted_date_time
  FROM (SELECT client_id, resource_id, consent_type, principal_id,
               unnest(string_to_array(trim(scope), ' ')) AS permission
          FROM oauth2_permission_grants) AS g
  LEFT JOIN service_principals AS p ON p.id = g.client_id
  LEFT JOIN service_principals AS r ON r.id = g.resource_id
 WHERE g.permission <> ''
 UNION ALL
SELECT 'application' AS permission_type, a.principal_id AS service_principal_id,
       a.principal_display_name AS app_name, r.api_id, r.api_name, r.role['value'] AS permission,
       CAST(NULL AS VARCHAR) AS consent, CAST(NULL AS VARCHAR) AS user_id,
       a.created_date_time AS granted_date_time
  FROM (SELECT id AS api_id, display_name AS api_name, unnest(app_roles) AS role
          FROM service_principals) AS r
  JOIN app_role_assignments AS a
    ON a.service_principal_id = r.api_id AND a.app_role_id = r.role['id']
 WHERE a.principal_type = 'ServicePrincipal'";
