//! Parquet, row group by row group, so that memory does not grow with the result.

use std::fs::File;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, ZstdLevel};
use datafusion::parquet::file::metadata::KeyValue;
use datafusion::parquet::file::properties::WriterProperties;

use crate::error::Result;
use crate::output::names;
use crate::output::out::from_format;
use crate::output::{RowSink, Summary};

/// Rows of one row group.
const GROUP_ROWS: usize = 64 * 1024;

/// A row group is closed early at this size: raw JSON makes rows of many kilobytes.
const GROUP_BYTES: usize = 128 * 1024 * 1024;

/// Writes Parquet; the facts about the result go into its key-value metadata.
pub(super) struct ParquetSink {
    target: Option<File>,
    writer: Option<(SchemaRef, ArrowWriter<File>)>,
}

impl ParquetSink {
    pub(super) fn new(file: File) -> Self {
        Self { target: Some(file), writer: None }
    }
}

impl RowSink for ParquetSink {
    fn begin(&mut self, schema: &SchemaRef) -> Result<()> {
        let Some(file) = self.target.take() else { return Ok(()) };
        let schema = names::unique(schema);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_created_by(concat!("entraql ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties));
        self.writer = Some((schema, writer.map_err(from_format)?));
        Ok(())
    }

    fn rows(&mut self, batch: &RecordBatch) -> Result<()> {
        let Some((schema, writer)) = &mut self.writer else { return Ok(()) };
        writer.write(&names::renamed(batch, schema)?).map_err(from_format)?;
        if writer.in_progress_size() > GROUP_BYTES {
            writer.flush().map_err(from_format)?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>, summary: &Summary) -> Result<()> {
        let Some((_, mut writer)) = self.writer else { return Ok(()) };
        for (name, value) in &summary.facts {
            writer.append_key_value_metadata(KeyValue::new((*name).to_owned(), value.clone()));
        }
        writer.close().map_err(from_format)?;
        Ok(())
    }
}
