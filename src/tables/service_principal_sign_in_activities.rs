//! `service_principal_sign_in_activities`: when each app was last used, and in which role.
//!
//! One row per app, not a log. An app that was never used has no row. Only the beta endpoint
//! serves it.

use crate::spec::{Bucket, Column, EQ, License, TableSpec, record, text};
use crate::tables::report_shapes::SIGN_IN_ACTIVITY;

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "service_principal_sign_in_activities",
    "/reports/servicePrincipalSignInActivities",
)
.about("When each app was last signed in to, or signed in itself.")
.page("https://learn.microsoft.com/graph/api/resources/serviceprincipalsigninactivity?view=graph-rest-beta")
.beta()
.permissions(&["AuditLog.Read.All", "Directory.Read.All"])
.license(License::P1)
.bucket(Bucket::Reports)
.page_size(100, 999)
.no_select()
.rows_guess(1_000)
.columns(COLUMNS)
.examples(&[
    (
        "Apps nobody has used for half a year",
        "SELECT app_id, last_sign_in_activity['last_sign_in_date_time'] AS last_used
           FROM service_principal_sign_in_activities
          WHERE last_sign_in_activity['last_sign_in_date_time'] < now() - interval '180 days'
          ORDER BY last_used",
    ),
    (
        "Apps that act on their own, not for a user",
        "SELECT app_id,
                application_authentication_client_sign_in_activity['last_sign_in_date_time']
                    AS last_alone,
                delegated_client_sign_in_activity['last_sign_in_date_time'] AS last_for_a_user
           FROM service_principal_sign_in_activities
          WHERE application_authentication_client_sign_in_activity['last_sign_in_date_time']
                > now() - interval '30 days'
          ORDER BY last_alone DESC",
    ),
]);

const COLUMNS: &[Column] = &[
    text("id", "The application id, encoded.").required(),
    text("app_id", "Application id.").filter(EQ),
    record("last_sign_in_activity", SIGN_IN_ACTIVITY, "Last use of any kind."),
    record("delegated_client_sign_in_activity", SIGN_IN_ACTIVITY, "As a client, for a user."),
    record("delegated_resource_sign_in_activity", SIGN_IN_ACTIVITY, "As an API, for a user."),
    record(
        "application_authentication_client_sign_in_activity",
        SIGN_IN_ACTIVITY,
        "As a client, with a credential of its own.",
    ),
    record(
        "application_authentication_resource_sign_in_activity",
        SIGN_IN_ACTIVITY,
        "As an API, asked by an app.",
    ),
];
