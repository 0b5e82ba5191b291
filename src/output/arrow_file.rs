//! Arrow IPC files, which other Arrow programs map into memory as they are.

use std::fs::File;
use std::io::BufWriter;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::ipc::writer::FileWriter;

use crate::error::Result;
use crate::output::names;
use crate::output::out::{from_format, from_io};
use crate::output::{RowSink, Summary};

/// Writes an Arrow IPC file; the facts about the result go into its footer.
pub(super) struct ArrowSink {
    target: Option<File>,
    writer: Option<(SchemaRef, FileWriter<BufWriter<File>>)>,
}

impl ArrowSink {
    pub(super) fn new(file: File) -> Self {
        Self { target: Some(file), writer: None }
    }
}

impl RowSink for ArrowSink {
    fn begin(&mut self, schema: &SchemaRef) -> Result<()> {
        let Some(file) = self.target.take() else { return Ok(()) };
        let schema = names::unique(schema);
        let writer = FileWriter::try_new_buffered(file, &schema).map_err(from_format)?;
        self.writer = Some((schema, writer));
        Ok(())
    }

    fn rows(&mut self, batch: &RecordBatch) -> Result<()> {
        let Some((schema, writer)) = &mut self.writer else { return Ok(()) };
        writer.write(&names::renamed(batch, schema)?).map_err(from_format)
    }

    fn finish(self: Box<Self>, summary: &Summary) -> Result<()> {
        let Some((_, mut writer)) = self.writer else { return Ok(()) };
        for (name, value) in &summary.facts {
            writer.write_metadata(*name, value.clone());
        }
        let buffer = writer.into_inner().map_err(from_format)?;
        buffer.into_inner().map_err(|e| from_io(e.into_error()))?;
        Ok(())
    }
}
