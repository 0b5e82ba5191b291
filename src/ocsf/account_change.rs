//! `ocsf.account_change`: audits of accounts, passwords and factors as Account Change (3001).

use crate::ocsf::audits::{ACTOR, AUDITS, EVENT, STATUS, SUBJECT, UNMAPPED};
use crate::ocsf::envelope::{ENTRA, SOURCE};
use crate::ocsf::view::View;

/// The view.
pub(super) static VIEW: View = View::new("account_change", 3001)
    .about("Audits of accounts, passwords and factors as OCSF Account Changes.")
    .from(AUDITS)
    .filter("audit_class = 3001")
    .pairs(&[EVENT, STATUS, ENTRA, SOURCE, ACTOR, SUBJECT, UNMAPPED])
    .observables(&[
        "src_endpoint.ip",
        "actor.user.name",
        "user.name",
        "user.uid",
        "user.email_addr",
        "http_request.user_agent",
    ])
    .examples(&[(
        "Passwords reset this week, and by whom",
        "SELECT time_dt, actor.user.name AS actor_name, user.name, status
           FROM ocsf.account_change
          WHERE time_dt > now() - interval '7 days' AND activity_id = 4
          ORDER BY time_dt DESC",
    )]);
