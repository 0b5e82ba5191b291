//! `ocsf.risk_decision`: audits of what administrators say about risky users and apps, as
//! updates of their Detection Findings (2004).

use crate::ocsf::audits::{AUDITS, EVENT, UNMAPPED};
use crate::ocsf::envelope::SOURCE;
use crate::ocsf::pair::{Pair, set};
use crate::ocsf::view::View;

/// The view.
pub(super) static VIEW: View = View::new("risk_decision", 2004)
    .about("Audits of decisions on risky users as OCSF Detection Findings.")
    .from(AUDITS)
    .filter("audit_class = 2004")
    .pairs(&[EVENT, SOURCE, FINDING, UNMAPPED])
    .observables(&["resources[0].uid", "resources[0].name"])
    .examples(&[(
        "Users whose risk was dismissed or confirmed",
        "SELECT time_dt, activity_name, status, resources[1]['name'] AS who, message
           FROM ocsf.risk_decision
          ORDER BY time_dt DESC",
    )]);

/// The finding is that of the user: its id is the one of `ocsf.detection_finding`.
const FINDING: &[Pair] = &[
    set("metadata.product.name", "'Microsoft Entra ID Protection'"),
    set(
        "status_id",
        "CASE WHEN lower(result) = 'success'
              THEN entra_audit_finding_status_id(activity_display_name) ELSE 0 END",
    ),
    set("status_detail", "result_reason"),
    set("comment", "concat('Decided by ', initiator(initiated_by))"),
    set("finding_info.uid", "subject['id']"),
    set(
        "finding_info.title",
        "CASE WHEN lower(subject['type']) = 'serviceprincipal' THEN 'Risky service principal'
              ELSE 'Risky user' END",
    ),
    set(
        "finding_info.types",
        "CASE WHEN lower(subject['type']) = 'serviceprincipal' THEN make_array('riskyServicePrincipal')
              ELSE make_array('riskyUser') END",
    ),
    set("finding_info.modified_time", "activity_date_time"),
    set("resources[0].uid", "subject['id']"),
    set(
        "resources[0].name",
        "coalesce(ocsf_text(subject['user_principal_name']), subject['display_name'])",
    ),
    set("resources[0].type", "subject['type']"),
    set("resources[0].role_id", "3"),
];
