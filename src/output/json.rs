//! JSON: one array, or one object per line.
//!
//! Nulls are written out, so that every row has every column; OCSF events have none. Columns
//! of the same name are told apart first: most readers keep only the last of two equal keys.

use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Schema, SchemaRef};

use crate::error::Result;
use crate::json::{Nulls, Rows};
use crate::output::names;
use crate::output::out::{Out, from_format};
use crate::output::{Looks, RowSink, Summary};

/// Writes rows as JSON objects.
pub(super) struct JsonSink {
    out: Out,
    shape: Shape,
    nulls: Nulls,
    written: Option<&'static str>,
    schema: Option<SchemaRef>,
    text: Vec<u8>,
    is_empty: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Array,
    Lines,
}

impl JsonSink {
    pub(super) fn array(out: Out, looks: &Looks) -> Self {
        Self::new(out, Shape::Array, looks)
    }

    pub(super) fn lines(out: Out, looks: &Looks) -> Self {
        Self::new(out, Shape::Lines, looks)
    }

    fn new(out: Out, shape: Shape, looks: &Looks) -> Self {
        let nulls = nulls(looks.no_nulls);
        let written = looks.json_column;
        Self { out, shape, nulls, written, schema: None, text: Vec::new(), is_empty: true }
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
        if is_event(schema) {
            self.nulls = Nulls::LeftOut;
        }
        self.schema = Some(names::unique(schema));
        Ok(())
    }

    fn rows(&mut self, batch: &RecordBatch) -> Result<()> {
        let schema = self.schema.clone().unwrap_or_else(|| batch.schema());
        let mut rows =
            Rows::new(schema.fields(), batch.columns(), self.nulls).map_err(from_format)?;
        let written = self.written.and_then(|name| batch.column_by_name(name));
        let written = written.and_then(|column| column.as_string_opt::<i32>());
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        for row in 0..batch.num_rows() {
            text.extend_from_slice(self.before_row().as_bytes());
            match written.filter(|column| column.is_valid(row)) {
                Some(column) => text.extend_from_slice(column.value(row).as_bytes()),
                None => rows.write(row, &mut text),
            }
            text.extend_from_slice(self.after_row().as_bytes());
        }
        self.out.text(&String::from_utf8_lossy(&text))?;
        self.text = text;
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

/// Returns what becomes of nulls.
pub(super) fn nulls(left_out: bool) -> Nulls {
    if left_out { Nulls::LeftOut } else { Nulls::Written }
}

/// Tells whether rows are OCSF events, whole ones: OCSF has no nulls, and a reader that checks
/// an event refuses one that has.
pub(super) fn is_event(schema: &Schema) -> bool {
    let has = |name: &str| schema.column_with_name(name).is_some();
    let metadata = schema.column_with_name("metadata").map(|(_, field)| field.data_type());
    has("class_uid") && has("type_uid") && matches!(metadata, Some(DataType::Struct(_)))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, TimestampMicrosecondArray};
    use serde_json::{Value, json};

    use super::*;
    use crate::output::testing::{
        batch, list_of_text, numbers, record, text, written, written_with,
    };
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
    fn nulls_are_left_out_of_ocsf_events_and_where_they_are_not_wanted() {
        let event = [
            ("class_uid", numbers(&[Some(3002)])),
            ("type_uid", numbers(&[Some(300_201)])),
            ("metadata", record(&[("version", Some("1.6.0"))])),
            ("actor", record(&[("name", None)])),
            ("labels", list_of_text(&[&[]])),
        ];
        let whole =
            json!([{"class_uid": 3002, "type_uid": 300_201, "metadata": {"version": "1.6.0"}}]);
        assert_eq!(parsed(&event), whole);
        let part = parsed(&event[1..]);
        assert_eq!(part[0]["actor"], json!({"name": null}), "some columns of events are no event");
        let looks = Looks { no_nulls: true, ..Looks::default() };
        let shown = written_with(Format::Json, Style::plain(), &looks, &batch(&event[3..]));
        assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), json!([{}]));
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
