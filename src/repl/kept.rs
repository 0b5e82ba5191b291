//! The rows of the last result, for another look without another request.
//!
//! Rows beyond some memory go to a file without a name, which the system removes with
//! the process.

use std::fs::File;
use std::io::{self, Seek, SeekFrom};

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::ipc::reader::StreamReader;
use datafusion::arrow::ipc::writer::StreamWriter;

use crate::error::{Error, ErrorKind, Result};

/// Bytes kept in memory.
const MEMORY: usize = 64 * 1024 * 1024;

/// Rows in the order they came.
pub(super) struct Kept {
    schema: SchemaRef,
    memory: Vec<RecordBatch>,
    bytes: usize,
    most: usize,
    spilled: Option<StreamWriter<File>>,
}

impl Kept {
    pub(super) fn new(schema: SchemaRef) -> Self {
        Self { schema, memory: Vec::new(), bytes: 0, most: MEMORY, spilled: None }
    }

    pub(super) fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.schema)
    }

    pub(super) fn push(&mut self, batch: &RecordBatch) -> Result<()> {
        self.bytes += batch.get_array_memory_size();
        self.memory.push(batch.clone());
        if self.bytes > self.most { self.spill() } else { Ok(()) }
    }

    fn spill(&mut self) -> Result<()> {
        let mut writer = match self.spilled.take() {
            Some(writer) => writer,
            None => {
                let file = tempfile::tempfile().map_err(|e| unkept(e.into()))?;
                StreamWriter::try_new(file, &self.schema).map_err(unkept)?
            }
        };
        for batch in self.memory.drain(..) {
            writer.write(&batch).map_err(unkept)?;
        }
        self.bytes = 0;
        self.spilled = Some(writer);
        Ok(())
    }

    /// Hands out every row again.
    pub(super) fn replay(
        &mut self,
        mut take: impl FnMut(&RecordBatch) -> Result<()>,
    ) -> Result<()> {
        if let Some(writer) = &mut self.spilled {
            for batch in reader(writer).map_err(unkept)? {
                take(&batch.map_err(unkept)?)?;
            }
            // Reading has moved the place where the next rows go.
            writer.get_mut().seek(SeekFrom::End(0)).map_err(|e| unkept(e.into()))?;
        }
        self.memory.iter().try_for_each(take)
    }
}

fn reader(
    writer: &mut StreamWriter<File>,
) -> std::result::Result<StreamReader<io::BufReader<File>>, ArrowError> {
    writer.flush()?;
    let mut file = writer.get_ref().try_clone()?;
    file.rewind()?;
    StreamReader::try_new(io::BufReader::new(file), None)
}

fn unkept(error: ArrowError) -> Error {
    Error::new(ErrorKind::Output, format!("the rows for `.last` could not be kept: {error}"))
        .with_hint("`.maxrows 100` keeps fewer of them; they go to the folder of temporary files")
        .with_source(error)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{Array, AsArray, Int64Array};
    use datafusion::arrow::datatypes::Int64Type;

    use super::*;

    fn numbers(range: std::ops::Range<i64>) -> RecordBatch {
        let column: Arc<dyn Array> = Arc::new(Int64Array::from_iter_values(range));
        RecordBatch::try_from_iter([("n", column)]).unwrap()
    }

    fn read(kept: &mut Kept) -> Vec<i64> {
        let mut all = Vec::new();
        kept.replay(|batch| {
            all.extend(batch.column(0).as_primitive::<Int64Type>().values());
            Ok(())
        })
        .unwrap();
        all
    }

    #[test]
    fn rows_beyond_the_memory_are_read_from_the_file_in_order() {
        let mut kept = Kept { most: 2_000, ..Kept::new(numbers(0..1).schema()) };
        for n in 0..10 {
            // A slice of a page, as the cap leaves it.
            kept.push(&numbers(n * 100..n * 100 + 150).slice(0, 100)).unwrap();
            assert_eq!(read(&mut kept), (0..(n + 1) * 100).collect::<Vec<_>>());
        }
        assert!(kept.spilled.is_some() && kept.bytes <= 2_000);
        assert_eq!(read(&mut kept).len(), 1_000, "and again");
    }
}
