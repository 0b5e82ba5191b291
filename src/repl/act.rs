//! What each command does.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use crate::engine::QueryOptions;
use crate::error::{Error, ErrorKind, Result};
use crate::output::{FileFormat, Format, Summary, note, open_file};
use crate::repl::command::{self, Action};
use crate::repl::help::help;
use crate::repl::session::Session;
use crate::repl::show::Shown;
use crate::repl::target::Target;
use crate::repl::{Signals, TABLES, describe, functions, inspect, listing, or_interrupted};
use crate::saved::{Given, values};

/// Files that may read each other; a file that reads itself must end somewhere.
const DEEPEST: usize = 8;

impl Session {
    /// Does what a command asks for. Leaving is the caller's business.
    pub(super) async fn act(&mut self, action: Action) -> Result<()> {
        match action {
            Action::Help => self.print(&help()),
            Action::Tables => return self.own(TABLES).await,
            Action::Schema(table) => {
                let sql = describe(&self.engine, &table).await?;
                return self.own(&sql).await;
            }
            Action::Queries(text) => return self.list(text.as_deref()),
            Action::Run(text) => return Box::pin(self.saved(&text)).await,
            Action::Inspect(table) => {
                for sql in inspect(&self.engine, &table).await? {
                    self.own(&sql).await?;
                }
            }
            Action::Functions(pattern) => return Box::pin(self.functions(&pattern)).await,
            Action::Explain(sql) => {
                return self.own(&format!("EXPLAIN GRAPH {sql}")).await;
            }
            Action::Show => self.print(&self.settings.text(&self.target.name())),
            Action::More(rows) => return Box::pin(self.more(rows)).await,
            Action::Last(format) => return self.again(format.unwrap_or(self.settings.format)),
            Action::Export(path) => return self.export(&path),
            Action::Read(path) => return Box::pin(self.read(&path)).await,
            Action::Edit => return Box::pin(self.edit()).await,
            Action::Print(text) => self.print(&text),
            Action::Output(path) => {
                self.target = path.map_or(Ok(Target::Screen), Target::every)?;
            }
            Action::Once(path) => self.target = Target::Next(path),
            Action::Set(setting) => self.settings.change(setting),
            Action::Cache(wish) => return Box::pin(self.cache(&wish)).await,
            Action::Keys(mode) => self.keys = Some(mode),
            Action::Quit => {}
        }
        Ok(())
    }

    /// Explains the function of this name, or lists those whose name holds it.
    async fn functions(&mut self, pattern: &str) -> Result<()> {
        if let Some(text) = functions::describe(&self.engine, pattern) {
            self.print(&text);
            return Ok(());
        }
        functions::unknown(&self.engine, pattern)?;
        self.own(&functions::list(pattern)).await
    }

    pub(super) fn print(&self, text: &str) {
        let mut stdout = (self.stdout)();
        match text {
            "" => note(&mut *stdout, ""),
            text => text.lines().for_each(|line| note(&mut *stdout, line)),
        }
        let _ = stdout.flush();
    }

    fn list(&self, text: Option<&str>) -> Result<()> {
        let rows = listing(&self.settings.saved, text, None)?;
        let place = Target::Screen.open(self.settings.format, &self.settings, (self.stdout)())?;
        let (mut sink, ending) = place.split();
        sink.begin(&rows.schema())?;
        sink.rows(&rows)?;
        sink.finish(&Summary::default())?;
        ending.show(&self.settings)
    }

    /// Runs a saved query, which only reads, whoever wrote it.
    async fn saved(&mut self, text: &str) -> Result<()> {
        let (name, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let library = Arc::clone(&self.settings.saved);
        let query = library.find(name)?;
        query.check()?;
        let parameters = values(&query.header.parameters, &Given::parse_all(rest)?)?;
        let statements = self.engine.split(&query.text)?;
        let [sql] = &statements[..] else {
            let message = format!("a saved query is one statement, not {}", statements.len());
            return Err(Error::new(ErrorKind::Usage, message).with_context("at", query.place()));
        };
        let options = QueryOptions { parameters, safe: true };
        let done = self.statement_with(sql, &options).await;
        done.map_err(|error| error.with_context("query", query.name.clone()))
    }

    async fn more(&mut self, rows: Option<u64>) -> Result<()> {
        let target = self.take_target();
        let cap = rows.or(target.cap(&self.settings)).filter(|&rows| rows < u64::MAX);
        let last = self.last.as_mut().ok_or_else(nothing_yet)?;
        let before = last.receipt.rows;
        let place = target.open(self.settings.format, &self.settings, (self.stdout)())?;
        let has_notes = place.has_notes;
        let (mut sink, ending) = place.split();
        or_interrupted(Signals::Interrupt, last.more(cap, self.settings.ticker, sink.as_mut()))
            .await?;
        let note = last.note().filter(|_| !has_notes);
        let mut summary = last.summary();
        let all = format!("{} in all", last.receipt.rows);
        summary.note = summary.note.map(|note| format!("{all}, {note}")).or(Some(all));
        sink.finish(&summary)?;
        ending.show(&self.settings)?;
        let mut receipt = last.receipt.clone();
        receipt.rows -= before;
        self.tell(&Shown { receipt, is_rows: true, missing: note });
        Ok(())
    }

    fn again(&mut self, format: Format) -> Result<()> {
        let target = self.take_target();
        let last = self.last.as_mut().ok_or_else(nothing_yet)?;
        let place = target.open(format, &self.settings, (self.stdout)())?;
        let missing = last.note().filter(|_| !place.has_notes);
        let (sink, ending) = place.split();
        last.replay(sink)?;
        ending.show(&self.settings)?;
        self.warn(missing);
        Ok(())
    }

    fn export(&mut self, path: &Path) -> Result<()> {
        let format = FileFormat::of(path, None)?;
        let last = self.last.as_mut().ok_or_else(nothing_yet)?;
        last.replay(open_file(path, format, &self.settings.looks)?)?;
        let (rows, missing) = (last.receipt.rows, last.note());
        let noun = if rows == 1 { "row" } else { "rows" };
        note(&mut *(self.stderr)(), &format!("{rows} {noun} written to {}", path.display()));
        self.warn(missing);
        Ok(())
    }

    /// Says that a result which does not say so itself is incomplete.
    fn warn(&self, missing: Option<String>) {
        if let Some(missing) = missing {
            note(&mut *(self.stderr)(), &format!("warning: the result is incomplete: {missing}"));
        }
    }

    /// Runs a file of statements and commands, up to the first that fails.
    async fn read(&mut self, path: &Path) -> Result<()> {
        let name = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|error| {
            Error::new(ErrorKind::Usage, format!("`{name}` cannot be read: {error}"))
                .with_source(error)
        })?;
        if self.depth >= DEEPEST {
            return Err(Error::new(ErrorKind::Usage, "files read each other without end")
                .with_context("at", name));
        }
        self.depth += 1;
        let done = self.script(&name, text.trim_start_matches('\u{feff}')).await;
        self.depth -= 1;
        done
    }

    async fn script(&mut self, name: &str, text: &str) -> Result<()> {
        let (mut statement, mut begun) = (String::new(), 1);
        for (number, line) in (1..).zip(text.lines()) {
            if statement.is_empty() {
                begun = number;
            }
            statement.push_str(line);
            statement.push('\n');
            let place = |error: Error| error.with_context("at", format!("{name}:{begun}"));
            if let Some(input) = self.input(&mut statement) {
                match input {
                    Input::Command(Ok(Action::Quit)) => return Ok(()),
                    input => self.run(input).await.map_err(place)?,
                }
            }
        }
        self.statements(&statement)
            .await
            .map_err(|error| error.with_context("at", format!("{name}:{begun}")))
    }

    /// Takes what has been typed if it is complete; else it waits for more.
    pub(super) fn input(&self, text: &mut String) -> Option<Input> {
        if text.trim().is_empty() {
            text.clear();
            return None;
        }
        let input = Input::of(text);
        let is_complete = matches!(input, Input::Command(_)) || self.engine.is_complete(text);
        is_complete.then(|| {
            text.clear();
            input
        })
    }

    /// Runs one input.
    pub(super) async fn run(&mut self, input: Input) -> Result<()> {
        match input {
            Input::Command(action) => Box::pin(self.act(action?)).await,
            Input::Sql(text) => Box::pin(self.statements(&text)).await,
        }
    }

    /// Lets the user edit the last statements, and runs what was changed.
    async fn edit(&mut self) -> Result<()> {
        let mut file = tempfile::Builder::new()
            .prefix("entraql-")
            .suffix(".sql")
            .tempfile()
            .map_err(unedited)?;
        file.write_all(self.text.trim_start().as_bytes()).map_err(unedited)?;
        self.settings.programs.edit(file.path())?;
        let text = fs::read_to_string(file.path()).map_err(unedited)?;
        if text.trim() == self.text.trim() {
            note(&mut *(self.stderr)(), "nothing was changed, nothing runs");
            return Ok(());
        }
        self.statements(&text).await
    }
}

/// One complete input.
pub(super) enum Input {
    Command(Result<Action>),
    Sql(String),
}

impl Input {
    /// Tells commands, which are one line, from statements.
    pub(super) fn of(text: &str) -> Self {
        let line = Some(text.trim()).filter(|line| !line.contains('\n'));
        match line.and_then(command::parse) {
            Some(action) => Self::Command(action),
            None => Self::Sql(text.to_owned()),
        }
    }
}

fn nothing_yet() -> Error {
    Error::new(ErrorKind::Usage, "there is no result yet")
        .with_hint("run a statement that returns rows first")
}

fn unedited(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Output, format!("the statement could not be edited: {error}"))
        .with_source(error)
}
