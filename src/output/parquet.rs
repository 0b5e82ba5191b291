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

/// A row group is closed early when it takes so much memory: raw JSON makes rows of many
/// kilobytes.
const GROUP_BYTES: usize = 96 * 1024 * 1024;

/// Writes Parquet; the facts about the result go into its key-value metadata.
pub(super) struct ParquetSink {
    target: Option<File>,
    writer: Option<(SchemaRef, ArrowWriter<File>)>,
    group_bytes: usize,
}

impl ParquetSink {
    pub(super) fn new(file: File) -> Self {
        Self { target: Some(file), writer: None, group_bytes: GROUP_BYTES }
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
        if writer.memory_size() > self.group_bytes {
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

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::AsArray;
    use datafusion::arrow::datatypes::Int64Type;
    use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    use super::*;
    use crate::output::testing::{batch, numbers, text};

    #[test]
    fn a_row_group_ends_at_a_number_of_bytes_and_no_row_is_lost() {
        let file = tempfile::tempfile().unwrap();
        let mut sink = Box::new(ParquetSink::new(file.try_clone().unwrap()));
        sink.group_bytes = 20_000;
        let rows = |n: i64| {
            let long = format!("{n}").repeat(10_000);
            batch(&[("n", numbers(&[Some(n)])), ("raw", text(&[Some(&long)]))])
        };
        sink.begin(&rows(0).schema()).unwrap();
        for n in 0..9 {
            sink.rows(&rows(n)).unwrap();
            let (_, writer) = sink.writer.as_ref().unwrap();
            assert!(writer.memory_size() <= 20_000);
        }
        sink.finish(&Summary::default()).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
        assert!(reader.metadata().num_row_groups() > 2);
        let batches = reader.build().unwrap().map(Result::unwrap);
        let found: Vec<_> = batches
            .flat_map(|batch| batch.column(0).as_primitive::<Int64Type>().values().to_vec())
            .collect();
        assert_eq!(found, (0..9).collect::<Vec<_>>());
    }
}
