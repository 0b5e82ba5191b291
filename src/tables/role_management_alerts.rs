//! `role_management_alerts`: what Privileged Identity Management finds wrong with the roles.
//!
//! One row per kind of alert, active or not: the kind is the end of its id, such as
//! `…_StaleSignInAlert`. Only the beta endpoint serves it, and only for the whole tenant.

use crate::spec::{Bucket, Column, EQ, License, TableSpec, flag, integer, text, time};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "role_management_alerts",
    "/identityGovernance/roleManagementAlerts/alerts",
)
.about("Alerts of Privileged Identity Management about directory roles.")
.page("https://learn.microsoft.com/graph/api/resources/unifiedrolemanagementalert?view=graph-rest-beta")
.beta()
// Without both clauses Graph refuses the request.
.fixed_filter("scopeId eq '/' and scopeType eq 'DirectoryRole'")
.permissions(&["RoleManagementAlert.Read.Directory"])
.license(License::P2)
.bucket(Bucket::IdentityProtection)
.no_top()
.rows_guess(10)
.columns(COLUMNS)
.examples(&[
    (
        "What is wrong with the roles at this moment",
        "SELECT split_part(id, '_', 3) AS alert, incident_count, last_modified_date_time
           FROM role_management_alerts
          WHERE is_active
          ORDER BY incident_count DESC",
    ),
    (
        "When the tenant was last looked at",
        "SELECT split_part(id, '_', 3) AS alert, is_active, last_scanned_date_time
           FROM role_management_alerts
          ORDER BY last_scanned_date_time",
    ),
]);

const COLUMNS: &[Column] = &[
    text("id", "Scope, tenant and kind, e.g. `DirectoryRole_…_StaleSignInAlert`.").required(),
    text("alert_definition_id", "What the alert is about; usually the same as the id.").filter(EQ),
    flag("is_active", "There is something to be done."),
    integer("incident_count", "How many accounts or assignments it is about."),
    time("last_modified_date_time", "When its settings or its incidents last changed."),
    time("last_scanned_date_time", "When the tenant was last looked at for it."),
    text("scope_id", "`/`, the tenant."),
    text("scope_type", "`DirectoryRole`."),
];
