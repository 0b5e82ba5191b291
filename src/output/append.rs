//! Results one after the other in one file, each of them whole.

use std::fs::File;
use std::io::{self, Seek};
use std::path::{Path, PathBuf};

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;

use crate::error::Result;
use crate::output::out::from_io;
use crate::output::{Format, Looks, RowSink, Style, Summary};

/// Opens a result that is added to the end of a file when it is complete.
pub fn append_file(path: &Path, format: Format, looks: &Looks) -> Result<Box<dyn RowSink>> {
    let named = |e| from_io(e).with_context("file", path.display().to_string());
    let rows = tempfile::tempfile().map_err(named)?;
    let writer = rows.try_clone().map_err(named)?;
    let inner = format.sink(Box::new(writer), Style::plain(), looks);
    Ok(Box::new(AppendSink { inner, rows, target: path.to_owned() }))
}

/// A format on its way to the end of a file.
struct AppendSink {
    inner: Box<dyn RowSink>,
    rows: File,
    target: PathBuf,
}

impl RowSink for AppendSink {
    fn begin(&mut self, schema: &SchemaRef) -> Result<()> {
        self.inner.begin(schema)
    }

    fn rows(&mut self, batch: &RecordBatch) -> Result<()> {
        self.inner.rows(batch)
    }

    fn finish(self: Box<Self>, summary: &Summary) -> Result<()> {
        let Self { inner, rows, target } = *self;
        inner.finish(summary)?;
        append(rows, &target)
            .map_err(|e| from_io(e).with_context("file", target.display().to_string()))
    }
}

fn append(mut rows: File, target: &Path) -> io::Result<()> {
    rows.rewind()?;
    let mut file = File::options().append(true).create(true).open(target)?;
    io::copy(&mut rows, &mut file)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::output::testing::{batch, numbers};

    #[test]
    fn only_whole_results_are_added() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        let rows = batch(&[("n", numbers(&[Some(1)]))]);
        for is_whole in [true, false, true] {
            let mut sink = append_file(&path, Format::Csv, &Looks::default()).unwrap();
            sink.begin(&rows.schema()).unwrap();
            sink.rows(&rows).unwrap();
            if is_whole {
                sink.finish(&Summary::default()).unwrap();
            }
        }
        assert_eq!(fs::read_to_string(path).unwrap(), "n\n1\nn\n1\n");
    }
}
