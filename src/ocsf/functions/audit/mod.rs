//! Functions that read a directory audit as OCSF: its class, its activity, who and what it
//! is about.

mod changes;
mod classify;
mod entity;
#[cfg(test)]
mod parts_tests;
mod pick;
mod privileges;
mod severity;
mod targets;
#[cfg(test)]
mod tests;

use crate::functions::coerce::{Argument, Kind, argument};
use crate::functions::function::Function;

const FAMILY: &str = "OCSF of audits";
const ACTIVITY: Argument = argument("activity_display_name", Kind::Text, "The column of `audits`.");
const CATEGORY: Argument = argument("category", Kind::Text, "The column of `audits`.");
const OPERATION: Argument = argument("operation_type", Kind::Text, "The column of `audits`.");
const TARGETS: Argument =
    argument("target_resources", Kind::Records(&["type"]), "The column of `audits`.");

/// What the examples read: a role given to a user.
macro_rules! example {
    ($before:literal, $after:literal) => {
        concat!(
            "SELECT ",
            $before,
            "[named_struct('id', 'u1', 'type', 'User', 'user_principal_name', 'ada@contoso.com', ",
            "'modified_properties', [named_struct('display_name', 'Role.DisplayName', ",
            "'new_value', '\"Reports Reader\"')])]",
            $after
        )
    };
}
use example;

pub(super) fn functions() -> Vec<Function> {
    let families = [
        changes::functions(),
        classify::functions(),
        entity::functions(),
        pick::functions(),
        privileges::functions(),
        severity::functions(),
    ];
    families.into_iter().flatten().collect()
}
