//! `risky_user_history`: how the risk of a user came and went.
//!
//! Graph tells it user by user, and one request per second: name the user.

use crate::spec::{Bucket, Column, License, TableSpec, choice, flag, parent, record, text, texts};
use crate::tables::{risk, risky_users};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "risky_user_history",
    "/identityProtection/riskyUsers/{risky_user_id}/history",
)
.per(&risky_users::TABLE)
.about("Changes of the risk of users, with what changed it.")
.page("https://learn.microsoft.com/graph/api/resources/riskyuserhistoryitem")
.permissions(&["IdentityRiskyUser.Read.All"])
.license(License::P2)
.bucket(Bucket::IdentityProtection)
.no_select()
.no_top()
.rows_guess(1_000)
.columns(COLUMNS)
.examples(&[
    (
        "How the risk of one user came and went",
        "SELECT h.risk_last_updated_date_time, h.risk_level, h.risk_state, h.risk_detail,
                h.activity['risk_event_types'] AS reasons
           FROM risky_users r
           JOIN risky_user_history h ON h.risky_user_id = r.id
          WHERE r.user_principal_name = 'lena.fischer@haldenvoss.example'
          ORDER BY h.risk_last_updated_date_time",
    ),
    (
        "Risk that a person dismissed, and who it was",
        "SELECT h.user_principal_name, h.risk_last_updated_date_time, u.display_name AS by
           FROM risky_users r
           JOIN risky_user_history h ON h.risky_user_id = r.id
           LEFT JOIN users u ON u.id = h.initiated_by
          WHERE r.risk_state = 'dismissed' AND h.risk_state = 'dismissed'
          ORDER BY h.risk_last_updated_date_time DESC",
    ),
]);

// Microsoft's schema says it can be filtered, but no page says by what: nothing is sent.
const COLUMNS: &[Column] = &[
    parent("risky_user_id", "Object id of the user, as in `risky_users`."),
    text("id", "Object id of the user; older entries add digits to it.").required(),
    text("user_id", "Object id of the user."),
    text("user_principal_name", "Sign-in name."),
    text("user_display_name", "Name."),
    risk::WAS_LEVEL,
    risk::WAS_STATE,
    risk::WHY,
    risk::WHEN,
    risk::WHO,
    record("activity", ACTIVITY, "What changed it."),
    risk::PROCESSING,
    flag("is_deleted", "The account was deleted."),
];

const ACTIVITY: &[Column] = &[
    texts("risk_event_types", "Reasons, e.g. `anonymizedIPAddress`."),
    choice("detail", risk::DETAILS, "Why the state changed."),
    texts("event_types", "Older form of the reasons.").members(risk::EVENT_TYPES).beta(),
];
