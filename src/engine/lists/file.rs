//! One list: its file, and its rows once somebody asked for them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use datafusion::catalog::TableProvider;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::engine::lists::{Rows, csv, json};
use crate::error::{Error, ErrorKind, Result};

/// Bytes of a file whose rows are kept in memory.
const LARGEST: u64 = 64 * 1_024 * 1_024;

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Csv,
    Json,
    Parquet,
}

impl Format {
    /// Returns what the suffix says, if it says one of ours.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let suffix = path.extension()?.to_str()?.to_ascii_lowercase();
        Some(match suffix.as_str() {
            "csv" | "tsv" => Self::Csv,
            "json" | "jsonl" | "ndjson" => Self::Json,
            "parquet" => Self::Parquet,
            _ => return None,
        })
    }

    fn read(self, path: &Path) -> Result<Rows, String> {
        let facts = fs::metadata(path).map_err(|error| error.to_string())?;
        if !facts.is_file() {
            return Err("it is not a file".to_owned());
        }
        if facts.len() > LARGEST {
            return Err(format!("it is larger than {} MiB", LARGEST / (1_024 * 1_024)));
        }
        match self {
            Self::Csv => csv::read(&text(path)?),
            Self::Json => json::read(&text(path)?),
            Self::Parquet => parquet(path),
        }
    }
}

fn text(path: &Path) -> Result<String, String> {
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    if text.trim().is_empty() { Err("it is empty".to_owned()) } else { Ok(text) }
}

fn parquet(path: &Path) -> Result<Rows, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| e.to_string())?;
    let schema = Arc::clone(builder.schema());
    let reader = builder.build().map_err(|error| error.to_string())?;
    let batches = reader.collect::<Result<_, _>>().map_err(|error| error.to_string())?;
    Ok(Rows { schema, batches })
}

/// The length and the time a file had when it was read.
type Stamp = (u64, Option<SystemTime>);

/// A table, and the file it came from as it was then.
type Kept = (Stamp, Arc<dyn TableProvider>);

/// A list by the files with its name, of which there must be one.
#[derive(Debug, Default)]
pub(super) struct Listed {
    files: Vec<(PathBuf, Format)>,
    kept: Mutex<Option<Kept>>,
}

impl Listed {
    pub(super) fn add(&mut self, path: PathBuf, format: Format) {
        self.files.push((path, format));
    }

    /// Returns what the list is, in a sentence.
    pub(super) fn about(&self) -> String {
        let names = self.files.iter().filter_map(|(path, _)| path.file_name());
        let names: Vec<_> = names.map(|name| name.to_string_lossy().into_owned()).collect();
        match names.len() {
            1 => format!("The rows of `{}`.", names.concat()),
            _ => format!("Not known: {} have this name.", names.join(" and ")),
        }
    }

    /// Returns the rows, read again if the file has changed.
    pub(super) fn table(&self, name: &str) -> Result<Arc<dyn TableProvider>> {
        let [(path, format)] = &self.files[..] else { return Err(self.ambiguous(name)) };
        let stamp = stamp(path);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((then, table)) = kept.as_ref()
            && Some(then) == stamp.as_ref()
        {
            return Ok(Arc::clone(table));
        }
        let rows = format.read(path).map_err(|why| unreadable(name, path, &why))?;
        let table = rows.table()?;
        *kept = stamp.map(|stamp| (stamp, Arc::clone(&table)));
        Ok(table)
    }

    fn ambiguous(&self, name: &str) -> Error {
        let paths = self.files.iter().map(|(path, _)| path.display().to_string());
        let paths: Vec<_> = paths.collect();
        Error::new(ErrorKind::Config, format!("`lists.{name}` is the name of several files"))
            .with_context("files", paths.join(", "))
            .with_hint("rename all but one of them, or move them out of the folder")
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let facts = fs::metadata(path).ok()?;
    Some((facts.len(), facts.modified().ok()))
}

fn unreadable(name: &str, path: &Path, why: &str) -> Error {
    Error::new(ErrorKind::Config, format!("`lists.{name}` can't be read: {why}"))
        .with_context("file", path.display().to_string())
        .with_hint("mend the file, or read it another way with CREATE EXTERNAL TABLE")
}
