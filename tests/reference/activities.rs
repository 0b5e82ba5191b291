//! The activities of audits and what they are in OCSF, from the table the views use.

use entraql::ocsf::activities::{Activity, Of, Severe, TABLE};

use crate::reference::markdown::{self, code};
use crate::reference::written_by;

const INTRODUCTION: &str = "# Audits as OCSF events

What an audit becomes follows from its `activity_display_name`, in any case, with any kind of dash. Class and activity are those
`entra_audit_class` and `entra_audit_activity` return; with activity 99 the name of the activity is the one the audit has.

- An audit that lacks what its class requires is an event of 3004, Entity Management, which requires nothing an audit
  lacks: no user or service principal for 3001, 3005 and 2004, no group for 3006, no privileges for 3005.
- A role that is given to a group, without a user, is 3006 with the same activity.
- An activity that is not in the table goes by its category: `UserManagement` is 3001, `GroupManagement` 3006,
  `RoleManagement` 3005, each with activity 99. All others are 3004: 1 for operations `Add` and `Create`, 3 for
  `Update`, `Assign` and `Unassign`, 4 for `Delete`, else 99.
- `Download …`, `Get …` and `…_Get…` are 6003, API Activity, 2 Read, if the audit has an actor with an address; else 3004,
  2 Read.
- A step of an assignment in Privileged Identity Management (`… requested …`, `… request approved …`,
  `… request denied …`, `… canceled …`) is 3005 with activity 99.
- `Update Conditional Access policy` is 8 Enable or 9 Disable if that is the state the policy gets.

**Far-reaching** activities have a higher severity, see `entra_severity_id`: *connectors* are those the heuristics of security
connectors name, *ours* are those entraql adds. Directory roles count in the category `RoleManagement` only; an update
of a Conditional Access policy counts if it turns the policy off.
";

/// Writes the page.
pub fn page() -> String {
    let mut out = format!("{INTRODUCTION}\n{}\n", written_by());
    let header = ["class", "activity", "about", "far-reaching", "`activity_display_name`"];
    out.push_str(&markdown::table(&header, TABLE.iter().map(line)));
    out
}

fn line(activity: &Activity) -> Vec<String> {
    let severe = match activity.severe {
        Some(Severe::Connectors) => "connectors",
        Some(Severe::Ours) => "ours",
        None => "",
    };
    vec![
        activity.class.to_string(),
        activity.id.to_string(),
        about(activity.of),
        severe.to_owned(),
        activity.names.iter().map(|name| code(name)).collect::<Vec<_>>().join(", "),
    ]
}

fn about(of: Of) -> String {
    match of {
        Of::Target => "its target".to_owned(),
        Of::User => "user".to_owned(),
        Of::Group { subgroup: Some(id) } => format!("group; {id} if the member is a group"),
        Of::Group { subgroup: None } => "group".to_owned(),
        Of::Role => "directory role".to_owned(),
        Of::AppRole => "app role".to_owned(),
        Of::Scopes => "delegated permissions".to_owned(),
        Of::Owner => "ownership".to_owned(),
        Of::Package => "access package".to_owned(),
        Of::Policy => "policy".to_owned(),
        Of::ConditionalAccess => "Conditional Access policy".to_owned(),
        Of::NetworkZone => "named location".to_owned(),
        Of::Organization => "tenant".to_owned(),
        Of::Device => "device".to_owned(),
        Of::Named(name) => name.to_owned(),
        Of::Finding(status) => format!("finding, `status_id` {status}"),
    }
}
