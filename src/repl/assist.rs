//! What the line editor asks while somebody types.

use rustyline::completion::{Completer, FilenameCompleter, Pair};
use rustyline::highlight::Highlighter;
use rustyline::hint::{Hinter, HistoryHinter};
use rustyline::validate::Validator;
use rustyline::{Context, Helper, Result};

use crate::repl::complete::{Completion, Names, complete};

/// Completion, colors, hints and the end of a statement.
#[derive(Default)]
pub(super) struct Assistant {
    names: Names,
    files: FilenameCompleter,
    history: HistoryHinter,
}

impl Assistant {
    pub(super) fn new(names: Names) -> Self {
        Self { names, ..Self::default() }
    }

    /// Learns names that came or went.
    pub(super) fn learn(&mut self, names: Names) {
        self.names = names;
    }
}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(&self, line: &str, at: usize, context: &Context<'_>) -> Result<(usize, Vec<Pair>)> {
        match complete(&self.names, line, at) {
            Completion::File => self.files.complete(line, at, context),
            Completion::Texts(start, found) => {
                let pair = |text: String| Pair { display: text.clone(), replacement: text };
                Ok((start, found.into_iter().map(|c| pair(c.text)).collect()))
            }
        }
    }
}

impl Hinter for Assistant {
    type Hint = String;

    fn hint(&self, line: &str, at: usize, context: &Context<'_>) -> Option<String> {
        self.history.hint(line, at, context)
    }
}

impl Highlighter for Assistant {}

impl Validator for Assistant {}

impl Helper for Assistant {}
