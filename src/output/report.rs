//! Errors and remarks for a person, on stderr.
//!
//! A closed stderr is nobody's concern: writing there must never fail a query.

use std::error::Error as StdError;
use std::io::Write;

use crate::error::Error;
use crate::output::visible;

/// Writes an error, its hint and, if asked for, the causes underneath.
pub fn report(to: &mut dyn Write, error: &Error, causes: bool) {
    line(to, "error: ", &error.to_string());
    if let Some(hint) = error.hint() {
        line(to, "hint: ", hint);
    }
    let mut cause = error.source().filter(|_| causes);
    while let Some(layer) = cause {
        line(to, "caused by: ", &layer.to_string());
        cause = layer.source();
    }
}

/// Writes a remark: a receipt, a warning, a welcome.
pub fn note(to: &mut dyn Write, text: &str) {
    line(to, "", text);
}

/// Later lines of a message are indented, so that none can pass for a line of ours.
fn line(to: &mut dyn Write, label: &str, text: &str) {
    let lines: Vec<_> = text.lines().map(visible).collect();
    let _ = writeln!(to, "{label}{}", lines.join("\n  "));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn reported(causes: bool) -> String {
        let error = Error::new(ErrorKind::Query, "no column `a\u{1b}[2J`\nerror: forged")
            .with_context("at", "hunt.sql:3")
            .with_hint("did you mean `b`?")
            .with_source(std::io::Error::other("below"));
        let mut out = Vec::new();
        report(&mut out, &error, causes);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_report_is_safe_to_show() {
        let expected = "error: no column `a\\u{1b}[2J`\n  error: forged (at: hunt.sql:3)\n\
                        hint: did you mean `b`?\n";
        assert_eq!(reported(false), expected);
    }

    #[test]
    fn causes_are_shown_when_asked_for() {
        assert!(reported(true).ends_with("caused by: below\n"));
    }
}
