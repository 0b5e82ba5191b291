//! What the shell knows between two inputs, and how it runs statements.

use std::sync::Arc;

use futures::future::LocalBoxFuture;
use rustyline::EditMode;

use crate::engine::{Engine, Query, QueryOptions, Receipt};
use crate::error::Result;
use crate::output::{Summary, Writer, note};
use crate::repl::kept::Kept;
use crate::repl::last::Last;
use crate::repl::progress::ProgressLine;
use crate::repl::reading::Reading;
use crate::repl::settings::Settings;
use crate::repl::show::{Shown, tell};
use crate::repl::target::Target;
use crate::repl::{Signals, Trace, or_interrupted};

/// A stream of the shell, opened anew for each use.
pub(super) type Open = Arc<dyn Fn() -> Writer>;

/// The shell without its line editor.
pub(super) struct Session {
    pub(super) engine: Engine,
    pub(super) settings: Settings,
    pub(super) trace: Trace,
    pub(super) target: Target,
    pub(super) last: Option<Last>,
    /// What `.edit` begins with.
    pub(super) text: String,
    /// Tables or views have come or gone.
    pub(super) names_changed: bool,
    /// The keys of the line editor, when they are to change.
    pub(super) keys: Option<EditMode>,
    /// Files that read files.
    pub(super) depth: usize,
    pub(super) stdout: Open,
    pub(super) stderr: Open,
}

impl Session {
    pub(super) fn new(
        engine: Engine,
        settings: Settings,
        trace: Trace,
        stdout: Open,
        stderr: Open,
    ) -> Self {
        Self {
            engine,
            settings,
            trace,
            target: Target::Screen,
            last: None,
            text: String::new(),
            names_changed: false,
            keys: None,
            depth: 0,
            stdout,
            stderr,
        }
    }

    /// Runs statements one by one and stops at the first that fails.
    pub(super) async fn statements(&mut self, text: &str) -> Result<()> {
        text.clone_into(&mut self.text);
        for sql in self.engine.split(text)? {
            self.statement(&sql).await?;
            self.names_changed |= changes_names(&sql);
        }
        Ok(())
    }

    async fn statement(&mut self, sql: &str) -> Result<()> {
        self.statement_with(sql, &QueryOptions::default()).await
    }

    /// Runs a statement with values for its parameters.
    pub(super) async fn statement_with(&mut self, sql: &str, options: &QueryOptions) -> Result<()> {
        if self.settings.echo {
            note(&mut *(self.stdout)(), sql);
        }
        let engine = self.engine.clone();
        let read = async {
            let query = engine.query_with(sql, options).await?;
            match query.is_rows() {
                true => self.rows(sql, query).await,
                false => finish(query).await,
            }
        };
        let shown = or_interrupted(Signals::Interrupt, read).await?;
        self.tell(&shown);
        Ok(())
    }

    /// Reads a query up to the cap, and keeps its rows.
    async fn rows(&mut self, sql: &str, query: Query) -> Result<Shown> {
        let target = self.take_target();
        let place = target.open(self.settings.format, &self.settings, (self.stdout)())?;
        let has_notes = place.has_notes;
        let (mut sink, ending) = place.split();
        if let Some(last) = &mut self.last {
            last.end();
        }
        let mut reading = Reading::new(query);
        let mut kept = Kept::new(reading.schema());
        sink.begin(&reading.schema())?;
        let line = ProgressLine::start(reading.progress(), self.settings.ticker);
        reading
            .read(target.cap(&self.settings), |batch| {
                kept.push(batch)?;
                line.aside(|| sink.rows(batch))
            })
            .await?;
        drop(line);
        let last = Last::new(sql, kept, reading);
        sink.finish(&last.summary())?;
        let missing = last.note().filter(|_| !has_notes);
        let shown = Shown { receipt: last.receipt.clone(), is_rows: true, missing };
        self.last = Some(last);
        ending.show(&self.settings)?;
        Ok(shown)
    }

    /// Runs a statement of the shell's own: no cap, and `.last` stays what it was.
    ///
    /// Boxed here: commands can read files of commands, and each level would carry the
    /// future of every caller on the stack.
    pub(super) fn own<'a>(&'a mut self, sql: &'a str) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(self.run_own(sql))
    }

    async fn run_own(&mut self, sql: &str) -> Result<()> {
        let place = Target::Screen.open(self.settings.format, &self.settings, (self.stdout)())?;
        let (mut sink, ending) = place.split();
        let engine = self.engine.clone();
        let read = async {
            let mut reading = Reading::new(engine.query(sql).await?);
            sink.begin(&reading.schema())?;
            reading.read(None, |batch| sink.rows(batch)).await
        };
        or_interrupted(Signals::Interrupt, read).await?;
        sink.finish(&Summary::default())?;
        ending.show(&self.settings)
    }

    /// Returns where the next result goes; a file of `.once` takes one only.
    pub(super) fn take_target(&mut self) -> Target {
        match &self.target {
            Target::Next(_) => std::mem::take(&mut self.target),
            other => other.clone(),
        }
    }

    pub(super) fn tell(&self, shown: &Shown) {
        let mut stderr = (self.stderr)();
        self.trace.tell(&mut *stderr);
        tell(&mut *stderr, shown, !self.settings.timer, self.settings.verbose);
    }
}

/// A view that was made can be completed; one that was dropped cannot.
fn changes_names(sql: &str) -> bool {
    let word = sql.split_whitespace().next().unwrap_or_default();
    word.eq_ignore_ascii_case("create") || word.eq_ignore_ascii_case("drop")
}

/// Runs a statement without rows to its end.
async fn finish(mut query: Query) -> Result<Shown> {
    while query.next().await?.is_some() {}
    let receipt: Receipt = query.receipt();
    Ok(Shown { receipt, is_rows: false, missing: None })
}
