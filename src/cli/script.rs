//! Texts of statements and where they came from.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use crate::cli::args::{Part, Statements};
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};

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
        engine.split(&self.text).map_err(|error| match &self.name {
            Some(name) => error.with_context("at", name.clone()),
            None => error,
        })
    }

    /// Adds `file:line` of the statement with this index to its error.
    pub(super) fn locate(&self, engine: &Engine, index: usize, error: Error) -> Error {
        match &self.name {
            Some(name) => error.with_context("at", format!("{name}:{}", self.line(engine, index))),
            None => error,
        }
    }

    /// The first line at which the tokenizer sees the statement: comments before it
    /// and semicolons in text are its business alone.
    fn line(&self, engine: &Engine, index: usize) -> usize {
        let ends = self.text.match_indices('\n').map(|(at, _)| at).chain([self.text.len()]);
        let begun = |end: &usize| {
            engine.split(&self.text[..*end]).is_ok_and(|statements| statements.len() > index)
        };
        ends.enumerate().find(|(_, end)| begun(end)).map_or(1, |(line, _)| line + 1)
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
        // The text opened in line 6 closes in line 7, where the third begins as well.
        assert_eq!(lines[1..], [7, 7]);
        let error = script.locate(&engine, 0, Error::new(ErrorKind::Query, "no"));
        assert_eq!(error.to_string(), "no (at: a.sql:2)");
    }

    #[test]
    fn a_missing_file_is_a_usage_error() {
        let statements = Statements { parts: vec![Part::File("/no/such.sql".into())] };
        let error = Script::read_all(&statements).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert!(error.to_string().contains("/no/such.sql"));
    }
}
