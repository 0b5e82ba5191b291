//! Where results go: stdout, or the one file or folder of `-o`.

use std::io;
use std::path::{Path, PathBuf};

use crate::cli::args::Options;
use crate::cli::terminal;
use crate::error::{Error, ErrorKind, Result};
use crate::output::{FileFormat, Format, Looks, RowSink, open_file, open_folder};

/// The place all results of a run go to.
#[derive(Debug)]
pub(super) enum Destination {
    Stdout(Format),
    File(PathBuf, FileFormat),
    /// With the columns whose values are its folders.
    Folder(PathBuf, FileFormat, Vec<String>),
}

/// Words a statement that returns rows can begin with.
const ROW_WORDS: &[&str] =
    &["DESC", "DESCRIBE", "EXPLAIN", "FROM", "SELECT", "SHOW", "TABLE", "VALUES", "WITH"];

impl Destination {
    /// Reads it off the options.
    pub(super) fn of(options: &Options) -> Result<Self> {
        Ok(match &options.output {
            Some(path) if path != Path::new("-") => {
                Self::File(path.clone(), FileFormat::of(path, options.format)?)
            }
            _ => Self::Stdout(options.format.unwrap_or(Format::Table)),
        })
    }

    /// Refuses several results for one file before the first of them costs a request.
    pub(super) fn check<'a>(&self, statements: impl Iterator<Item = &'a String>) -> Result<()> {
        let mut results = statements.filter(|sql| returns_rows(sql));
        match self {
            Self::Stdout(_) => Ok(()),
            Self::File(..) | Self::Folder(..) if results.nth(1).is_some() => Err(several()),
            Self::File(..) | Self::Folder(..) => Ok(()),
        }
    }

    /// Returns whether a note about the result is part of it.
    pub(super) fn has_notes(&self) -> bool {
        matches!(self, Self::Stdout(format) if format.has_notes())
    }

    /// Opens the sink of the next result, after `before` others.
    pub(super) fn open(&self, before: usize, looks: &Looks) -> Result<Box<dyn RowSink>> {
        match self {
            Self::Stdout(format) => {
                Ok(format.sink(Box::new(io::stdout()), terminal::style(), looks))
            }
            _ if before > 0 => Err(several()),
            Self::File(path, format) => open_file(path, *format, looks),
            Self::Folder(path, format, by) => open_folder(path, *format, by, looks),
        }
    }
}

fn returns_rows(sql: &str) -> bool {
    let word = sql.trim_start_matches(['(', ' ']).split(|c: char| !c.is_alphanumeric()).next();
    word.is_some_and(|word| ROW_WORDS.contains(&word.to_uppercase().as_str()))
}

fn several() -> Error {
    Error::new(ErrorKind::Usage, "`-o` takes the result of one statement, and several return rows")
        .with_hint("run them one by one, each with its own `-o`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(statements: &[&str], is_fine: bool) {
        let file = Destination::File("a.csv".into(), FileFormat::Text(Format::Csv));
        let statements: Vec<_> = statements.iter().map(|&sql| sql.to_owned()).collect();
        assert_eq!(file.check(statements.iter()).is_ok(), is_fine, "{statements:?}");
        assert!(Destination::Stdout(Format::Csv).check(statements.iter()).is_ok());
    }

    #[test]
    fn a_file_takes_one_result() {
        check(&["SELECT 1"], true);
        check(&["SET a = 1", "CREATE VIEW v AS SELECT 1", "select * from v"], true);
        check(&["SELECT 1", "(select 2)"], false);
        check(&["WITH a AS (SELECT 1) SELECT * FROM a", "show tables"], false);
    }
}
