//! What an audit is in OCSF: class and activity by the name of what was done.
//!
//! The table is [`table`]; what it does not know goes by category and operation. Both say
//! what an event is meant to be: whether the audit has what the class requires is checked
//! where its targets are read.

mod name;
mod table;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::LazyLock;

pub use table::TABLE;

pub(crate) const DETECTION_FINDING: u32 = 2004;
pub(crate) const ACCOUNT_CHANGE: u32 = 3001;
pub(crate) const ENTITY_MANAGEMENT: u32 = 3004;
pub(crate) const USER_ACCESS: u32 = 3005;
pub(crate) const GROUP_MANAGEMENT: u32 = 3006;
pub(crate) const API_ACTIVITY: u32 = 6003;

/// `Other`, in every class.
pub(crate) const OTHER: i32 = 99;
/// `Read`, in the classes that have it.
pub(crate) const READ: i32 = 2;

/// Activities that are the same thing in OCSF.
#[derive(Debug, Clone, Copy)]
pub struct Activity {
    /// The class an audit belongs to, if it has what the class requires.
    pub class: u32,
    /// The activity of the class.
    pub id: i32,
    /// What it is done to.
    pub of: Of,
    /// Whether a failure of it is severe, and who says so.
    pub severe: Option<Severe>,
    /// Values of `activityDisplayName`, in any case.
    pub names: &'static [&'static str],
}

/// What an activity is done to, and with that what is privilege, resource or entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Whatever the target says it is.
    Target,
    /// An account.
    User,
    /// A group; adding a group in place of a user has an activity of its own.
    Group {
        /// The activity when the member is a group.
        subgroup: Option<i32>,
    },
    /// A directory role, given to a user or a group.
    Role,
    /// Permissions of an app, by name.
    AppRole,
    /// Permissions an app has on behalf of users.
    Scopes,
    /// The ownership of an app.
    Owner,
    /// An access package.
    Package,
    /// A policy.
    Policy,
    /// A Conditional Access policy, whose state tells whether it was turned on or off.
    ConditionalAccess,
    /// A named location.
    NetworkZone,
    /// The tenant.
    Organization,
    /// A device.
    Device,
    /// A thing OCSF has no type for, by its name.
    Named(&'static str),
    /// A finding of Identity Protection, and its `status_id` after that.
    Finding(i32),
}

/// Who says that an activity reaches far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severe {
    /// The heuristics of the connectors this follows.
    Connectors,
    /// entraql alone.
    Ours,
}

/// The table by name, as [`name::normal`] writes it.
static BY_NAME: LazyLock<HashMap<String, &'static Activity>> = LazyLock::new(|| {
    let named = |activity: &'static Activity| {
        activity.names.iter().map(move |given| (name::normal(given), activity))
    };
    TABLE.iter().flat_map(named).collect()
});

/// Reading through the admin center or an API.
static READING: Activity =
    Activity { class: API_ACTIVITY, id: READ, of: Of::Target, severe: None, names: &[] };
/// The steps of an assignment in Privileged Identity Management that change nothing yet.
static STEP: Activity =
    Activity { class: USER_ACCESS, id: OTHER, of: Of::Role, severe: None, names: &[] };

/// Finds what an activity is, by its name.
pub(crate) fn find(activity: &str) -> Option<&'static Activity> {
    let normal = name::normal(activity);
    let listed = BY_NAME.get(normal.as_str()).copied();
    listed
        .or_else(|| name::is_reading(&normal).then_some(&READING))
        .or_else(|| name::is_step(&normal).then_some(&STEP))
}

/// Tells whether an activity of Entity Management only reads.
pub(crate) fn reads(activity: &Activity) -> bool {
    activity.class == ENTITY_MANAGEMENT && activity.id == READ
}

/// Returns what an activity nobody listed is, by its category.
pub(crate) fn by_category(category: Option<&str>) -> &'static Activity {
    const fn any(class: u32, of: Of) -> Activity {
        Activity { class, id: OTHER, of, severe: None, names: &[] }
    }
    static USERS: Activity = any(ACCOUNT_CHANGE, Of::User);
    static GROUPS: Activity = any(GROUP_MANAGEMENT, Of::Group { subgroup: None });
    static ROLES: Activity = any(USER_ACCESS, Of::Role);
    static REST: Activity = any(ENTITY_MANAGEMENT, Of::Target);
    let is = |name: &str| category.is_some_and(|c| c.trim().eq_ignore_ascii_case(name));
    match () {
        () if is("UserManagement") => &USERS,
        () if is("GroupManagement") => &GROUPS,
        () if is("RoleManagement") => &ROLES,
        () => &REST,
    }
}

/// Returns the activity of Entity Management an operation is.
pub(crate) fn by_operation(operation: Option<&str>) -> i32 {
    let is = |names: &[&str]| {
        operation.is_some_and(|o| names.iter().any(|name| name.eq_ignore_ascii_case(o.trim())))
    };
    match () {
        () if is(&["Add", "Create"]) => 1,
        () if is(&["Update", "Assign", "Unassign"]) => 3,
        () if is(&["Delete"]) => 4,
        () => OTHER,
    }
}
