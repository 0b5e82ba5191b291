//! `ocsf.user_access`: audits of roles, permissions and ownership given to accounts and apps,
//! as User Access Management (3005).

use crate::ocsf::audits::{ACCESS, ACTOR, AUDITS, EVENT, STATUS, SUBJECT, UNMAPPED};
use crate::ocsf::envelope::{ENTRA, SOURCE};
use crate::ocsf::view::View;

/// The view.
pub(super) static VIEW: View = View::new("user_access", 3005)
    .about("Audits of roles, permissions and ownership as OCSF User Access Management.")
    .from(AUDITS)
    .filter("audit_class = 3005")
    .pairs(&[EVENT, STATUS, ENTRA, SOURCE, ACTOR, SUBJECT, ACCESS, UNMAPPED])
    .observables(&[
        "src_endpoint.ip",
        "actor.user.name",
        "user.name",
        "user.uid",
        "user.email_addr",
        "resources[0].uid",
        "resources[0].name",
        "http_request.user_agent",
    ])
    .examples(&[(
        "Privileges assigned this month",
        "SELECT time_dt, actor.user.name AS actor_name, user.name, privileges, severity
           FROM ocsf.user_access
          WHERE time_dt > now() - interval '30 days' AND activity_id = 1
          ORDER BY severity_id DESC, time_dt DESC",
    )]);
