//! `app_credential_sign_in_activities`: when each secret and certificate was last used.
//!
//! One row per credential, not a log. Only the beta endpoint serves it.

use crate::spec::{Bucket, Column, EQ, License, TableSpec, choice, record, text, time};
use crate::tables::report_shapes::SIGN_IN_ACTIVITY;

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "app_credential_sign_in_activities",
    "/reports/appCredentialSignInActivities",
)
.about("When each credential of an app was last used.")
.page("https://learn.microsoft.com/graph/api/resources/appcredentialsigninactivity?view=graph-rest-beta")
.beta()
.permissions(&["AuditLog.Read.All", "Directory.Read.All"])
.license(License::P1)
.bucket(Bucket::Reports)
.page_size(100, 100)
.no_select()
.rows_guess(1_000)
.columns(COLUMNS)
.examples(&[
    (
        "Young credentials that are in use already",
        "SELECT app_id, key_id, key_type, created_date_time,
                sign_in_activity['last_sign_in_date_time'] AS last_used
           FROM app_credential_sign_in_activities
          WHERE created_date_time > now() - interval '7 days'
          ORDER BY created_date_time DESC",
    ),
    (
        "Credentials that are valid and not used",
        "SELECT app_id, key_id, key_type, expiration_date_time,
                sign_in_activity['last_sign_in_date_time'] AS last_used
           FROM app_credential_sign_in_activities
          WHERE expiration_date_time > now()
            AND sign_in_activity['last_sign_in_date_time'] < now() - interval '90 days'
          ORDER BY last_used",
    ),
    (
        "Sign-ins with one credential",
        "SELECT s.created_date_time, s.ip_address, s.location['country_or_region'] AS country
           FROM app_credential_sign_in_activities c
           JOIN service_principal_sign_ins s
             ON s.service_principal_credential_key_id = c.key_id
          WHERE c.key_id = '22222222-0000-4000-8000-000000000002'
            AND s.created_date_time > now() - interval '7 days'
          ORDER BY s.created_date_time",
    ),
]);

const COLUMNS: &[Column] = &[
    text("id", "The key id and its origin, encoded.").required(),
    text("key_id", "Key id of the credential, as in sign-ins and audits.").filter(EQ),
    choice("key_type", TYPES, "`clientSecret` or `certificate`."),
    choice("key_usage", USAGES, "`sign` or `verify`."),
    text("app_id", "Application id.").filter(EQ),
    text("app_object_id", "Object id of the application."),
    text("service_principal_object_id", "Object id of the service principal."),
    choice("credential_origin", ORIGINS, "Where it is kept: `application` or `servicePrincipal`."),
    text("resource_id", "Application id of the API it was used for."),
    time("created_date_time", "When the credential was made."),
    time("expiration_date_time", "When it ends."),
    record("sign_in_activity", SIGN_IN_ACTIVITY, "When it was last used."),
];

const TYPES: &[&str] = &["clientSecret", "certificate"];
const USAGES: &[&str] = &["sign", "verify"];
const ORIGINS: &[&str] = &["application", "servicePrincipal"];
