//! `entraql snapshot DIR`: whole tables as files, for `--offline DIR`.

use std::fs;
use std::io;
use std::path::PathBuf;

use clap::Args;

use crate::cli::args::Options;
use crate::cli::query::{Run, with_run};
use crate::cli::told;
use crate::error::{Error, ErrorKind, Result};
use crate::output::note;

/// What to keep, and where.
#[derive(Debug, Clone, Args)]
pub(super) struct SnapshotOptions {
    /// The folder; each table is a Parquet file in it, and replaces the one before
    folder: PathBuf,
    /// The tables; if none is named, all but those that take a request per user, group or app
    tables: Vec<String>,
    /// Keep a column that `SELECT *` leaves out as well; may be repeated
    #[arg(long, value_name = "TABLE.COLUMN")]
    with: Vec<String>,
}

/// Reads the tables one after the other. One the tenant does not let us read is told, and the
/// others are kept.
pub(super) async fn run(options: &Options, snapshot: &SnapshotOptions) -> Result<()> {
    fs::create_dir_all(&snapshot.folder).map_err(|error| {
        let folder = snapshot.folder.display();
        Error::new(ErrorKind::Output, format!("`{folder}` cannot be made: {error}"))
            .with_source(error)
    })?;
    with_run(options, async |run| keep(options, snapshot, run).await).await
}

async fn keep(options: &Options, snapshot: &SnapshotOptions, run: &Run<'_>) -> Result<()> {
    let tables = run.engine().snapshot_tables(&snapshot.tables)?;
    let more = snapshot.columns(&tables)?;
    let mut refused = Vec::new();
    for table in &tables {
        let path = snapshot.folder.join(table).with_extension("parquet");
        let of_table = more.iter().filter(|(of, _)| of == table);
        let columns: Vec<_> =
            std::iter::once("*").chain(of_table.map(|(_, column)| column.as_str())).collect();
        let sql = format!("SELECT {} FROM {table}", columns.join(", "));
        note(&mut io::stderr(), &format!("{table}: {}", path.display()));
        match run.to_file(&sql, &path).await {
            Ok(_) => {}
            Err(error) if matches!(error.kind(), ErrorKind::Permission | ErrorKind::License) => {
                told(&error, options.error_format, options.verbose);
                refused.push(error.kind());
            }
            Err(error) => return Err(error),
        }
    }
    match refused.first() {
        None => Ok(()),
        Some(kind) => {
            let message = format!("{} of {} tables cannot be read", refused.len(), tables.len());
            Err(Error::new(*kind, message))
        }
    }
}

impl SnapshotOptions {
    /// Returns the tables and columns of `--with`.
    fn columns(&self, tables: &[String]) -> Result<Vec<(String, String)>> {
        let split = |name: &String| match name.split_once('.') {
            Some((table, column)) if tables.iter().any(|known| known == table) => {
                Ok((table.to_owned(), column.to_owned()))
            }
            _ => Err(Error::new(ErrorKind::Usage, format!("`{name}` is no column to keep"))
                .with_hint("a table of the snapshot and its column: `users.sign_in_activity`")),
        };
        self.with.iter().map(split).collect()
    }
}
