//! The loop: ask, run, show, until the user leaves.
//!
//! Nothing that goes wrong in a query ends the shell.

use std::io;
use std::path::PathBuf;

use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::output::{Format, Style, note, report};
use crate::repl::command::{self, Action};
use crate::repl::complete::Names;
use crate::repl::editor::{Input, Prompter};
use crate::repl::{Signals, TABLES, describe, or_interrupted, show, tell};

const PROMPT: &str = "entraql> ";

/// How the shell begins; some of it can be changed while it runs.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// The format of results.
    pub format: Format,
    /// Rows after which a query is stopped.
    pub max_rows: Option<u64>,
    /// No receipts.
    pub quiet: bool,
    /// Causes below errors.
    pub verbose: bool,
    /// Where statements are kept, if anywhere.
    pub history: Option<PathBuf>,
    /// How the terminal looks when a result begins: it may have been resized.
    pub style: fn() -> Style,
    /// How errors look.
    pub error_style: fn() -> Style,
}

/// Runs the shell until the user leaves.
///
/// `explain` may replace an error by one that knows more, such as which setting
/// is missing.
pub(crate) async fn run(
    engine: Engine,
    settings: Settings,
    explain: impl Fn(Error) -> Error,
) -> Result<()> {
    let names = Names::of(&engine, Vec::new()).await;
    let prompter = Prompter::new(names, settings.history.clone(), (settings.style)().color)?;
    let mut shell = Shell { engine, settings, prompter, explain };
    loop {
        match shell.prompter.ask(PROMPT)? {
            Input::End => return Ok(()),
            Input::Clear => {}
            Input::Text(text) => {
                if shell.take(&text).await == Next::Leave {
                    return Ok(());
                }
            }
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Next {
    Ask,
    Leave,
}

struct Shell<F> {
    engine: Engine,
    settings: Settings,
    prompter: Prompter,
    explain: F,
}

impl<F: Fn(Error) -> Error> Shell<F> {
    /// Runs what has been typed: a command, or statements.
    async fn take(&mut self, text: &str) -> Next {
        if text.trim().is_empty() {
            return Next::Ask;
        }
        let command = Some(text).filter(|t| !t.contains('\n')).and_then(command::parse);
        self.prompter.remember(text);
        let done = match command {
            Some(Ok(Action::Quit)) => return Next::Leave,
            Some(action) => match action {
                Ok(action) => self.act(action).await,
                Err(error) => Err(error),
            },
            None => self.statements(text).await,
        };
        self.settle(done);
        Next::Ask
    }

    fn settle(&self, done: Result<()>) {
        let mut stderr = io::stderr().lock();
        match done {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::Cancelled => note(&mut stderr, "interrupted"),
            Err(error) => {
                let Settings { verbose, error_style, .. } = self.settings;
                report(&mut stderr, &(self.explain)(error), verbose, error_style());
            }
        }
    }

    async fn act(&mut self, action: Action) -> Result<()> {
        match action {
            Action::Help => print_help(),
            Action::Tables => self.statement(TABLES, None).await?,
            Action::Schema(table) => {
                let sql = describe(&self.engine, &table).await?;
                self.statement(&sql, None).await?;
            }
            Action::Keys(mode) => self.prompter.use_keys(mode),
            Action::Mode(format) => self.settings.format = format,
            Action::MaxRows(rows) => self.settings.max_rows = rows,
            Action::Quit => {}
        }
        Ok(())
    }

    /// Runs pasted statements one by one and stops at the first that fails.
    async fn statements(&mut self, text: &str) -> Result<()> {
        for sql in self.engine.split(text)? {
            self.statement(&sql, self.settings.max_rows).await?;
            if changes_names(&sql) {
                self.prompter.learn(Names::of(&self.engine, Vec::new()).await);
            }
        }
        Ok(())
    }

    async fn statement(&self, sql: &str, cap: Option<u64>) -> Result<()> {
        let Settings { format, style, quiet, .. } = self.settings;
        let shown = or_interrupted(Signals::Interrupt, async {
            let query = self.engine.query(sql).await?;
            show(query, sql, cap, || Ok(format.sink(Box::new(io::stdout()), style()))).await
        });
        tell(&shown.await?, quiet);
        Ok(())
    }
}

/// What a statement made or dropped is completed from now on, or no longer.
fn changes_names(sql: &str) -> bool {
    let word = sql.split_whitespace().next().unwrap_or_default();
    ["CREATE", "DROP"].iter().any(|known| known.eq_ignore_ascii_case(word))
}

fn print_help() {
    for line in command::help().lines() {
        note(&mut io::stdout().lock(), line);
    }
}
