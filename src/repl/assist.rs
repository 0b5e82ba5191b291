//! What the line editor asks while somebody types.

use std::borrow::Cow;
use std::cell::Cell;

use rustyline::completion::{Completer, FilenameCompleter, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter, HistoryHinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper, Result};

use crate::engine::is_complete;
use crate::output::{inert, visible};
use crate::repl::command;
use crate::repl::complete::{Completion, Names, complete};
use crate::repl::highlight::Palette;

/// Completion, colors, hints and the end of a statement.
#[derive(Default)]
pub(super) struct Assistant {
    names: Names,
    palette: Palette,
    is_colored: bool,
    files: FilenameCompleter,
    history: HistoryHinter,
    /// The line is as it will stay: nothing marks the cursor any more.
    is_final: Cell<bool>,
}

impl Assistant {
    pub(super) fn new(names: Names, is_colored: bool) -> Self {
        let mut assistant = Self { is_colored, ..Self::default() };
        assistant.learn(names);
        assistant
    }

    /// Learns names that came or went.
    pub(super) fn learn(&mut self, names: Names) {
        self.palette = Palette::of(&names);
        self.names = names;
    }
}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(&self, line: &str, at: usize, context: &Context<'_>) -> Result<(usize, Vec<Pair>)> {
        match complete(&self.names, line, at) {
            Completion::File => {
                let (start, mut found) = self.files.complete(line, at, context)?;
                for pair in &mut found {
                    pair.display = visible(&pair.display).into();
                }
                Ok((start, found))
            }
            Completion::Texts(start, found) => {
                let pair =
                    |text: String| Pair { display: visible(&text).into(), replacement: text };
                Ok((start, found.into_iter().map(|c| pair(c.text)).collect()))
            }
        }
    }
}

/// The rest of a statement that was typed before.
#[derive(Debug)]
pub(super) struct Suggestion {
    rest: String,
    shown: String,
}

impl Hint for Suggestion {
    fn display(&self) -> &str {
        &self.shown
    }

    fn completion(&self) -> Option<&str> {
        Some(&self.rest)
    }
}

impl Hinter for Assistant {
    type Hint = Suggestion;

    /// Without colors a suggestion would look like text that has been typed.
    fn hint(&self, line: &str, at: usize, context: &Context<'_>) -> Option<Suggestion> {
        let rest = self.history.hint(line, at, context).filter(|_| self.is_colored)?;
        let shown = match rest.split_once('\n') {
            Some((first, _)) => format!("{} …", inert(first)),
            None => inert(&rest).into_owned(),
        };
        Some(Suggestion { rest, shown })
    }
}

impl Highlighter for Assistant {
    /// What was pasted may hold more than letters.
    fn highlight<'l>(&self, line: &'l str, at: usize) -> Cow<'l, str> {
        let line = inert(line);
        if !self.is_colored {
            return line;
        }
        Cow::Owned(self.palette.paint(&line, Some(at).filter(|_| !self.is_final.get())))
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        Cow::Owned(format!("\u{1b}[2m{hint}\u{1b}[0m"))
    }

    /// Any key can change the color of everything behind it: a quote does.
    fn highlight_char(&self, line: &str, _: usize, kind: CmdKind) -> bool {
        self.is_final.set(kind == CmdKind::ForcedRefresh);
        self.is_colored || matches!(inert(line), Cow::Owned(_))
    }
}

impl Validator for Assistant {
    /// Enter ends a command, or a statement with its `;`; else it begins a line.
    fn validate(&self, context: &mut ValidationContext<'_>) -> Result<ValidationResult> {
        let text = context.input();
        let is_command = !text.contains('\n') && command::parse(text).is_some();
        if text.trim().is_empty() || is_command || is_complete(text) {
            return Ok(ValidationResult::Valid(None));
        }
        Ok(ValidationResult::Incomplete)
    }
}

impl Helper for Assistant {}
