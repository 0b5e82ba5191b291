//! Texts of statements and where they came from.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use crate::cli::args::{Part, Statements};
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::saved::SavedQuery;

/// One `-c`, one file, or stdin.
#[derive(Debug)]
pub(super) struct Script {
    /// The file, for messages; text of the command line needs no name.
    name: Option<String>,
    text: String,
}

impl Script {
    /// Reads everything that was given, in order, before anything runs.
    pub(super) fn read_all(statements: &Statements) -> Result<Vec<Self>> {
        statements.parts.iter().map(Self::read).collect()
    }

    /// A saved query; its errors are located in its file.
    pub(super) fn saved(query: &SavedQuery) -> Self {
        Self { name: Some(query.place()), text: query.text.clone() }
    }

    /// A statement of our own.
    pub(super) fn of(text: String) -> Self {
        Self { name: None, text }
    }

    /// Reads stdin to its end.
    pub(super) fn stdin() -> Result<Self> {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text).map_err(|e| unreadable("stdin", e))?;
        Ok(Self { name: Some("stdin".into()), text })
    }

    fn read(part: &Part) -> Result<Self> {
        match part {
            Part::Sql(sql) => Ok(Self { name: None, text: sql.clone() }),
            Part::File(path) if path == Path::new("-") => Self::stdin(),
            Part::File(path) => {
                let name = path.display().to_string();
                let text = fs::read_to_string(path).map_err(|e| unreadable(&name, e))?;
                // Editors on Windows put a byte order mark first.
                let text = text.trim_start_matches('\u{feff}').to_owned();
                Ok(Self { name: Some(name), text })
            }
        }
    }

    /// Splits the text into statements.
    pub(super) fn statements(&self, engine: &Engine) -> Result<Vec<String>> {
        engine.split(&self.text).map_err(|error| self.placed(1, error))
    }

    /// Adds `file:line` to the error of the statement with this index.
    pub(super) fn locate(&self, engine: &Engine, index: usize, error: Error) -> Error {
        self.placed(self.line(engine, index), error)
    }

    /// The line is that of the place, where the error knows it, else that of the statement.
    fn placed(&self, line: usize, error: Error) -> Error {
        let Some(name) = &self.name else { return error };
        let error = error.beginning_at(line);
        let line = error.place().map_or(line, Place::line);
        error.with_context("at", format!("{name}:{line}"))
    }

    fn line(&self, engine: &Engine, index: usize) -> usize {
        let spans = engine.spans(&self.text).unwrap_or_default();
        let start = spans.get(index).map_or(0, |at| at.start);
        1 + self.text[..start].matches('\n').count()
    }
}

fn unreadable(name: &str, error: io::Error) -> Error {
    Error::new(ErrorKind::Usage, format!("`{name}` cannot be read: {error}")).with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_error_is_located_at_the_line_its_statement_begins() {
        let engine = Engine::offline().await.unwrap();
        let text = "-- a; b\nSELECT 1;\n\n/* c;\n d */\nSELECT ';\n';SELECT\n 3;\n";
        let script = Script { name: Some("a.sql".into()), text: text.into() };
        assert_eq!(script.statements(&engine).unwrap().len(), 3);
        let lines: Vec<_> = (0..3).map(|n| script.line(&engine, n)).collect();
        assert_eq!(lines[0], 2);
        // The text opened in line 6 closes in line 7, where the third begins.
        assert_eq!(lines[1..], [6, 7]);
        let error = script.locate(&engine, 0, Error::new(ErrorKind::Query, "no"));
        assert_eq!(error.to_string(), "no (at: a.sql:2)");
        let placed = engine.query("SELECT\n 3,\n nope").await.unwrap_err();
        let error = script.locate(&engine, 2, placed);
        assert!(error.to_string().ends_with("(at: a.sql:9)"), "{error}");
    }

    #[test]
    fn a_missing_file_is_a_usage_error() {
        let statements = Statements { parts: vec![Part::File("/no/such.sql".into())] };
        let error = Script::read_all(&statements).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert!(error.to_string().contains("/no/such.sql"));
    }
}
