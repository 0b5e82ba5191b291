//! Small results for the tests of this room.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use datafusion::arrow::array::{
    ArrayRef, Int64Array, ListBuilder, RecordBatch, StringArray, StringBuilder, StructArray,
};
use datafusion::arrow::datatypes::{DataType, Field, Schema};

use crate::output::{Format, Looks, Style, Summary};

/// A writer whose bytes can be read afterwards.
#[derive(Clone, Default)]
pub(super) struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    pub(super) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub(super) fn text(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

pub(super) fn numbers(values: &[Option<i64>]) -> ArrayRef {
    Arc::new(Int64Array::from(values.to_vec()))
}

pub(super) fn list_of_text(rows: &[&[&str]]) -> ArrayRef {
    let mut builder = ListBuilder::new(StringBuilder::new());
    for row in rows {
        builder.append_value(row.iter().map(|item| Some(*item)));
    }
    Arc::new(builder.finish())
}

pub(super) fn record(fields: &[(&str, Option<&str>)]) -> ArrayRef {
    let columns = fields
        .iter()
        .map(|&(name, value)| (Arc::new(Field::new(name, DataType::Utf8, true)), text(&[value])));
    Arc::new(StructArray::from(columns.collect::<Vec<_>>()))
}

/// Unlike `RecordBatch::try_from_iter`, names may repeat.
pub(super) fn batch(columns: &[(&str, ArrayRef)]) -> RecordBatch {
    let fields = columns.iter().map(|(n, c)| Field::new(*n, c.data_type().clone(), true));
    let schema = Schema::new(fields.collect::<Vec<_>>());
    let arrays = columns.iter().map(|(_, c)| Arc::clone(c)).collect();
    RecordBatch::try_new(Arc::new(schema), arrays).unwrap()
}

/// Writes a batch in a format and returns the text.
pub(super) fn written(format: Format, style: Style, batch: &RecordBatch) -> String {
    written_with(format, style, &Looks::default(), batch)
}

/// Writes a batch as the user wishes and returns the text.
pub(super) fn written_with(
    format: Format,
    style: Style,
    looks: &Looks,
    batch: &RecordBatch,
) -> String {
    let buffer = Buffer::default();
    let mut sink = format.sink(Box::new(buffer.clone()), style, looks);
    sink.begin(&batch.schema()).unwrap();
    sink.rows(batch).unwrap();
    sink.finish(&Summary::default()).unwrap();
    buffer.text()
}
