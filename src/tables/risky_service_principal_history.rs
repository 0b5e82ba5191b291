//! `risky_service_principal_history`: how the risk of an app came and went.
//!
//! Graph tells it app by app, and one request per second: name the service principal.

use crate::spec::{Bucket, Column, License, TableSpec, choice, flag, parent, record, text, texts};
use crate::tables::{risk, risky_service_principals};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "risky_service_principal_history",
    "/identityProtection/riskyServicePrincipals/{risky_service_principal_id}/history",
)
.per(&risky_service_principals::TABLE)
.about("Changes of the risk of service principals, with what changed it.")
.page("https://learn.microsoft.com/graph/api/resources/riskyserviceprincipalhistoryitem")
.permissions(&["IdentityRiskyServicePrincipal.Read.All"])
.license(License::WorkloadId)
.bucket(Bucket::IdentityProtection)
.no_select()
.no_top()
.rows_guess(100)
.columns(COLUMNS)
.examples(&[
    (
        "How the risk of one app came and went",
        "SELECT h.risk_last_updated_date_time, h.risk_level, h.risk_state,
                h.activity['risk_event_types'] AS reasons
           FROM risky_service_principals r
           JOIN risky_service_principal_history h ON h.risky_service_principal_id = r.id
          WHERE r.display_name = 'Payroll Sync'
          ORDER BY h.risk_last_updated_date_time",
    ),
    (
        "Apps whose risk a person dismissed",
        "SELECT h.display_name, h.risk_last_updated_date_time, h.initiated_by
           FROM risky_service_principal_history h
          WHERE h.risk_state = 'dismissed'
          ORDER BY h.risk_last_updated_date_time DESC",
    ),
]);

const COLUMNS: &[Column] = &[
    parent("risky_service_principal_id", "Object id, as in `risky_service_principals`."),
    text("id", "Object id of the service principal; older entries add digits to it.").required(),
    text("service_principal_id", "Object id of the service principal.").beta(),
    text("app_id", "Application id."),
    text("display_name", "Name."),
    text("service_principal_type", "`Application`, `ManagedIdentity` or `SocialIdp`."),
    risk::WAS_LEVEL,
    risk::WAS_STATE,
    risk::WHY,
    risk::WHEN,
    risk::WHO,
    record("activity", ACTIVITY, "What changed it."),
    flag("is_enabled", "Sign-in is allowed."),
    risk::PROCESSING,
    flag("account_enabled", "Older name of `is_enabled`.").beta(),
];

const ACTIVITY: &[Column] = &[
    texts("risk_event_types", "Reasons, e.g. `leakedCredentials`."),
    choice("detail", risk::DETAILS, "Why the state changed."),
];
