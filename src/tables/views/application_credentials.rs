//! `application_credentials`: every secret and certificate of an app, a row each.
//!
//! An app registration and its service principal each have credentials of their own. Both
//! collections are read once; the lists are taken apart here.

use crate::spec::ViewSpec;

/// The view.
pub(super) static VIEW: ViewSpec = ViewSpec::new("application_credentials", SQL)
    .about("Secrets and certificates of app registrations and service principals, with days left.")
    .columns(&[
        ("owner_type", "`application` or `servicePrincipal`."),
        ("owner_id", "Object id of that."),
        ("app_id", "Application (client) id, as in sign-ins."),
        ("app_name", "Name of the app."),
        ("credential_type", "`secret` or `certificate`."),
        ("key_id", "Id of the credential, as in sign-ins of service principals."),
        ("credential_name", "What it is for."),
        ("hint", "First characters of a secret; null for certificates."),
        ("usage", "`Verify` or `Sign`; null for secrets."),
        ("start_date_time", "From when on it is good."),
        ("end_date_time", "Until when it is good."),
        ("days_left", "Whole days until then; negative once it has ended."),
        ("is_expired", "Whether it has ended."),
    ])
    .examples(&[
        (
            "Secrets that are good for more than two years",
            "SELECT app_name, owner_type, credential_name, hint, end_date_time
               FROM application_credentials
              WHERE credential_type = 'secret' AND days_left > 730
              ORDER BY days_left DESC",
        ),
        (
            "Apps with nothing but credentials that have ended",
            "SELECT app_id, max(app_name) AS app, count(*) AS credentials,
                    max(end_date_time) AS last_ended
               FROM application_credentials
              GROUP BY app_id
             HAVING bool_and(is_expired)
              ORDER BY last_ended",
        ),
        (
            "Credentials added to one app, newest first",
            "SELECT owner_type, credential_type, key_id, credential_name, start_date_time
               FROM application_credentials
              WHERE app_name = 'Payroll Sync'
              ORDER BY start_date_time DESC",
        ),
    ]);

// Both lists side by side, then each pair of items as two rows, so that no collection is
// read twice.
const SQL: &str = "\
SELECT owner_type, owner_id, app_id, app_name, credential_type, key_id, credential_name, hint, usage,
       start_date_time, end_date_time,
       CAST(floor((to_unixtime(end_date_time) - to_unixtime(now())) / 86400.0) AS BIGINT) AS days_left,
       end_date_time <= now() AS is_expired
  FROM (SELECT owner_type, owner_id, app_id, app_name, credential_type,
               CASE credential_type WHEN 'secret' THEN secret['key_id']
                    ELSE certificate['key_id'] END AS key_id,
               CASE credential_type WHEN 'secret' THEN secret['display_name']
                    ELSE certificate['display_name'] END AS credential_name,
               CASE credential_type WHEN 'secret' THEN secret['hint'] END AS hint,
               CASE credential_type WHEN 'certificate' THEN certificate['usage'] END AS usage,
               CASE credential_type WHEN 'secret' THEN secret['start_date_time']
                    ELSE certificate['start_date_time'] END AS start_date_time,
               CASE credential_type WHEN 'secret' THEN secret['end_date_time']
                    ELSE certificate['end_date_time'] END AS end_date_time
          FROM (SELECT owner_type, owner_id, app_id, app_name, secret, certificate,
                       unnest(make_array('secret', 'certificate')) AS credential_type
                  FROM (SELECT 'application' AS owner_type, id AS owner_id, app_id,
                               display_name AS app_name, unnest(password_credentials) AS secret,
                               unnest(key_credentials) AS certificate
                          FROM applications
                         UNION ALL
                        SELECT 'servicePrincipal' AS owner_type, id AS owner_id, app_id,
                               display_name AS app_name, unnest(password_credentials) AS secret,
                               unnest(key_credentials) AS certificate
                          FROM service_principals) AS pairs) AS items
         WHERE CASE credential_type WHEN 'secret' THEN secret IS NOT NULL
                    ELSE certificate IS NOT NULL END) AS credentials";
