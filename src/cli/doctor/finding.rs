//! What one step found, and how that is shown.

use serde_json::json;

use crate::error::{Error, ErrorKind, Result};
use crate::output::{visible, visible_json};

/// Cells per line of text.
const WIDTH: usize = 80;
/// Cells of the names; what belongs to a longer one begins on the next line.
const STEPS: usize = 26;

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Pass,
    Warn,
    Fail,
    Skipped,
}

impl Status {
    /// A mark and a word: neither color nor font is needed to tell them apart.
    fn mark(self) -> &'static str {
        match self {
            Self::Pass => "✓",
            Self::Warn => "!",
            Self::Fail => "✗",
            Self::Skipped => "-",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Skipped => "skipped",
        }
    }
}

/// What one step found.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    pub(super) step: String,
    pub(super) status: Status,
    pub(super) reason: String,
    pub(super) fix: Option<String>,
    /// The class of a failure.
    pub(super) kind: Option<ErrorKind>,
}

impl Finding {
    fn new(step: &str, status: Status, reason: impl Into<String>) -> Self {
        Self { step: step.to_owned(), status, reason: reason.into(), fix: None, kind: None }
    }

    pub(super) fn passed(step: &str, reason: impl Into<String>) -> Self {
        Self::new(step, Status::Pass, reason)
    }

    pub(super) fn warned(step: &str, reason: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { fix: Some(fix.into()), ..Self::new(step, Status::Warn, reason) }
    }

    pub(super) fn skipped(step: &str, reason: impl Into<String>) -> Self {
        Self::new(step, Status::Skipped, reason)
    }

    /// A failure: the error's sentence and place, its hint as the fix.
    pub(super) fn failed(step: &str, error: Error) -> Self {
        let fix = error.hint().map(str::to_owned);
        let kind = Some(error.kind());
        Self { fix, kind, ..Self::new(step, Status::Fail, error.to_string()) }
    }
}

/// Renders the findings for a person, within 80 columns.
pub(super) fn text(findings: &[Finding]) -> String {
    let longest = findings.iter().map(|f| f.step.chars().count()).max().unwrap_or_default();
    let steps = longest.min(STEPS);
    let mut text = String::new();
    for finding in findings {
        let (mark, word) = (finding.status.mark(), finding.status.word());
        let start = format!("{mark} {word:7}  ");
        let indent = start.chars().count() + steps + 2;
        let name = visible(&finding.step);
        text += &start;
        if name.chars().count() > steps {
            text += &format!("{name}\n{:indent$}", "");
        } else {
            text += &format!("{name:steps$}  ");
        }
        text += &wrapped(&visible(&finding.reason), indent);
        if let Some(fix) = &finding.fix {
            text += &" ".repeat(indent);
            text += &wrapped(&format!("fix: {}", visible(fix)), indent);
        }
    }
    let count = |status| findings.iter().filter(|finding| finding.status == status).count();
    text += &format!(
        "\n{} passed, {} warned, {} failed, {} skipped\n",
        count(Status::Pass),
        count(Status::Warn),
        count(Status::Fail),
        count(Status::Skipped)
    );
    text
}

/// Breaks text between words; what has no blank, such as a path to copy, stays whole.
fn wrapped(text: &str, indent: usize) -> String {
    let room = WIDTH.saturating_sub(indent).max(20);
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last().map_or(0, |line| line.chars().count());
        match lines.last_mut() {
            Some(last) if line == 0 => last.push_str(word),
            Some(last) if line + 1 + word.chars().count() <= room => {
                last.push(' ');
                last.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join(&format!("\n{}", " ".repeat(indent))) + "\n"
}

/// Renders the findings for a program; what would steer a terminal stays in JSON's escapes.
pub(super) fn json(findings: &[Finding]) -> Result<String> {
    let objects: Vec<_> = findings
        .iter()
        .map(|finding| {
            json!({
                "check": finding.step,
                "status": finding.status.word(),
                "reason": finding.reason,
                "fix": finding.fix,
                "class": finding.kind.map(ErrorKind::label),
            })
        })
        .collect();
    let text = serde_json::to_string_pretty(&objects).map_err(|error| {
        Error::new(ErrorKind::Internal, "the findings cannot be written").with_source(error)
    })?;
    Ok(visible_json(&text).into_owned() + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_fits_eighty_columns_and_tells_without_color() {
        let long = "words that go on and on ".repeat(10);
        let text = text(&[
            Finding::passed("token", &*long),
            Finding::warned("clock", "late", &*long),
            Finding::failed("users", Error::new(ErrorKind::Permission, "no").with_hint("grant")),
            Finding::skipped("secret", "not\u{1b}[2Jchecked"),
        ]);
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(text.contains("✗ fail     users   no\n") && text.contains("fix: grant"), "{text}");
        assert!(!text.contains('\u{1b}'));
        assert!(text.ends_with("1 passed, 1 warned, 1 failed, 1 skipped\n"), "{text}");
    }

    #[test]
    fn what_is_said_about_a_long_name_begins_on_the_next_line() {
        let (name, long) = ("n".repeat(40), "words that go on and on ".repeat(10));
        let shown = text(&[Finding::passed(&name, long)]);
        assert!(shown.lines().all(|line| line.chars().count() <= WIDTH), "{shown}");
        assert!(shown.starts_with(&format!("✓ pass     {name}\n{:39}words", "")), "{shown}");
    }
}
