//! The loop: ask, run, show, until the user leaves.
//!
//! Nothing that goes wrong in a query ends the shell.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::output::{Writer, note, report};
use crate::repl::act::Input;
use crate::repl::command::Action;
use crate::repl::complete::Names;
use crate::repl::editor::{self, Prompter};
use crate::repl::session::Session;
use crate::repl::settings::Settings;
use crate::repl::{Signals, Trace, or_interrupted};

const PROMPT: &str = "entraql> ";

/// A second Ctrl-C within this time ends the process.
const TWICE: Duration = Duration::from_secs(2);

/// Runs the shell until the user leaves.
///
/// `explain` may replace an error by one that knows more, such as which setting
/// is missing.
pub(crate) async fn run(
    engine: Engine,
    settings: Settings,
    trace: Trace,
    explain: impl Fn(Error) -> Error,
) -> Result<()> {
    // From here on Ctrl-C in a pager or an editor is theirs alone.
    or_interrupted(Signals::Interrupt, std::future::ready(Ok(()))).await?;
    let names = Names::of(&engine, settings.saved.names()).await;
    let prompter = Prompter::new(names, settings.history.clone(), (settings.style)().color)?;
    let session = Session::new(
        engine,
        settings,
        trace,
        Arc::new(|| Box::new(io::stdout()) as Writer),
        Arc::new(|| Box::new(io::stderr()) as Writer),
    );
    let mut shell = Shell { session, prompter, explain, interrupted: None };
    loop {
        match shell.prompter.ask(PROMPT)? {
            editor::Input::End => return Ok(()),
            editor::Input::Clear if shell.is_second(Instant::now()) => {
                return Err(Error::new(ErrorKind::Cancelled, "interrupted twice"));
            }
            editor::Input::Clear => {}
            editor::Input::Text(text) => {
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
    session: Session,
    prompter: Prompter,
    explain: F,
    /// When a query was interrupted.
    interrupted: Option<Instant>,
}

impl<F: Fn(Error) -> Error> Shell<F> {
    /// Runs what has been typed: a command, or statements.
    async fn take(&mut self, text: &str) -> Next {
        self.interrupted = None;
        if text.trim().is_empty() {
            return Next::Ask;
        }
        self.prompter.remember(text);
        let input = Input::of(text);
        if matches!(input, Input::Command(Ok(Action::Quit))) {
            return Next::Leave;
        }
        let done = self.session.run(input).await;
        self.settle(done);
        if let Some(mode) = self.session.keys.take() {
            self.prompter.use_keys(mode);
        }
        if std::mem::take(&mut self.session.names_changed) {
            let saved = self.session.settings.saved.names();
            self.prompter.learn(Names::of(&self.session.engine, saved).await);
        }
        Next::Ask
    }

    fn settle(&mut self, done: Result<()>) {
        let mut stderr = (self.session.stderr)();
        self.session.trace.tell(&mut *stderr);
        match done {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::Cancelled => {
                self.interrupted = Some(Instant::now());
                note(&mut *stderr, "interrupted; Ctrl-C again leaves");
            }
            Err(error) => {
                let Settings { verbose, error_style, .. } = self.session.settings;
                report(&mut *stderr, &(self.explain)(error), verbose, error_style());
            }
        }
    }

    fn is_second(&self, now: Instant) -> bool {
        self.interrupted.is_some_and(|first| now.duration_since(first) < TWICE)
    }
}
