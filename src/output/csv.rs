//! Comma- and tab-separated values after RFC 4180.
//!
//! NULL is empty and an empty text is quoted, so that both survive. Lines end in
//! LF, as every Unix tool expects.

use datafusion::arrow::array::{Array, RecordBatch};
use datafusion::arrow::datatypes::{DataType, FieldRef, SchemaRef};
use datafusion::arrow::json::writer::{EncoderOptions, NullableEncoder, make_encoder};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};

use crate::error::Result;
use crate::output::json;
use crate::output::out::{Out, from_format};
use crate::output::{RowSink, Summary};

/// Writes a header and one record per row.
pub(super) struct SeparatedSink {
    out: Out,
    separator: char,
}

impl SeparatedSink {
    pub(super) fn new(out: Out, separator: char) -> Self {
        Self { out, separator }
    }
}

impl RowSink for SeparatedSink {
    fn begin(&mut self, schema: &SchemaRef) -> Result<()> {
        let names = schema.fields().iter().map(|f| quoted(f.name(), self.separator));
        let line = names.collect::<Vec<_>>().join(&self.separator.to_string());
        self.out.text(&format!("{line}\n"))?;
        self.out.flush()
    }

    fn rows(&mut self, batch: &RecordBatch) -> Result<()> {
        let schema = batch.schema();
        let options = json::options();
        let pairs = schema.fields().iter().zip(batch.columns());
        let mut columns: Vec<_> =
            pairs.map(|(f, c)| Column::try_new(f, c, &options)).collect::<Result<_>>()?;
        let mut text = String::new();
        for row in 0..batch.num_rows() {
            write_record(&mut columns, row, self.separator, &mut text)?;
        }
        self.out.text(&text)?;
        self.out.flush()
    }

    fn finish(mut self: Box<Self>, _summary: &Summary) -> Result<()> {
        self.out.flush()
    }
}

fn write_record(columns: &mut [Column<'_>], row: usize, sep: char, out: &mut String) -> Result<()> {
    let alone = columns.len() == 1;
    for (n, column) in columns.iter_mut().enumerate() {
        if n > 0 {
            out.push(sep);
        }
        match column.value(row)? {
            Some(value) => out.push_str(&quoted(&value, sep)),
            // Most readers skip an empty line, and the row with it.
            None if alone => out.push_str("\"\""),
            None => {}
        }
    }
    out.push('\n');
    Ok(())
}

/// Quotes a value when its text could be taken for structure, or for NULL.
fn quoted(value: &str, separator: char) -> String {
    let special = |c| matches!(c, '"' | '\n' | '\r') || c == separator;
    if value.is_empty() || value.contains(special) {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value.to_owned()
    }
}

/// Reads the values of one column: nested ones as JSON.
enum Column<'a> {
    Empty,
    Plain(&'a dyn Array, ArrayFormatter<'a>),
    Nested(NullableEncoder<'a>),
}

impl<'a> Column<'a> {
    fn try_new(
        field: &'a FieldRef,
        array: &'a dyn Array,
        json: &'a EncoderOptions,
    ) -> Result<Self> {
        Ok(match array.data_type() {
            DataType::Null => Self::Empty,
            kind if kind.is_nested() => {
                Self::Nested(make_encoder(field, array, json).map_err(from_format)?)
            }
            _ => {
                let formatter = ArrayFormatter::try_new(array, &PLAIN).map_err(from_format)?;
                Self::Plain(array, formatter)
            }
        })
    }

    fn value(&mut self, row: usize) -> Result<Option<String>> {
        match self {
            Self::Empty => Ok(None),
            Self::Plain(array, _) if array.is_null(row) => Ok(None),
            Self::Plain(_, formatter) => {
                formatter.value(row).try_to_string().map(Some).map_err(from_format)
            }
            Self::Nested(encoder) if encoder.is_null(row) => Ok(None),
            Self::Nested(encoder) => {
                let mut bytes = Vec::new();
                encoder.encode(row, &mut bytes);
                Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
            }
        }
    }
}

/// Times without a zone are UTC here, as everywhere in Graph.
const PLAIN: FormatOptions<'static> =
    FormatOptions::new().with_timestamp_format(Some(json::TIME_FORMAT));

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, TimestampMicrosecondArray};

    use crate::output::testing::{batch, list_of_text, numbers, record, text, written};
    use crate::output::{Format, Style};

    fn csv(columns: &[(&str, ArrayRef)]) -> String {
        written(Format::Csv, Style::plain(), &batch(columns))
    }

    #[test]
    fn structure_in_values_is_quoted() {
        let values = text(&[Some("a,b"), Some("say \"hi\""), Some("two\nlines"), Some("=1+1")]);
        let n = numbers(&[Some(1), None, Some(3), Some(4)]);
        assert_eq!(
            csv(&[("v", values), ("n,m", n)]),
            "v,\"n,m\"\n\"a,b\",1\n\"say \"\"hi\"\"\",\n\"two\nlines\",3\n=1+1,4\n"
        );
    }

    #[test]
    fn null_and_empty_text_differ() {
        let two = csv(&[("a", text(&[None, Some("")])), ("b", text(&[None, None]))]);
        assert_eq!(two, "a,b\n,\n\"\",\n");
    }

    #[test]
    fn no_row_of_a_single_column_is_an_empty_line() {
        assert_eq!(csv(&[("a", text(&[None, Some("x")]))]), "a\n\"\"\nx\n");
    }

    #[test]
    fn nested_values_are_json() {
        let shown = csv(&[("s", record(&[("k", Some("v")), ("n", None)]))]);
        assert_eq!(shown, "s\n\"{\"\"k\"\":\"\"v\"\",\"\"n\"\":null}\"\n");
        assert_eq!(csv(&[("l", list_of_text(&[&["x"]]))]), "l\n\"[\"\"x\"\"]\"\n");
    }

    #[test]
    fn times_are_rfc_3339() {
        let times = TimestampMicrosecondArray::from(vec![1_794_625_445_000_000, 1_500]);
        let zoned: ArrayRef = Arc::new(times.clone().with_timezone("UTC"));
        let lines = "t\n2026-11-14T03:04:05Z\n1970-01-01T00:00:00.001500Z\n";
        assert_eq!(csv(&[("t", zoned)]), lines);
        assert_eq!(csv(&[("t", Arc::new(times))]), lines);
    }

    #[test]
    fn files_are_exact_and_terminals_are_safe() {
        let rows = batch(&[("a", text(&[Some("x\u{1b}y\u{202e}")]))]);
        assert_eq!(written(Format::Csv, Style::plain(), &rows), "a\nx\u{1b}y\u{202e}\n");
        let terminal = Style { terminal: true, width: Some(80), color: false };
        assert_eq!(written(Format::Csv, terminal, &rows), "a\nx\\u{1b}y\\u{202e}\n");
    }

    #[test]
    fn an_empty_result_has_a_header() {
        assert_eq!(csv(&[("a", text(&[])), ("a", text(&[]))]), "a,a\n");
        let tabs = batch(&[("a", text(&[Some("x,y")])), ("b", text(&[Some("1\t2")]))]);
        assert_eq!(written(Format::Tsv, Style::plain(), &tabs), "a\tb\nx,y\t\"1\t2\"\n");
    }
}
