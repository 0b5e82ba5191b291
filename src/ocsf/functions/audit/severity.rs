//! How severe an audit or a risk is, after the heuristics of security connectors.
//!
//! Theirs: a failed operation that reaches far is high, another failed change is medium, a
//! routine read that succeeds is informational, a risky user is as severe as the risk. The
//! rest is ours: far-reaching operations that succeed, failed reads, timeouts.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Int32Array, StringArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;

use crate::functions::argument::{Arguments, same};
use crate::functions::coerce::{Argument, Kind, argument};
use crate::functions::function::{About, Function};
use crate::ocsf::activities::{self, API_ACTIVITY, Activity, Of};
use crate::ocsf::functions::audit::classify::{Turned, turned};
use crate::ocsf::functions::audit::targets::{Audit, Finder, Targets};
use crate::ocsf::functions::audit::{ACTIVITY, CATEGORY, FAMILY, OPERATION, TARGETS, example};
use crate::ocsf::functions::caption::severity_of;

const ID: About = About {
    name: "entra_severity_id",
    family: FAMILY,
    text: "Returns the `severity_id` of an audit. A far-reaching operation (a directory role, \
           credentials or permissions of an app, turning off Conditional Access) is 4 if it fails. \
           Other changes that fail are 3. What succeeds is 1. Ours: far-reaching is also what \
           changes federation, security defaults, partners and strong authentication; it is 3 if it \
           succeeds; a read that fails is 2, a timeout is a failure, and 0 means that the result is \
           not known.",
    example: example!(
        "entra_severity_id('Add member to role', 'RoleManagement', 'Assign', 'failure', ",
        ")"
    ),
    result: "4",
};
const WORD: About = About {
    name: "entra_severity",
    family: FAMILY,
    text: "Returns the caption of what `entra_severity_id` returns.",
    example: example!(
        "entra_severity('Add member to role', 'RoleManagement', 'Assign', 'success', ",
        ")"
    ),
    result: "Medium",
};
const RISK: About = About {
    name: "entra_risk_severity_id",
    family: FAMILY,
    text: "Returns the `severity_id` of a risk level: high 4, medium 3, low 2, none 1, anything \
           else 0. Null stays null.",
    example: "SELECT entra_risk_severity_id('high')",
    result: "4",
};

const UNKNOWN: i32 = 0;
const INFORMATIONAL: i32 = 1;
const LOW: i32 = 2;
const MEDIUM: i32 = 3;
const HIGH: i32 = 4;

pub(super) fn functions() -> Vec<Function> {
    const RESULT: Argument = argument("result", Kind::Text, "The column of `audits`.");
    const LEVEL: Argument =
        argument("risk_level", Kind::Text, "Such as the column of `risky_users`.");
    let arguments = const { &[ACTIVITY, CATEGORY, OPERATION, RESULT, TARGETS] };
    vec![
        Function::new(
            &ID,
            arguments,
            |_| Ok(DataType::Int32),
            |arguments| Ok(Arc::new(each(arguments)?)),
        ),
        Function::new(
            &WORD,
            arguments,
            |_| Ok(DataType::Utf8),
            |arguments| {
                let ids = each(arguments)?;
                let words = ids.iter().map(|id| severity_of(i64::from(id?)));
                Ok(Arc::new(words.collect::<StringArray>()))
            },
        ),
        Function::new(&RISK, const { &[LEVEL] }, |_| Ok(DataType::Int32), risk),
    ]
}

fn each(arguments: &Arguments<'_>) -> Result<Int32Array> {
    let (names, categories) = (arguments.texts(0)?, arguments.texts(1)?);
    let (operations, results) = (arguments.texts(2)?, arguments.texts(3)?);
    let lists = arguments.lists(4)?;
    let all = Targets::of(lists.as_ref());
    let mut finder = Finder::default();
    let mut one = |row| {
        let category = categories.at(row);
        let activity = finder.find(names.at(row), category);
        let far = || reaches_far(activity, category, &Audit::of(all.as_ref(), row));
        severity(activity, operations.at(row), results.at(row), far)
    };
    Ok((0..arguments.rows()).map(|row| Some(one(row))).collect())
}

fn severity(
    activity: &Activity,
    operation: Option<&str>,
    result: Option<&str>,
    far: impl Fn() -> bool,
) -> i32 {
    let is = |word: &str| result.is_some_and(|result| same(result.trim(), word));
    match is("failure") || is("timeout") {
        true if far() => HIGH,
        true if changes(activity, operation) => MEDIUM,
        true => LOW,
        false if far() => MEDIUM,
        false if is("success") => INFORMATIONAL,
        false => UNKNOWN,
    }
}

/// Tells whether an operation reaches far: a role counts if it is one of the directory.
fn reaches_far(activity: &Activity, category: Option<&str>, audit: &Audit<'_>) -> bool {
    match activity.of {
        Of::Role => {
            let directory = category.is_none_or(|c| same(c.trim(), "RoleManagement"));
            activity.severe.is_some() && directory
        }
        Of::ConditionalAccess if activity.severe.is_none() => turned(audit) == Some(Turned::Off),
        _ => activity.severe.is_some(),
    }
}

/// Tells whether it changes the directory. What only reads may be logged as an update.
fn changes(activity: &Activity, operation: Option<&str>) -> bool {
    let listed = !activity.names.is_empty();
    let reads = activity.class == API_ACTIVITY || (listed && activities::reads(activity));
    let writes = ["Add", "Create", "Update", "Delete", "Assign", "Unassign"];
    let named = operation.is_some_and(|o| writes.iter().any(|write| same(o.trim(), write)));
    !reads && (named || listed)
}

fn risk(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let levels = arguments.texts(0)?;
    let id = |level: &str| match level.trim().to_ascii_lowercase().as_str() {
        "high" => HIGH,
        "medium" => MEDIUM,
        "low" => LOW,
        "none" => INFORMATIONAL,
        _ => UNKNOWN,
    };
    let one = |row| levels.at(row).map(id);
    Ok(Arc::new((0..arguments.rows()).map(one).collect::<Int32Array>()))
}
