//! What an app was given by a consent.
//!
//! The audit has it as text: grants before, `=>`, grants after. Amending a consent repeats
//! the old grants on both sides.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, ListBuilder, StringBuilder};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;

use crate::functions::argument::Arguments;
use crate::functions::coerce::{Argument, Kind, argument, texts};
use crate::functions::function::{About, Function};

const ARGUMENTS: &[Argument] = &[argument(
    "permissions",
    Kind::Text,
    "New value of `ConsentAction.Permissions`; plain scopes are taken, too.",
)];

const ABOUT: About = About {
    name: "consent_scopes",
    family: "Audit details",
    text: "Returns the permissions a consent added: those after `=>` that are not before it, in \
           order, each once. Null stays null.",
    example: "SELECT consent_scopes('[] => [[Id: a1, Scope: Mail.Read offline_access, CreatedDateTime: ]]')",
    result: "[Mail.Read, offline_access]",
};

pub(super) fn functions() -> Vec<Function> {
    vec![Function::new(&ABOUT, ARGUMENTS, |_: &[DataType]| Ok(texts()), run)]
}

fn run(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let permissions = arguments.texts(0)?;
    let mut lists = ListBuilder::new(StringBuilder::new());
    for row in 0..arguments.rows() {
        match permissions.at(row) {
            Some(text) => lists.append_value(added(text).into_iter().map(Some)),
            None => lists.append_null(),
        }
    }
    Ok(Arc::new(lists.finish()))
}

/// Returns the permissions after `=>` that are not before it; all of them if there is no `=>`.
pub(crate) fn added(permissions: &str) -> Vec<&str> {
    let text = permissions.trim_matches(|c: char| c == '"' || c.is_whitespace());
    let Some((before, after)) = text.split_once("=>") else { return scopes(text) };
    let before = scopes_of_grants(before);
    let mut added = scopes_of_grants(after);
    added.retain(|scope| !before.contains(scope));
    added
}

/// A grant ends its scopes with the next member or its bracket.
fn scopes_of_grants(text: &str) -> Vec<&str> {
    let grants = text.split("Scope:").skip(1);
    let all = grants.flat_map(|grant| scopes(grant.split([',', ']', ';']).next().unwrap_or(grant)));
    let mut seen = Vec::new();
    for scope in all {
        if !seen.contains(&scope) {
            seen.push(scope);
        }
    }
    seen
}

fn scopes(text: &str) -> Vec<&str> {
    let mut seen = Vec::new();
    for scope in text.split_whitespace() {
        if !seen.contains(&scope) {
            seen.push(scope);
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_added_is_returned() {
        let grant = |scopes: &str| {
            format!(
                "[Id: a, ConsentType: Principal, Scope: {scopes}, CreatedDateTime: , LastModifiedDateTime ]"
            )
        };
        let consent = |before: &str, after: &str| format!("\"{before} => {after}; \"");
        let (read, more) = (grant("User.Read"), grant(" User.Read Mail.Send Mail.Send"));
        assert_eq!(added(&consent("[]", &format!("[{read}]"))), ["User.Read"]);
        assert_eq!(added(&consent(&format!("[{read}]"), &format!("[{more}]"))), ["Mail.Send"]);
        let two = format!("[{}, {}]", grant("A B"), grant("B C"));
        assert_eq!(added(&consent("[]", &two)), ["A", "B", "C"]);
        assert!(added(&consent(&two, &two)).is_empty());
        assert_eq!(added("\" Mail.Read Mail.Send\""), ["Mail.Read", "Mail.Send"]);
        assert!(added("").is_empty());
    }
}
