//! `ocsf.api_activity`: audits of what was read or downloaded, as API Activity (6003).

use crate::ocsf::audits::{ACTOR, AUDITS, EVENT, STATUS, UNMAPPED};
use crate::ocsf::envelope::{ENTRA, SOURCE};
use crate::ocsf::pair::{Pair, set};
use crate::ocsf::view::View;

/// The view.
pub(super) static VIEW: View = View::new("api_activity", 6003)
    .about("Audits of what was read or downloaded as OCSF API Activity.")
    .from(AUDITS)
    .filter("audit_class = 6003")
    .pairs(&[EVENT, STATUS, ENTRA, SOURCE, ACTOR, RESOURCES, UNMAPPED])
    .observables(&["src_endpoint.ip", "actor.user.name", "http_request.user_agent"])
    .examples(&[(
        "Who downloads lists of users and groups",
        "SELECT actor.user.name, api.operation, count(*) AS downloads
           FROM ocsf.api_activity
          WHERE time_dt > now() - interval '30 days'
          GROUP BY ALL ORDER BY downloads DESC",
    )]);

const RESOURCES: &[Pair] = &[set("resources", "entra_audit_resources(target_resources)")];
