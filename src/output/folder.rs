//! Rows in folders by the values of columns: `class_uid=3002/day=2026-11-20/part-0.parquet`.
//!
//! Rows are kept until there are many, and then the largest part of them becomes a file. So
//! memory has a bound however many folders there are, and files are as large as it allows.
//! Everything is written beside the target, which appears when all of it is on the disk.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use datafusion::arrow::array::{RecordBatch, UInt32Array};
use datafusion::arrow::compute::take_record_batch;
use datafusion::arrow::datatypes::SchemaRef;
use tempfile::TempDir;

use crate::error::{Error, ErrorKind, Result};
use crate::output::beside::Beside;
use crate::output::file::sink;
use crate::output::names;
use crate::output::out::from_format;
use crate::output::partition::Partition;
use crate::output::{FileFormat, Looks, RowSink, Summary};

/// Bytes of rows that are kept.
const KEPT: usize = 128 * 1024 * 1024;

/// Opens a folder for one result, a folder in it for each value of the columns `by`. A column
/// `day` that the rows do not have is the UTC day of their time.
///
/// # Errors
///
/// `Usage` when there is such a folder, and something is in it: rows of two exports in one
/// folder would be one table to every reader.
pub fn open_folder(
    path: &Path,
    format: FileFormat,
    by: &[String],
    looks: &Looks,
) -> Result<Box<dyn RowSink>> {
    check_folder(path)?;
    let target = path.components().collect::<PathBuf>();
    let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty());
    let staged = tempfile::Builder::new()
        .prefix(".entraql-")
        .tempdir_in(parent.unwrap_or(Path::new(".")))
        .map_err(|error| failed(path, error))?;
    let folder = staged.path().join("rows");
    fs::create_dir(&folder).map_err(|error| failed(path, error))?;
    Ok(Box::new(Beside::new(Box::new(FolderSink {
        staged,
        folder,
        target,
        format,
        by: by.to_vec(),
        looks: looks.clone(),
        kept: KEPT,
        layout: None,
        parts: BTreeMap::new(),
    }))))
}

/// Tells whether rows can be written to a new folder.
///
/// # Errors
///
/// As [`open_folder`].
pub fn check_folder(path: &Path) -> Result<()> {
    let problem = match fs::read_dir(path).map(|mut entries| entries.next().is_some()) {
        Ok(false) => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Ok(true) => "has files already",
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => "is not a folder",
        Err(error) => return Err(failed(path, error)),
    };
    Err(Error::new(ErrorKind::Usage, format!("`{}` {problem}", path.display()))
        .with_hint("`--partition-by` makes a new folder; name one that is not there"))
}

/// Folders under construction.
struct FolderSink {
    staged: TempDir,
    /// Below `staged`, so that it has the mode of any new folder.
    folder: PathBuf,
    target: PathBuf,
    format: FileFormat,
    by: Vec<String>,
    looks: Looks,
    kept: usize,
    layout: Option<(SchemaRef, Partition)>,
    parts: BTreeMap<String, Part>,
}

/// The rows of one folder that are not in a file yet.
#[derive(Default)]
struct Part {
    rows: Vec<RecordBatch>,
    bytes: usize,
    files: usize,
}

impl FolderSink {
    /// Writes what is kept of a folder into its next file.
    fn write(&mut self, name: &str) -> Result<()> {
        let Some(part) = self.parts.get_mut(name).filter(|part| !part.rows.is_empty()) else {
            return Ok(());
        };
        let folder = self.folder.join(name);
        let path = folder.join(format!("part-{}.{}", part.files, self.format.suffix()));
        let rows = std::mem::take(&mut part.rows);
        (part.bytes, part.files) = (0, part.files + 1);
        let place = self.target.join(name);
        fs::create_dir_all(&folder).map_err(|error| failed(&place, error))?;
        write(&path, self.format, &self.looks, &rows)
            .map_err(|error| error.with_context("folder", place.display().to_string()))
    }

    fn write_largest(&mut self) -> Result<()> {
        while self.parts.values().map(|part| part.bytes).sum::<usize>() > self.kept {
            let largest = self.parts.iter().max_by_key(|(_, part)| part.bytes);
            let Some(name) = largest.map(|(name, _)| name.clone()) else { break };
            self.write(&name)?;
        }
        Ok(())
    }
}

impl RowSink for FolderSink {
    fn begin(&mut self, schema: &SchemaRef) -> Result<()> {
        let schema = names::unique(schema);
        let partition = Partition::new(&schema, &self.by, self.format)?;
        self.layout = Some((schema, partition));
        Ok(())
    }

    fn rows(&mut self, batch: &RecordBatch) -> Result<()> {
        let Some((schema, partition)) = &self.layout else { return Ok(()) };
        let batch = names::renamed(batch, schema)?;
        let kept = partition.kept(&batch)?;
        for (folder, rows) in partition.folders(&batch)? {
            let rows = match rows.len() == batch.num_rows() {
                true => kept.clone(),
                false => take_record_batch(&kept, &UInt32Array::from(rows)).map_err(from_format)?,
            };
            let part = self.parts.entry(folder).or_default();
            part.bytes += rows.get_array_memory_size();
            part.rows.push(rows);
        }
        self.write_largest()
    }

    fn finish(mut self: Box<Self>, _summary: &Summary) -> Result<()> {
        for name in self.parts.keys().cloned().collect::<Vec<_>>() {
            self.write(&name)?;
        }
        check_folder(&self.target)?;
        // Not every system replaces an empty folder; one that is not empty is never removed.
        let _ = fs::remove_dir(&self.target);
        fs::rename(&self.folder, &self.target).map_err(|error| failed(&self.target, error))?;
        self.staged.close().map_err(|error| failed(&self.target, error))
    }
}

/// Writes one file, to the disk.
fn write(path: &Path, format: FileFormat, looks: &Looks, rows: &[RecordBatch]) -> Result<()> {
    // Two folders may be one where the case of names does not count.
    let file = File::create_new(path).map_err(|error| failed(path, error))?;
    let mut sink = sink(file.try_clone().map_err(|error| failed(path, error))?, format, looks);
    for (at, batch) in rows.iter().enumerate() {
        if at == 0 {
            sink.begin(&batch.schema())?;
        }
        sink.rows(batch)?;
    }
    sink.finish(&Summary::default())?;
    file.sync_all().map_err(|error| failed(path, error))
}

fn failed(path: &Path, error: io::Error) -> Error {
    Error::new(ErrorKind::Output, format!("`{}` cannot be written: {error}", path.display()))
        .with_source(error)
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::AsArray;
    use datafusion::arrow::datatypes::Int64Type;
    use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    use super::*;
    use crate::output::testing::{batch, numbers, text};

    fn by(columns: &[&str]) -> Vec<String> {
        columns.iter().map(|&column| column.to_owned()).collect()
    }

    fn sample(from: i64) -> RecordBatch {
        let n: Vec<_> = (from..from + 6).map(Some).collect();
        let kind = [Some("a"), Some("b/.."), None, Some("a"), Some(""), Some("a")];
        batch(&[("n", numbers(&n)), ("kind", text(&kind))])
    }

    fn files(folder: &Path, below: &str, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{below}{}", entry.file_name().into_string().unwrap());
            match entry.path().is_dir() {
                true => files(&entry.path(), &format!("{name}/"), found),
                false => found.push(name),
            }
        }
        found.sort();
    }

    fn numbers_in(path: &Path) -> Vec<i64> {
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
        let batches = reader.build().unwrap().map(Result::unwrap);
        batches
            .flat_map(|batch| {
                assert_eq!(batch.num_columns(), 1, "the folder is the column");
                batch.column(0).as_primitive::<Int64Type>().values().to_vec()
            })
            .collect()
    }

    fn export(target: &Path, kept: usize, batches: &[RecordBatch]) -> FolderSink {
        let folder = tempfile::tempdir_in(target.parent().unwrap()).unwrap();
        let rows = folder.path().join("rows");
        fs::create_dir(&rows).unwrap();
        let mut sink = FolderSink {
            staged: folder,
            folder: rows,
            target: target.to_owned(),
            format: FileFormat::Parquet,
            by: by(&["kind"]),
            looks: Looks::default(),
            kept,
            layout: None,
            parts: BTreeMap::new(),
        };
        sink.begin(&batches[0].schema()).unwrap();
        for batch in batches {
            sink.rows(batch).unwrap();
        }
        sink
    }

    #[test]
    fn every_value_has_its_folder_and_null_has_one_too() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("out");
        let sink = export(&target, KEPT, &[sample(0), sample(6)]);
        assert!(!target.exists(), "it appears when it is complete");
        Box::new(sink).finish(&Summary::default()).unwrap();
        let mut found = Vec::new();
        files(place.path(), "", &mut found);
        let null = "out/kind=__HIVE_DEFAULT_PARTITION__/part-0.parquet";
        let expected = [
            "out/kind=/part-0.parquet",
            null,
            "out/kind=a/part-0.parquet",
            "out/kind=b%2F../part-0.parquet",
        ];
        assert_eq!(found, expected);
        assert_eq!(numbers_in(&place.path().join(null)), [2, 8]);
        assert_eq!(numbers_in(&target.join("kind=a/part-0.parquet")), [0, 3, 5, 6, 9, 11]);
    }

    #[test]
    fn rows_beyond_the_bound_are_written_in_further_files_and_none_is_lost() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("out");
        let batches: Vec<_> = (0..20).map(|n| sample(n * 6)).collect();
        let sink = export(&target, 2_000, &batches);
        assert!(sink.parts.values().map(|part| part.bytes).sum::<usize>() <= 2_000);
        Box::new(sink).finish(&Summary::default()).unwrap();
        let mut found = Vec::new();
        files(&target, "", &mut found);
        assert!(found.iter().any(|name| name == "kind=a/part-2.parquet"), "{found:?}");
        let mut all: Vec<_> =
            found.iter().flat_map(|name| numbers_in(&target.join(name))).collect();
        all.sort_unstable();
        assert_eq!(all, (0..120).collect::<Vec<_>>());
    }

    #[test]
    fn an_export_that_is_dropped_leaves_nothing() {
        let place = tempfile::tempdir().unwrap();
        drop(export(&place.path().join("out"), 0, &[sample(0)]));
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_folder_with_files_is_refused_and_an_empty_one_is_taken() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("out");
        fs::create_dir(&target).unwrap();
        let open = || open_folder(&target, FileFormat::Parquet, &by(&["kind"]), &Looks::default());
        let mut sink = open().unwrap();
        sink.begin(&sample(0).schema()).unwrap();
        sink.rows(&sample(0)).unwrap();
        sink.finish(&Summary::default()).unwrap();
        let error = open().err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Usage);
        let file = target.join("kind=a/part-0.parquet");
        assert_eq!(check_folder(&file).unwrap_err().kind(), ErrorKind::Usage);
    }

    #[test]
    fn what_came_in_between_is_not_replaced() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("out");
        let sink = export(&target, KEPT, &[sample(0)]);
        fs::create_dir(&target).unwrap();
        fs::write(target.join("mine"), "x").unwrap();
        assert_eq!(
            Box::new(sink).finish(&Summary::default()).unwrap_err().kind(),
            ErrorKind::Usage
        );
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
        assert_eq!(fs::read_to_string(target.join("mine")).unwrap(), "x");
    }
}
