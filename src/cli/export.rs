//! `entraql export RELATION -o FILE`: a whole table or view as a file, or as folders of files.

use std::path::Path;

use clap::Args;

use crate::cli::args::Options;
use crate::cli::destination::Destination;
use crate::cli::query::{Run, with_run_to};
use crate::cli::script::Script;
use crate::error::{Error, ErrorKind, Result};
use crate::output::{FileFormat, Format, check_folder};

/// What to write, and how it is laid out.
#[derive(Debug, Clone, Args)]
pub(super) struct ExportOptions {
    /// The table or view, such as `users` or `ocsf.authentication`
    relation: String,
    /// Only the rows for which a SQL condition holds
    #[arg(long = "where", value_name = "SQL")]
    condition: Option<String>,
    /// Make a folder for each value of these columns; `day` is the UTC day of a row
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    partition_by: Vec<String>,
}

/// Writes every row, or nothing. It reads and does nothing else, whatever the condition says.
pub(super) async fn run(options: &Options, export: &ExportOptions) -> Result<()> {
    let script = Script::of(export.sql()?);
    // The format of the settings is one for people.
    let format = options.format;
    let mut options = options.clone().with_defaults()?;
    options.format = format;
    options.running.safe = true;
    options.json_column = export.json_column();
    let destination = export.destination(&options)?;
    Box::pin(with_run_to(&options, destination, async |run| write(run, script).await)).await
}

async fn write(run: &Run<'_>, script: Script) -> Result<()> {
    match script.statements(run.engine())?.len() {
        1 => run.all(&[script]).await,
        _ => Err(Error::new(ErrorKind::Usage, "`--where` takes one condition, without a `;`")),
    }
}

impl ExportOptions {
    fn sql(&self) -> Result<String> {
        let relation = &self.relation;
        if !is_name(relation) {
            let message = format!("`{relation}` is no name of a table or view");
            return Err(Error::new(ErrorKind::Usage, message)
                .with_hint("the rows of a query: `entraql -c 'SELECT …' -o FILE`"));
        }
        Ok(match &self.condition {
            None => format!("SELECT * FROM {relation}"),
            // On lines of its own, so that a comment in it ends before the bracket does.
            Some(condition) => format!("SELECT * FROM {relation} WHERE (\n{condition}\n)"),
        })
    }

    /// A row of all events has its event as text, and beside it columns to find it by.
    fn json_column(&self) -> Option<&'static str> {
        let relation = self.relation.to_ascii_lowercase();
        let of_catalog = relation.strip_prefix("entra.").unwrap_or(&relation);
        matches!(of_catalog, "ocsf.events" | "ocsf_events" | "graph.ocsf_events").then_some("event")
    }

    /// Refuses what cannot be written before anything is asked for.
    fn destination(&self, options: &Options) -> Result<Destination> {
        // What is shown instead of the rows is for a person.
        if options.limits.dry_run {
            return Ok(Destination::Stdout(options.format.unwrap_or(Format::Table)));
        }
        let path = options.output.as_deref().filter(|path| *path != Path::new("-"));
        match (path, &self.partition_by[..]) {
            (None, []) => Ok(Destination::Stdout(options.format.unwrap_or(Format::Ndjson))),
            (Some(_), []) => Destination::of(options),
            (Some(path), by) => {
                check_folder(path)?;
                let format = FileFormat::in_folder(path, options.format)?;
                Ok(Destination::Folder(path.to_owned(), format, by.to_vec()))
            }
            (None, _) => Err(Error::new(ErrorKind::Usage, "`--partition-by` makes a folder")
                .with_hint("`-o DIR` names it")),
        }
    }
}

/// A name of up to three parts, each of which SQL takes without quotes.
fn is_name(relation: &str) -> bool {
    let is_part = |part: &str| {
        let mut letters = part.chars();
        letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
            && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    relation.split('.').count() <= 3 && relation.split('.').all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn export(relation: &str, condition: Option<&str>) -> Result<String> {
        let condition = condition.map(str::to_owned);
        ExportOptions { relation: relation.into(), condition, partition_by: Vec::new() }.sql()
    }

    #[test]
    fn a_relation_is_a_name_and_nothing_else() {
        for name in ["users", "ocsf.authentication", "entra.graph.Users", "_x1"] {
            assert_eq!(export(name, None).unwrap(), format!("SELECT * FROM {name}"));
        }
        for text in ["", "SELECT 1", "users;", "a.b.c.d", "a..b", "1a", "f('x')", "\"users\""] {
            assert_eq!(export(text, None).unwrap_err().kind(), ErrorKind::Usage, "{text}");
        }
    }

    #[test]
    fn a_comment_in_the_condition_ends_with_it() {
        let sql = export("users", Some("true -- all")).unwrap();
        assert_eq!(sql, "SELECT * FROM users WHERE (\ntrue -- all\n)");
    }
}
