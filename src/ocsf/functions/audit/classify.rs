//! Class and activity of an audit: what the table says, as far as the audit has what the
//! class requires. What lacks it is Entity Management, which requires nothing an audit lacks.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int32Array, StructArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use serde::Deserialize;

use crate::functions::argument::{Arguments, Field, Texts};
use crate::functions::coerce::{Argument, Kind, argument};
use crate::functions::function::{About, Function};
use crate::ocsf::activities::{
    self, ACCOUNT_CHANGE, API_ACTIVITY, Activity, DETECTION_FINDING, ENTITY_MANAGEMENT,
    GROUP_MANAGEMENT, OTHER, Of, READ, USER_ACCESS,
};
use crate::ocsf::functions::audit::pick::{group, user};
use crate::ocsf::functions::audit::privileges::privileges;
use crate::ocsf::functions::audit::targets::{Audit, Finder, Side, Targets};
use crate::ocsf::functions::audit::{ACTIVITY, CATEGORY, FAMILY, OPERATION, TARGETS, example};
use crate::ocsf::functions::pattern::ip;

const CLASS: About = About {
    name: "entra_audit_class",
    family: FAMILY,
    text: "Returns the `class_uid` of the OCSF class an audit is an event of: by its activity, or \
           for activities not known by category; 3004, Entity Management, if the audit lacks what \
           that class requires, such as a user.",
    example: example!(
        "entra_audit_class('Add member to role', 'RoleManagement', 'Assign', ",
        ", NULL)"
    ),
    result: "3005",
};
const ID: About = About {
    name: "entra_audit_activity",
    family: FAMILY,
    text: "Returns the `activity_id` of an audit in the class `entra_audit_class` returns. With 99 \
           the name of the activity is the one the audit has.",
    example: example!(
        "entra_audit_activity('Add member to role', 'RoleManagement', 'Assign', ",
        ", NULL)"
    ),
    result: "1",
};

pub(super) fn functions() -> Vec<Function> {
    const BY: Argument =
        argument("initiated_by", Kind::Record(&["user", "app"]), "The column of `audits`.");
    let arguments = const { &[ACTIVITY, CATEGORY, OPERATION, TARGETS, BY] };
    vec![
        Function::new(
            &CLASS,
            arguments,
            |_| Ok(DataType::Int32),
            |arguments| each(arguments, |class| i32::try_from(class.0).unwrap_or_default()),
        ),
        Function::new(
            &ID,
            arguments,
            |_| Ok(DataType::Int32),
            |arguments| each(arguments, |class| class.1),
        ),
    ]
}

/// A class, and an activity of it.
type Event = (u32, i32);

fn each(arguments: &Arguments<'_>, take: fn(Event) -> i32) -> Result<ArrayRef> {
    let [names, categories, operations]: [Texts; 3] =
        [arguments.texts(0)?, arguments.texts(1)?, arguments.texts(2)?];
    let (lists, by) = (arguments.lists(3)?, arguments.records(4)?);
    let (all, callers) = (Targets::of(lists.as_ref()), by.as_ref().map(Callers::of));
    let mut finder = Finder::default();
    let mut one = |row| {
        let activity = finder.find(names.at(row), categories.at(row));
        let called = || callers.as_ref().is_some_and(|callers| callers.known(row));
        let audit = Audit::of(all.as_ref(), row);
        take(event(activity, operations.at(row), &audit, called))
    };
    Ok(Arc::new((0..arguments.rows()).map(|row| Some(one(row))).collect::<Int32Array>()))
}

fn event(
    activity: &'static Activity,
    operation: Option<&str>,
    audit: &Audit<'_>,
    called: impl Fn() -> bool,
) -> Event {
    let of = activity.of;
    let found = match activity.class {
        ACCOUNT_CHANGE => user(of, audit).map(|_| (ACCOUNT_CHANGE, activity.id)),
        USER_ACCESS => access(activity, audit),
        GROUP_MANAGEMENT => {
            group(of, audit).map(|_| (GROUP_MANAGEMENT, membership(activity, audit)))
        }
        API_ACTIVITY => Some((if called() { API_ACTIVITY } else { ENTITY_MANAGEMENT }, READ)),
        DETECTION_FINDING => {
            user(of, audit).and_then(|user| user.id).map(|_| (DETECTION_FINDING, activity.id))
        }
        _ if activity.names.is_empty() => None,
        class => Some((class, managed(activity, audit))),
    };
    found.unwrap_or_else(|| (ENTITY_MANAGEMENT, activities::by_operation(operation)))
}

/// Access needs somebody who is given it, and what; a role may be given to a group.
fn access(activity: &Activity, audit: &Audit<'_>) -> Option<Event> {
    match user(activity.of, audit) {
        Some(_) if privileges(activity, audit).is_empty() => None,
        Some(_) => Some((USER_ACCESS, activity.id)),
        None if activity.of == Of::Role => {
            group(activity.of, audit).map(|_| (GROUP_MANAGEMENT, activity.id))
        }
        None => None,
    }
}

/// A group may be the member of another, and so may be things OCSF has no activity for.
fn membership(activity: &Activity, audit: &Audit<'_>) -> i32 {
    let Of::Group { subgroup: Some(subgroup) } = activity.of else { return activity.id };
    match () {
        () if user(activity.of, audit).is_some() => activity.id,
        () if audit.targets().all(|target| target.is("Group")) => subgroup,
        () => OTHER,
    }
}

/// A policy that is turned on or off is enabled or disabled, not only updated.
fn managed(activity: &Activity, audit: &Audit<'_>) -> i32 {
    const UPDATE: i32 = 3;
    const ENABLE: i32 = 8;
    const DISABLE: i32 = 9;
    match (activity.of, activity.id) {
        (Of::ConditionalAccess, UPDATE) => match turned(audit) {
            Some(Turned::On) => ENABLE,
            Some(Turned::Off) => DISABLE,
            None => UPDATE,
        },
        (_, id) => id,
    }
}

/// What a change of a Conditional Access policy did to its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turned {
    On,
    Off,
}

/// Reads the state of a policy before and after. One that only reports is neither on nor off.
pub(super) fn turned(audit: &Audit<'_>) -> Option<Turned> {
    #[derive(Deserialize)]
    struct Policy {
        state: String,
    }
    let state = |side| {
        let policy = audit.property("ConditionalAccessPolicy", side)?;
        serde_json::from_str::<Policy>(&policy).ok().map(|policy| policy.state)
    };
    let (before, after) = (state(Side::Old), state(Side::New)?);
    match after.as_str() {
        _ if before.as_deref() == Some(after.as_str()) => None,
        "enabled" => Some(Turned::On),
        "disabled" => Some(Turned::Off),
        _ => None,
    }
}

/// Who did it, as far as API Activity asks: an address, and an actor.
struct Callers<'a> {
    records: &'a StructArray,
    user: Option<&'a StructArray>,
    ip: Option<Field<'a>>,
    names: Vec<Field<'a>>,
}

impl<'a> Callers<'a> {
    fn of(records: &'a StructArray) -> Self {
        let user = records.column_by_name("user").and_then(|column| column.as_struct_opt());
        let field = |name| user.map(|user| Field::of(user, name));
        let names = ["id", "user_principal_name", "display_name"].into_iter().filter_map(field);
        Self { records, user, ip: field("ip_address"), names: names.collect() }
    }

    fn known(&self, row: usize) -> bool {
        let valid = self.records.is_valid(row) && self.user.is_some_and(|user| user.is_valid(row));
        let ip = |field: &Field<'_>| field.at(row).and_then(ip).is_some();
        let named = |field: &Field<'_>| field.at(row).is_some_and(|name| !name.trim().is_empty());
        valid && self.ip.as_ref().is_some_and(ip) && self.names.iter().any(named)
    }
}
