//! Results in files, their format told by the suffix.

use std::fs::File;
use std::path::{Path, PathBuf};

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;

use crate::error::{Error, ErrorKind, Result};
use crate::output::arrow_file::ArrowSink;
use crate::output::atomic::AtomicFile;
use crate::output::beside::Beside;
use crate::output::parquet::ParquetSink;
use crate::output::{Format, Looks, RowSink, Style, Summary};

/// What a file can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// Any of the text formats.
    Text(Format),
    /// Parquet, compressed with zstd.
    Parquet,
    /// An Arrow IPC file.
    Arrow,
}

/// Every suffix with what it stands for.
const SUFFIXES: &[(&str, FileFormat)] = &[
    ("parquet", FileFormat::Parquet),
    ("arrow", FileFormat::Arrow),
    ("ipc", FileFormat::Arrow),
    ("csv", FileFormat::Text(Format::Csv)),
    ("tsv", FileFormat::Text(Format::Tsv)),
    ("json", FileFormat::Text(Format::Json)),
    ("ndjson", FileFormat::Text(Format::Ndjson)),
    ("jsonl", FileFormat::Text(Format::Ndjson)),
    ("md", FileFormat::Text(Format::Markdown)),
    ("html", FileFormat::Text(Format::Html)),
];

impl FileFormat {
    /// Returns the format of a file: its suffix, or the one asked for by name.
    ///
    /// Errs when neither tells it, and when the two contradict each other.
    pub fn of(path: &Path, asked: Option<Format>) -> Result<Self> {
        match (Self::by_suffix(path), asked.map(Self::Text)) {
            (Some(suffix), None) => Ok(suffix),
            (None, Some(asked)) => Ok(asked),
            (Some(suffix), Some(asked)) if suffix == asked => Ok(asked),
            (Some(_), Some(_)) => Err(usage(path, "has a suffix that contradicts `--format`")),
            (None, None) => Err(usage(path, "has no suffix that names a format")),
        }
    }

    /// Returns the format of the files in a folder: Parquet, if none is asked for.
    ///
    /// Errs for a format that has no files.
    pub fn in_folder(path: &Path, asked: Option<Format>) -> Result<Self> {
        let format = match asked {
            Some(_) => Self::of(path, asked)?,
            None => Self::by_suffix(path).unwrap_or(Self::Parquet),
        };
        match format {
            Self::Text(Format::Csv | Format::Tsv | Format::Json | Format::Ndjson)
            | Self::Parquet
            | Self::Arrow => Ok(format),
            Self::Text(format) => {
                let message = format!("there are no folders of `{}`", format.name());
                Err(Error::new(ErrorKind::Usage, message).with_hint("Parquet, CSV or NDJSON"))
            }
        }
    }

    /// Returns the suffix of such files.
    pub(super) fn suffix(self) -> &'static str {
        let found = SUFFIXES.iter().find(|(_, format)| *format == self);
        found.map_or("txt", |(suffix, _)| suffix)
    }

    /// Returns the format the suffix of a file names, if it names one.
    pub fn by_suffix(path: &Path) -> Option<Self> {
        let suffix = path.extension()?.to_str()?.to_ascii_lowercase();
        SUFFIXES.iter().find(|(known, _)| *known == suffix).map(|&(_, format)| format)
    }
}

fn usage(path: &Path, problem: &str) -> Error {
    let known: Vec<_> = SUFFIXES.iter().map(|(suffix, _)| format!(".{suffix}")).collect();
    Error::new(ErrorKind::Usage, format!("`{}` {problem}", path.display()))
        .with_hint(format!("the suffixes are {}", known.join(", ")))
}

/// Opens a file for one result; it appears when the sink finishes.
pub fn open_file(path: &Path, format: FileFormat, looks: &Looks) -> Result<Box<dyn RowSink>> {
    let file = AtomicFile::create(path)?;
    let inner = sink(file.writer()?, format, looks);
    Ok(Box::new(Beside::new(Box::new(FileSink { inner, file, path: path.to_owned() }))))
}

/// Writes a format to an open file.
pub(super) fn sink(file: File, format: FileFormat, looks: &Looks) -> Box<dyn RowSink> {
    match format {
        FileFormat::Text(format) => format.sink(Box::new(file), Style::plain(), looks),
        FileFormat::Parquet => Box::new(ParquetSink::new(file)),
        FileFormat::Arrow => Box::new(ArrowSink::new(file)),
    }
}

/// A format on its way into an [`AtomicFile`].
struct FileSink {
    inner: Box<dyn RowSink>,
    file: AtomicFile,
    path: PathBuf,
}

impl FileSink {
    /// The format does not know the name of the file it writes to.
    fn named(path: &Path) -> impl FnOnce(Error) -> Error + '_ {
        |error| error.with_context("file", path.display().to_string())
    }
}

impl RowSink for FileSink {
    fn begin(&mut self, schema: &SchemaRef) -> Result<()> {
        self.inner.begin(schema).map_err(Self::named(&self.path))
    }

    fn rows(&mut self, batch: &RecordBatch) -> Result<()> {
        self.inner.rows(batch).map_err(Self::named(&self.path))
    }

    fn finish(self: Box<Self>, summary: &Summary) -> Result<()> {
        let Self { inner, file, path } = *self;
        inner.finish(summary).map_err(Self::named(&path))?;
        file.commit()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use datafusion::arrow::ipc::reader::FileReader;
    use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    use super::*;
    use crate::output::testing::{batch, list_of_text, numbers, record, text};

    fn sample() -> RecordBatch {
        batch(&[
            ("id", numbers(&[Some(1)])),
            ("id", text(&[None])),
            ("status", record(&[("code", Some("50126"))])),
            ("roles", list_of_text(&[&["a", "b"]])),
        ])
    }

    fn export(name: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        let mut sink =
            open_file(&path, FileFormat::of(&path, None).unwrap(), &Looks::default()).unwrap();
        sink.begin(&sample().schema()).unwrap();
        sink.rows(&sample()).unwrap();
        assert!(!path.exists(), "{name} appears only when it is complete");
        let facts = vec![("entraql.sql", "SELECT 1".to_owned())];
        sink.finish(&Summary { facts, note: None }).unwrap();
        (folder, path)
    }

    #[test]
    fn the_suffix_tells_the_format() {
        let of = |name: &str, asked| FileFormat::of(Path::new(name), asked);
        assert_eq!(of("a.PARQUET", None).unwrap(), FileFormat::Parquet);
        assert_eq!(of("a.jsonl", None).unwrap(), FileFormat::Text(Format::Ndjson));
        assert_eq!(of("a.txt", Some(Format::Table)).unwrap(), FileFormat::Text(Format::Table));
        assert_eq!(of("a.csv", Some(Format::Csv)).unwrap(), FileFormat::Text(Format::Csv));
        for error in [of("a.xls", None), of("a", None), of("a.csv", Some(Format::Json))] {
            let error = error.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Usage);
            assert!(error.hint().unwrap().contains(".parquet"));
        }
    }

    #[test]
    fn parquet_keeps_rows_types_and_facts() {
        let (_folder, path) = export("a.parquet");
        let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
        let facts = builder.metadata().file_metadata().key_value_metadata().unwrap().clone();
        assert!(
            facts.iter().any(|f| f.key == "entraql.sql" && f.value.as_deref() == Some("SELECT 1"))
        );
        let read = builder.build().unwrap().next().unwrap().unwrap();
        assert_eq!(read.columns(), sample().columns());
        assert_eq!(read.schema().field(1).name(), "id_2");
    }

    #[test]
    fn arrow_keeps_rows_types_and_facts() {
        let (_folder, path) = export("a.arrow");
        let mut reader = FileReader::try_new(File::open(path).unwrap(), None).unwrap();
        assert_eq!(reader.custom_metadata().get("entraql.sql").unwrap(), "SELECT 1");
        assert_eq!(reader.next().unwrap().unwrap().columns(), sample().columns());
    }

    #[test]
    fn text_files_are_written_by_suffix() {
        let (_folder, path) = export("a.ndjson");
        let line = fs::read_to_string(path).unwrap();
        assert!(
            line.starts_with("{\"id\":1,\"id_2\":null,\"status\":{\"code\":\"50126\"}"),
            "{line}"
        );
    }

    #[test]
    fn an_empty_result_is_a_valid_file() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.parquet", "a.arrow", "a.json"] {
            let path = folder.path().join(name);
            let mut sink =
                open_file(&path, FileFormat::of(&path, None).unwrap(), &Looks::default()).unwrap();
            sink.begin(&sample().schema()).unwrap();
            sink.finish(&Summary::default()).unwrap();
            assert!(fs::metadata(&path).unwrap().len() > 0, "{name}");
        }
    }

    #[test]
    fn a_dropped_export_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.parquet", "a.arrow", "a.csv"] {
            let path = folder.path().join(name);
            let mut sink =
                open_file(&path, FileFormat::of(&path, None).unwrap(), &Looks::default()).unwrap();
            sink.begin(&sample().schema()).unwrap();
            sink.rows(&sample()).unwrap();
            drop(sink);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
