//! Errors and remarks for a person, on stderr.
//!
//! A closed stderr is nobody's concern: writing there must never fail a query.

use std::error::Error as StdError;
use std::io::Write;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::error::{Error, Place};
use crate::output::sanitize::visible_except;
use crate::output::{Style, visible};

/// Cells per line of a place where nobody tells the width.
const USUAL_WIDTH: usize = 140;

/// Writes an error, the statement with a caret under the place, the hint and, if asked
/// for, the causes underneath.
pub fn report(to: &mut dyn Write, error: &Error, causes: bool, style: Style) {
    line(to, style.paint("error: ", RED), &error.to_string());
    if let Some(place) = error.place() {
        let _ = writeln!(to, "{}", excerpt(place, style));
    }
    if let Some(hint) = error.hint() {
        line(to, style.paint("hint: ", CYAN), hint);
    }
    let mut cause = error.source().filter(|_| causes);
    while let Some(layer) = cause {
        line(to, "caused by: ".into(), &layer.to_string());
        cause = layer.source();
    }
}

const RED: &str = "1;31";
const CYAN: &str = "1;36";

/// Returns the lines around a place, and a caret under it.
///
/// The text is made harmless first, piece by piece, so that the caret stays under its
/// character.
fn excerpt(place: &Place, style: Style) -> String {
    let span = place.span();
    let shown =
        |text: &str| visible_except(&text.replace("\r\n", "\n"), &['\n', '\t']).into_owned();
    let before = shown(&place.text()[..span.start]);
    let marked = shown(&place.text()[span.clone()]);
    let text = format!("{before}{marked}{}", shown(&place.text()[span.end..]));
    let mark = AnnotationKind::Primary.span(before.len()..before.len() + marked.len());
    let snippet = Snippet::source(text).line_start(place.first_line()).annotation(mark);
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(style.width.unwrap_or(USUAL_WIDTH));
    renderer.render(&[Group::with_level(Level::ERROR).element(snippet)])
}

/// Writes a remark: a receipt, a warning, a welcome.
pub fn note(to: &mut dyn Write, text: &str) {
    line(to, String::new(), text);
}

/// Later lines of a message are indented, so that none can pass for a line of ours.
fn line(to: &mut dyn Write, label: String, text: &str) {
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
        report(&mut out, &error, causes, Style::plain());
        String::from_utf8(out).unwrap()
    }

    fn pointed(text: &str, part: &str) -> String {
        let at = text.find(part).unwrap();
        let place = Place::new(text, at..at + part.len());
        let error = Error::new(ErrorKind::Query, "no").with_place(place);
        let mut out = Vec::new();
        report(&mut out, &error, false, Style::plain());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_caret_is_under_its_token() {
        assert_eq!(
            pointed("SELECT é,\n  '日本', nope\nFROM t", "nope"),
            "error: no\n  |\n2 |   '日本', nope\n  |           ^^^^\n"
        );
        assert_eq!(
            pointed("\tab 'a\u{1b}[2J' x", "x"),
            "error: no\n  |\n1 |     ab 'a\\u{1b}[2J' x\n  |                     ^\n"
        );
    }

    #[test]
    fn colors_are_for_those_who_want_them() {
        let error = Error::new(ErrorKind::Query, "no").with_place(Place::new("a", 0..1));
        let mut out = Vec::new();
        report(&mut out, &error, false, Style { color: true, ..Style::plain() });
        assert!(String::from_utf8(out).unwrap().starts_with("\u{1b}[1;31merror: \u{1b}[0mno\n"));
        assert!(!pointed("a b", "b").contains('\u{1b}'));
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
