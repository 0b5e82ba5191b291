//! Errors for programs: one JSON object on one line of stderr.

use std::collections::BTreeMap;
use std::io::Write;

use serde_json::{Value, json};

use crate::error::Error;
use crate::output::visible_json;

/// Writes an error as `{"error": {…}}`. The names are stable.
///
/// `class` is the word of the kind, `exit_code` that of the program, `message` a sentence,
/// `context` the facts about the place, `request_id` what Microsoft support asks for,
/// `hint` the next step, `place` the line and the column in the statement. What would steer a
/// terminal is escaped: the same JSON, and nobody is watching in vain.
pub fn report_json(to: &mut dyn Write, error: &Error) {
    let context: BTreeMap<_, _> = error.context().iter().map(|(k, v)| (*k, v)).collect();
    let place = error.place().map(|p| json!({ "line": p.line(), "column": p.column() }));
    let object = json!({ "error": {
        "class": error.kind().label(),
        "exit_code": error.kind().exit_code(),
        "message": error.message(),
        "context": context,
        "request_id": context.get("request-id"),
        "hint": error.hint(),
        "place": place.unwrap_or(Value::Null),
    }});
    let _ = writeln!(to, "{}", visible_json(&object.to_string()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn an_error_is_one_line_of_json_with_stable_names() {
        let error = Error::new(ErrorKind::Permission, "Graph refused\nthe \"request\"")
            .with_context("table", "users")
            .with_context("request-id", "8a")
            .with_hint("grant it");
        let mut out = Vec::new();
        report_json(&mut out, &error);
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.lines().count(), 1);
        let expected = json!({ "error": {
            "class": "permission",
            "exit_code": 4,
            "message": "Graph refused\nthe \"request\"",
            "context": { "table": "users", "request-id": "8a" },
            "request_id": "8a",
            "hint": "grant it",
            "place": null,
        }});
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected);
    }
}
