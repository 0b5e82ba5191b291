//! `expiring_credentials`: what stops working within a month.

use crate::spec::ViewSpec;

/// The view.
pub(super) static VIEW: ViewSpec = ViewSpec::new("expiring_credentials", SQL)
    .about("Secrets and certificates of apps that end within 30 days.")
    .columns(&[
        ("owner_type", "`application` or `servicePrincipal`."),
        ("owner_id", "Object id of that."),
        ("app_id", "Application (client) id, as in sign-ins."),
        ("app_name", "Name of the app."),
        ("credential_type", "`secret` or `certificate`."),
        ("key_id", "Id of the credential, as in sign-ins of service principals."),
        ("credential_name", "What it is for."),
        ("end_date_time", "Until when it is good."),
        ("days_left", "Whole days until then."),
    ])
    .examples(&[
        (
            "What ends next, soonest first",
            "SELECT days_left, app_name, owner_type, credential_type, credential_name
               FROM expiring_credentials
              ORDER BY end_date_time",
        ),
        (
            "Which of them an app has used within a week",
            "SELECT e.app_name, e.credential_name, e.days_left, count(*) AS sign_ins
               FROM expiring_credentials e
               JOIN service_principal_sign_ins s ON s.service_principal_credential_key_id = e.key_id
              WHERE s.created_date_time > now() - INTERVAL '7 days'
              GROUP BY e.app_name, e.credential_name, e.days_left
              ORDER BY e.days_left",
        ),
    ]);

const SQL: &str = "\
SELECT owner_type, owner_id, app_id, app_name, credential_type, key_id, credential_name,
       end_date_time, days_left
  FROM application_credentials
 WHERE end_date_time > now() AND end_date_time <= now() + INTERVAL '30 days'";
