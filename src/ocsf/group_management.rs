//! `ocsf.group_management`: audits of groups, their members and what they are given, as Group
//! Management (3006).

use crate::ocsf::audits::{ACTOR, AUDITS, EVENT, STATUS, SUBJECT, UNMAPPED};
use crate::ocsf::envelope::{ENTRA, SOURCE};
use crate::ocsf::pair::{Pair, set};
use crate::ocsf::view::View;

/// The view.
pub(super) static VIEW: View = View::new("group_management", 3006)
    .about("Audits of groups and their members as OCSF Group Management.")
    .from(AUDITS)
    .filter("audit_class = 3006")
    .pairs(&[EVENT, STATUS, ENTRA, SOURCE, ACTOR, SUBJECT, GROUP, UNMAPPED])
    .observables(&[
        "src_endpoint.ip",
        "actor.user.name",
        "group.name",
        "group.uid",
        "user.name",
        "user.uid",
        "http_request.user_agent",
    ])
    .examples(&[(
        "Groups with the most changes this week",
        "SELECT \"group\".name, activity_name, count(*) AS changes
           FROM ocsf.group_management
          WHERE time_dt > now() - interval '7 days'
          GROUP BY ALL ORDER BY changes DESC LIMIT 10",
    )]);

const GROUP: &[Pair] = &[
    set("group.uid", "team['id']"),
    set("group.name", "coalesce(ocsf_text(team['display_name']), team['user_principal_name'])"),
    set("subgroup.uid", "member['id']"),
    set(
        "subgroup.name",
        "coalesce(ocsf_text(member['display_name']), member['user_principal_name'])",
    ),
    set("privileges", "entra_audit_privileges(activity_display_name, category, target_resources)"),
];
