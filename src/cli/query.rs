//! Runs statements, or the shell when there are none and somebody to type them.

use std::cell::OnceCell;
use std::io;
use std::path::Path;

use crate::cli::args::{Options, Statements};
use crate::cli::connect::{self, Connection};
use crate::cli::destination::Destination;
use crate::cli::parameters::Untyped;
use crate::cli::script::Script;
use crate::cli::tally::Tally;
use crate::cli::terminal;
use crate::engine::{Engine, QueryOptions};
use crate::error::{Error, ErrorKind, Result};
use crate::output::{FileFormat, open_file};
use crate::repl::{Shown, Signals, Trace, or_interrupted, show, tell};

/// Runs `entraql` or `entraql query`.
pub(super) async fn run(options: &Options, statements: &Statements) -> Result<()> {
    options.check_stdin(statements)?;
    if !statements.parts.is_empty() {
        return batch(options, &Script::read_all(statements)?).await;
    }
    if terminal::is_piped() {
        return batch(options, &[Script::stdin()?]).await;
    }
    if terminal::is_interactive() && options.output.is_none() {
        return shell(options).await;
    }
    Err(Error::new(ErrorKind::Usage, "no statement was given")
        .with_hint("`-c 'SELECT …'`, `-f FILE`, or statements on stdin"))
}

async fn batch(options: &Options, scripts: &[Script]) -> Result<()> {
    with_run(options, async |run| run.all(scripts).await).await
}

/// Connects, does the work, and drops both when the user interrupts.
pub(super) async fn with_run(
    options: &Options,
    work: impl AsyncFnOnce(&Run<'_>) -> Result<()>,
) -> Result<()> {
    with_run_to(options, Destination::of(options)?, work).await
}

/// The same with a destination of the command's own.
pub(super) async fn with_run_to(
    options: &Options,
    destination: Destination,
    work: impl AsyncFnOnce(&Run<'_>) -> Result<()>,
) -> Result<()> {
    let trace = OnceCell::new();
    let work = async {
        let connection = connect::open(options).await?;
        let new = Trace::new(&connection.engine, options.verbose, options.log_file.as_deref())?;
        let trace = trace.get_or_init(|| new);
        let run = Run { connection, destination, options, trace };
        work(&run).await.map_err(|error| run.connection.explain(error))
    };
    let done = or_interrupted(Signals::InterruptAndTerminate, work).await;
    if let Some(trace) = trace.get() {
        trace.tell_all(&mut io::stderr());
    }
    done
}

/// One run against one connection, with one destination.
pub(super) struct Run<'a> {
    connection: Connection,
    destination: Destination,
    options: &'a Options,
    trace: &'a Trace,
}

impl Run<'_> {
    /// Runs everything in order, up to the first failure unless that is to be passed over.
    pub(super) async fn all(&self, scripts: &[Script]) -> Result<()> {
        let engine = self.engine();
        let running = &self.options.running;
        let statements: Vec<_> =
            scripts.iter().map(|script| script.statements(engine)).collect::<Result<_>>()?;
        let all: Vec<_> = statements.iter().flatten().collect();
        self.destination.check(all.iter().copied())?;
        let values = Untyped::of(running, engine, &all)?;
        let mut tally = Tally::new(self.options, all.len());
        for (script, statements) in scripts.iter().zip(&statements) {
            for (index, sql) in statements.iter().enumerate() {
                let parameters = values.for_statement(engine, sql);
                let query = QueryOptions { parameters, safe: running.safe };
                let done = self.statement_with(sql, tally.results, &query).await;
                tally.count(done.map_err(|error| script.locate(engine, index, error)))?;
            }
        }
        tally.end()
    }

    /// Runs the one statement of a saved query.
    pub(super) async fn saved(&self, script: &Script, query: &QueryOptions) -> Result<()> {
        let engine = self.engine();
        let statements = script.statements(engine)?;
        let [sql] = &statements[..] else {
            let message = format!("a saved query is one statement, not {}", statements.len());
            return Err(script.locate(engine, 0, Error::new(ErrorKind::Usage, message)));
        };
        let mut tally = Tally::new(self.options, 1);
        let done = self.statement_with(sql, 0, query).await;
        tally.count(done.map_err(|error| script.locate(engine, 0, error)))?;
        tally.end()
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.connection.engine
    }

    /// Writes all rows of a statement of our own to a Parquet file.
    pub(super) async fn to_file(&self, sql: &str, path: &Path) -> Result<Shown> {
        let query = self.engine().query(sql).await?;
        let open = || open_file(path, FileFormat::Parquet, &self.options.looks());
        let shown = show(query, sql, None, terminal::ticker(self.options), open).await?;
        self.trace.tell(&mut io::stderr());
        tell(&mut io::stderr(), &shown, self.options.quiet, self.options.verbose > 0);
        Ok(shown)
    }

    /// Runs a statement of our own, whose result is the one after `before` others.
    pub(super) async fn statement(&self, sql: &str, before: usize) -> Result<()> {
        self.statement_with(sql, before, &QueryOptions::default()).await.map(drop)
    }

    /// Runs a statement whose result is the one after `before` others.
    async fn statement_with(
        &self,
        sql: &str,
        before: usize,
        query: &QueryOptions,
    ) -> Result<Shown> {
        let cap = self.options.max_rows.filter(|&rows| rows > 0);
        let sql = self.options.limits.statement(self.engine(), sql)?;
        let query = self.engine().query_with(&sql, query).await?;
        let looks = self.options.looks();
        let open = || self.destination.open(before, &looks);
        let mut shown = show(query, &sql, cap, terminal::ticker(self.options), open).await?;
        shown.missing = shown.missing.filter(|_| !self.destination.has_notes());
        self.trace.tell(&mut io::stderr());
        tell(&mut io::stderr(), &shown, self.options.quiet, self.options.verbose > 0);
        Ok(shown)
    }
}

#[cfg(feature = "repl")]
async fn shell(options: &Options) -> Result<()> {
    use crate::cli::queries::library;
    use crate::config;
    use crate::output::{Format, note};
    use crate::repl;

    /// Rows a person can look at; the rest would only cost requests.
    const SHELL_ROWS: u64 = 100;

    let connection = connect::open(options).await?;
    if options.limits.cache_ttl.is_none() && !options.limits.no_cache {
        connection.engine.set("entra.cache_ttl", repl::CACHE_TTL)?;
    }
    let mut stderr = io::stderr();
    note(&mut stderr, "`.help` lists commands, `.tables` lists tables, Ctrl-D leaves.");
    if connection.is_offline {
        note(&mut stderr, "No tenant is configured. Start `entraql --demo` for the demo tenant.");
    }
    let settings = repl::Settings {
        format: options.format.unwrap_or(Format::Table),
        max_rows: Some(options.max_rows.unwrap_or(SHELL_ROWS)).filter(|&rows| rows > 0),
        max_width: None,
        looks: options.looks(),
        timer: !options.quiet,
        echo: false,
        pager: !options.no_pager,
        verbose: options.verbose > 0,
        history: config::history_file().filter(|_| !options.no_history),
        style: terminal::style,
        error_style: terminal::error_style,
        height: terminal::height,
        saved: library(options.quiet)?.into(),
        ticker: terminal::ticker(options),
        programs: repl::Programs {
            pager: config::pager(),
            editor: config::editor(),
            secrets: config::secret_variables(),
            less: config::less_options(),
        },
    };
    let trace = Trace::new(&connection.engine, options.verbose, options.log_file.as_deref())?;
    repl::run(connection.engine.clone(), settings, trace, |error| connection.explain(error)).await
}

#[cfg(not(feature = "repl"))]
#[expect(clippy::unused_async, reason = "the same call as with the feature")]
async fn shell(_: &Options) -> Result<()> {
    Err(Error::new(ErrorKind::Usage, "this build has no shell")
        .with_hint("`-c 'SELECT …'`, `-f FILE`, or statements on stdin"))
}
