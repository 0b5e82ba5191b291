//! What an audit of Entity Management is about, and its kind in OCSF.

use std::sync::Arc;

use datafusion::arrow::array::{Int32Array, StringBuilder};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;

use crate::functions::argument::{Arguments, same};
use crate::functions::function::{About, Function};
use crate::ocsf::activities::{OTHER, Of};
use crate::ocsf::functions::audit::targets::{Audit, Finder, Target, Targets};
use crate::ocsf::functions::audit::{ACTIVITY, FAMILY, TARGETS, example};

const ID: About = About {
    name: "entra_audit_entity_type_id",
    family: FAMILY,
    text: "Returns the `type_id` of the entity an audit is about: by the activity, or else by the \
           type of the target. 4, an organization, if there is no target: it is the tenant.",
    example: example!("entra_audit_entity_type_id('Something new', ", ")"),
    result: "2",
};
const TYPE: About = About {
    name: "entra_audit_entity_type",
    family: FAMILY,
    text: "Returns what the entity an audit is about is called; for kinds OCSF has no id for, what \
           Microsoft calls them.",
    example: example!("entra_audit_entity_type('Add role definition', ", ")"),
    result: "Role",
};

/// `managed_entity.type_id` and its captions.
const TYPES: [&str; 8] =
    ["Unknown", "Device", "User", "Group", "Organization", "Policy", "Email", "Network Zone"];
const UNKNOWN: i32 = 0;
const DEVICE: i32 = 1;
const ORGANIZATION: i32 = 4;
const POLICY: i32 = 5;
const NETWORK_ZONE: i32 = 7;

pub(super) fn functions() -> Vec<Function> {
    let arguments = const { &[ACTIVITY, TARGETS] };
    vec![
        Function::new(
            &ID,
            arguments,
            |_| Ok(DataType::Int32),
            |arguments| {
                let mut out = Int32Array::builder(arguments.rows());
                each(arguments, |(id, _)| out.append_value(id))?;
                Ok(Arc::new(out.finish()))
            },
        ),
        Function::new(
            &TYPE,
            arguments,
            |_| Ok(DataType::Utf8),
            |arguments| {
                let mut out = StringBuilder::new();
                each(arguments, |(id, name)| out.append_option(caption(id).or(name)))?;
                Ok(Arc::new(out.finish()))
            },
        ),
    ]
}

fn caption(id: i32) -> Option<&'static str> {
    TYPES.get(usize::try_from(id).ok()?).copied()
}

fn each(arguments: &Arguments<'_>, mut take: impl FnMut((i32, Option<&str>))) -> Result<()> {
    let (names, lists) = (arguments.texts(0)?, arguments.lists(1)?);
    let all = Targets::of(lists.as_ref());
    let mut finder = Finder::default();
    for row in 0..arguments.rows() {
        let of = finder.find(names.at(row), None).of;
        let target = entity(of, &Audit::of(all.as_ref(), row));
        take(target.as_ref().map_or((ORGANIZATION, None), |target| kind(of, target)));
    }
    Ok(())
}

/// The entity: the target of the activity's own kind, or else the first.
pub(super) fn entity<'a>(of: Of, audit: &Audit<'a>) -> Option<Target<'a>> {
    let own = match of {
        Of::Device => audit.first("Device"),
        Of::Policy | Of::ConditionalAccess | Of::NetworkZone => audit.first("Policy"),
        Of::Organization => audit.first("Directory"),
        Of::Named(name) => audit.first(name),
        _ => None,
    };
    own.or_else(|| audit.targets().next())
}

/// Returns type id and, for 99, the name of the type.
fn kind<'a>(of: Of, target: &Target<'a>) -> (i32, Option<&'a str>) {
    match of {
        Of::Device => (DEVICE, None),
        Of::Policy | Of::ConditionalAccess => (POLICY, None),
        Of::NetworkZone => (NETWORK_ZONE, None),
        Of::Organization => (ORGANIZATION, None),
        Of::Named(name) => (OTHER, Some(name)),
        _ => match target.kind {
            None => (UNKNOWN, None),
            // Microsoft does not tell, and 99 is for those who do.
            Some(kind) if same(kind, "Other") => (UNKNOWN, None),
            Some(kind) if same(kind, "Directory") => (ORGANIZATION, None),
            Some(kind) => {
                // What Microsoft and OCSF call the same.
                let known =
                    ["Device", "User", "Group", "Policy"].into_iter().find(|k| same(k, kind));
                let id = known.and_then(|known| TYPES.iter().position(|caption| *caption == known));
                match id.and_then(|id| i32::try_from(id).ok()) {
                    Some(id) => (id, None),
                    None => (OTHER, Some(kind)),
                }
            }
        },
    }
}
