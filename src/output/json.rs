//! JSON: one array, or one object per line.
//!
//! Nulls are written out, so that every row has every column. Columns of the same
//! name are told apart first: most readers keep only the last of two equal keys.

use std::sync::Arc;

use datafusion::arrow::array::{RecordBatch, StructArray};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, SchemaRef};
use datafusion::arrow::json::writer::{EncoderOptions, make_encoder};

use crate::error::Result;
use crate::output::names;
use crate::output::out::{Out, from_format};
use crate::output::{RowSink, Summary};

/// RFC 3339 in UTC, with subseconds only where there are any.
pub(super) const TIME_FORMAT: &str = "%Y-%m-%dT%H:%M:%S%.fZ";

/// Returns how values become JSON, here and inside CSV.
pub(super) fn options() -> EncoderOptions {
    EncoderOptions::default()
        .with_explicit_nulls(true)
        .with_timestamp_format(TIME_FORMAT.to_owned())
}

/// Writes rows as JSON objects.
pub(super) struct JsonSink {
    out: Out,
    shape: Shape,
    schema: Option<SchemaRef>,
    is_empty: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Array,
    Lines,
}

impl JsonSink {
    pub(super) fn array(out: Out) -> Self {
        Self { out, shape: Shape::Array, schema: None, is_empty: true }
    }

    pub(super) fn lines(out: Out) -> Self {
        Self { out, shape: Shape::Lines, schema: None, is_empty: true }
    }

    fn before_row(&mut self) -> &'static str {
        let first = std::mem::replace(&mut self.is_empty, false);
        match (self.shape, first) {
            (Shape::Lines, _) => "",
            (Shape::Array, true) => "[\n",
            (Shape::Array, false) => ",\n",
        }
    }

    fn after_row(&self) -> &'static str {
        if self.shape == Shape::Lines { "\n" } else { "" }
    }
}

impl RowSink for JsonSink {
    fn begin(&mut self, schema: &SchemaRef) -> Result<()> {
        self.schema = Some(names::unique(schema));
        Ok(())
    }

    fn rows(&mut self, batch: &RecordBatch) -> Result<()> {
        let schema = self.schema.clone().unwrap_or_else(|| batch.schema());
        let rows = StructArray::try_new_with_length(
            schema.fields().clone(),
            batch.columns().to_vec(),
            None,
            batch.num_rows(),
        )
        .map_err(from_format)?;
        let field: FieldRef =
            Arc::new(Field::new("row", DataType::Struct(schema.fields().clone()), false));
        let options = options();
        let mut encoder = make_encoder(&field, &rows, &options).map_err(from_format)?;
        let mut text = Vec::new();
        for row in 0..batch.num_rows() {
            text.extend_from_slice(self.before_row().as_bytes());
            encoder.encode(row, &mut text);
            text.extend_from_slice(self.after_row().as_bytes());
        }
        self.out.text(&String::from_utf8_lossy(&text))?;
        self.out.flush()
    }

    fn finish(mut self: Box<Self>, _summary: &Summary) -> Result<()> {
        self.out.text(match (self.shape, self.is_empty) {
            (Shape::Lines, _) => "",
            (Shape::Array, true) => "[]\n",
            (Shape::Array, false) => "\n]\n",
        })?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::{ArrayRef, TimestampMicrosecondArray};
    use serde_json::{Value, json};

    use super::*;
    use crate::output::testing::{batch, list_of_text, numbers, record, text, written};
    use crate::output::{Format, Style};

    fn parsed(columns: &[(&str, ArrayRef)]) -> Value {
        serde_json::from_str(&written(Format::Json, Style::plain(), &batch(columns))).unwrap()
    }

    #[test]
    fn nulls_are_explicit_and_nested_values_stay_nested() {
        let rows = parsed(&[
            ("n", numbers(&[None])),
            ("t", text(&[Some("a\"\n\u{1b}")])),
            ("s", record(&[("k", None)])),
            ("l", list_of_text(&[&["x"]])),
        ]);
        assert_eq!(rows, json!([{"n": null, "t": "a\"\n\u{1b}", "s": {"k": null}, "l": ["x"]}]));
    }

    #[test]
    fn times_are_rfc_3339() {
        let times = TimestampMicrosecondArray::from(vec![1_794_625_445_000_000]);
        let rows = parsed(&[
            ("zoned", Arc::new(times.clone().with_timezone("UTC"))),
            ("plain", Arc::new(times)),
        ]);
        let time = "2026-11-14T03:04:05Z";
        assert_eq!(rows, json!([{"zoned": time, "plain": time}]));
    }

    #[test]
    fn an_array_spans_batches() {
        let rows = batch(&[("n", numbers(&[Some(1), Some(2)]))]);
        let shown = written(Format::Json, Style::plain(), &rows);
        assert_eq!(shown, "[\n{\"n\":1},\n{\"n\":2}\n]\n");
        assert_eq!(written(Format::Ndjson, Style::plain(), &rows), "{\"n\":1}\n{\"n\":2}\n");
    }

    #[test]
    fn an_empty_result_is_an_empty_array() {
        assert_eq!(parsed(&[("n", numbers(&[]))]), json!([]));
    }

    #[test]
    fn equal_names_are_told_apart() {
        let rows = parsed(&[("id", numbers(&[Some(1)])), ("id", numbers(&[Some(2)]))]);
        assert_eq!(rows, json!([{"id": 1, "id_2": 2}]));
    }

    #[test]
    fn a_terminal_sees_escapes_that_mean_the_same() {
        let rows = batch(&[("t", text(&[Some("\u{9b}\u{202e}")]))]);
        let terminal = Style { terminal: true, width: Some(80), color: false };
        let shown = written(Format::Ndjson, terminal, &rows);
        assert!(shown.is_ascii());
        assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), json!({"t": "\u{9b}\u{202e}"}));
    }
}
