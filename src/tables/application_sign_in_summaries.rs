//! `application_sign_in_summaries`: how many sign-ins each app had in thirty days.
//!
//! Counted by Graph, so one or two requests instead of the whole sign-in log. Only the beta
//! endpoint serves it.

use crate::spec::{Bucket, Column, License, TableSpec, double, long, text};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "application_sign_in_summaries",
    "/reports/getAzureADApplicationSignInSummary(period='D30')",
)
.about("Sign-ins per app in the last thirty days, counted.")
.page(
    "https://learn.microsoft.com/graph/api/resources/applicationsigninsummary?view=graph-rest-beta",
)
.beta()
.permissions(&["Reports.Read.All"])
.license(License::P1)
.bucket(Bucket::Reports)
.no_select()
.no_top()
.rows_guess(500)
.columns(COLUMNS)
.examples(&[
    (
        "Apps with the most failures",
        "SELECT app_display_name, failed_sign_in_count, successful_sign_in_count,
                success_percentage
           FROM application_sign_in_summaries
          WHERE failed_sign_in_count > 0
          ORDER BY failed_sign_in_count DESC
          LIMIT 20",
    ),
    (
        "Apps hardly anybody uses",
        "SELECT app_display_name, id AS app_id, successful_sign_in_count
           FROM application_sign_in_summaries
          WHERE successful_sign_in_count < 5
          ORDER BY successful_sign_in_count",
    ),
]);

const COLUMNS: &[Column] = &[
    text("id", "Application id.").required(),
    text("app_display_name", "Name of the app.").required(),
    long("successful_sign_in_count", "Sign-ins that succeeded."),
    long("failed_sign_in_count", "Sign-ins that failed."),
    double("success_percentage", "Share of the former, 0 to 100."),
];
