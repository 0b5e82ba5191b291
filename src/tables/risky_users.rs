//! `risky_users`: accounts Identity Protection has looked at.
//!
//! A row stays after the risk is gone, so ask for `risk_state`. Replies are limited to one
//! per second for the whole tenant, and a refusal does not say how long to wait.

use crate::spec::{Bucket, Column, EQ, License, RANGE, TableSpec, choice, flag, text, time};
use crate::tables::risk;

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("risky_users", "/identityProtection/riskyUsers")
        .about("Users at risk now or in the past, as Identity Protection sees them.")
        .page("https://learn.microsoft.com/graph/api/resources/riskyuser")
        .permissions(&["IdentityRiskyUser.Read.All"])
        .license(License::P2)
        .bucket(Bucket::IdentityProtection)
        .page_size(20, 500)
        .get_by_key()
        .rows_guess(100)
        .columns(COLUMNS)
        .examples(&[
            (
                "Who is at risk at this moment",
                "SELECT user_principal_name, risk_level, risk_detail, risk_last_updated_date_time
                   FROM risky_users
                  WHERE risk_state IN ('atRisk', 'confirmedCompromised')
                  ORDER BY risk_last_updated_date_time DESC",
            ),
            (
                "High-risk accounts that can still sign in",
                "SELECT u.user_principal_name, u.job_title, r.risk_last_updated_date_time
                   FROM risky_users r
                   JOIN users u ON u.id = r.id
                  WHERE r.risk_state = 'atRisk' AND r.risk_level = 'high' AND u.account_enabled",
            ),
        ]);

// Microsoft documents no operators for the state, the name and the time. They are accepted:
// public clients were seen to send them (2026).
const COLUMNS: &[Column] = &[
    text("id", "Object id of the user.").required(),
    text("user_principal_name", "Sign-in name.").filter(EQ),
    text("user_display_name", "Name."),
    choice("risk_level", risk::LEVELS, "`low`, `medium`, `high`, or `none` once cleared.")
        .filter(EQ),
    choice("risk_state", risk::STATES, "Where the case stands, e.g. `atRisk`, `dismissed`.")
        .filter(EQ),
    choice(
        "risk_detail",
        risk::DETAILS,
        "Why the state changed, e.g. `userPerformedSecuredPasswordReset`.",
    )
    .filter(EQ),
    time("risk_last_updated_date_time", "When the risk last changed.").filter(RANGE),
    flag("is_processing", "Identity Protection is still working on it."),
    flag("is_deleted", "The account was deleted."),
];
