//! Comma- and tab-separated values after RFC 4180.
//!
//! NULL is empty and an empty text is quoted, so that both survive. Lines end in
//! LF, as every Unix tool expects.

use datafusion::arrow::array::{Array, RecordBatch};
use datafusion::arrow::datatypes::{DataType, FieldRef, SchemaRef};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};

use crate::error::Result;
use crate::json::{Nulls, TIME_FORMAT, Values};
use crate::output::json;
use crate::output::out::{Out, from_format};
use crate::output::{Looks, RowSink, Summary};

/// Writes a header and one record per row.
pub(super) struct SeparatedSink {
    out: Out,
    separator: char,
    null: Option<String>,
    is_safe: bool,
    nulls: Nulls,
}

impl SeparatedSink {
    pub(super) fn new(out: Out, separator: char, looks: &Looks) -> Self {
        let nulls = json::nulls(looks.no_nulls);
        Self { out, separator, null: looks.null.clone(), is_safe: looks.csv_safe, nulls }
    }
}

impl RowSink for SeparatedSink {
    fn begin(&mut self, schema: &SchemaRef) -> Result<()> {
        if json::is_event(schema) {
            self.nulls = Nulls::LeftOut;
        }
        let names = schema.fields().iter().map(|f| self.text(f.name()));
        let line = names.collect::<Vec<_>>().join(&self.separator.to_string());
        self.out.text(&format!("{line}\n"))?;
        self.out.flush()
    }

    fn rows(&mut self, batch: &RecordBatch) -> Result<()> {
        let schema = batch.schema();
        let pairs = schema.fields().iter().zip(batch.columns());
        let mut columns: Vec<_> =
            pairs.map(|(f, c)| Column::try_new(f, c, self.nulls)).collect::<Result<_>>()?;
        let mut text = String::new();
        for row in 0..batch.num_rows() {
            self.record(&mut columns, row, &mut text)?;
        }
        self.out.text(&text)?;
        self.out.flush()
    }

    fn finish(mut self: Box<Self>, _summary: &Summary) -> Result<()> {
        self.out.flush()
    }
}

impl SeparatedSink {
    fn record(&self, columns: &mut [Column<'_>], row: usize, out: &mut String) -> Result<()> {
        let alone = columns.len() == 1;
        for (n, column) in columns.iter_mut().enumerate() {
            if n > 0 {
                out.push(self.separator);
            }
            match (column.value(row)?, &self.null) {
                (Some(value), _) if column.is_text() => out.push_str(&self.text(&value)),
                (Some(value), _) => out.push_str(&quoted(&value, self.separator)),
                (None, Some(null)) => out.push_str(&quoted(null, self.separator)),
                // Most readers skip an empty line, and the row with it.
                (None, None) if alone => out.push_str("\"\""),
                (None, None) => {}
            }
        }
        out.push('\n');
        Ok(())
    }

    fn text(&self, value: &str) -> String {
        match self.is_safe && is_formula(value) {
            true => quoted(&format!("'{value}"), self.separator),
            false => quoted(value, self.separator),
        }
    }
}

/// Spreadsheets run a cell that begins with one of these, spaces in front or not, and
/// some read every line of a cell as a cell of its own.
fn is_formula(value: &str) -> bool {
    let begins = |line: &str| {
        line.starts_with(['\t', '\r'])
            || line.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
    };
    value.split(['\n', '\r']).any(begins) || value.starts_with('\r')
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
pub(super) enum Column<'a> {
    Empty,
    Plain(&'a dyn Array, ArrayFormatter<'a>),
    Nested(Values<'a>),
}

impl<'a> Column<'a> {
    pub(super) fn try_new(field: &'a FieldRef, array: &'a dyn Array, nulls: Nulls) -> Result<Self> {
        Ok(match array.data_type() {
            DataType::Null => Self::Empty,
            kind if kind.is_nested() => {
                Self::Nested(Values::new(field, array, nulls).map_err(from_format)?)
            }
            _ => {
                let formatter = ArrayFormatter::try_new(array, &PLAIN).map_err(from_format)?;
                Self::Plain(array, formatter)
            }
        })
    }

    /// Numbers and times are never formulas: a negative number stays one.
    fn is_text(&self) -> bool {
        match self {
            Self::Empty => false,
            Self::Plain(array, _) => matches!(
                array.data_type(),
                DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
            ),
            Self::Nested(_) => true,
        }
    }

    pub(super) fn value(&mut self, row: usize) -> Result<Option<String>> {
        match self {
            Self::Empty => Ok(None),
            Self::Plain(array, _) if array.is_null(row) => Ok(None),
            Self::Plain(_, formatter) => {
                formatter.value(row).try_to_string().map(Some).map_err(from_format)
            }
            Self::Nested(values) => {
                let mut bytes = Vec::new();
                let is_there = values.write(row, &mut bytes);
                Ok(is_there.then(|| String::from_utf8_lossy(&bytes).into_owned()))
            }
        }
    }
}

/// Times without a zone are UTC here, as everywhere in Graph.
const PLAIN: FormatOptions<'static> = FormatOptions::new().with_timestamp_format(Some(TIME_FORMAT));

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, TimestampMicrosecondArray};

    use crate::output::testing::{
        batch, list_of_text, numbers, record, text, written, written_with,
    };
    use crate::output::{Format, Looks, Style};

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
    fn a_formula_gets_a_quote_only_when_asked_for() {
        let formulas = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u{a0}=1", "a\n=1"];
        let looks = Looks { csv_safe: true, ..Looks::default() };
        for formula in formulas {
            let rows = batch(&[("v", text(&[Some(formula)]))]);
            let exact = written(Format::Csv, Style::plain(), &rows);
            assert!(!exact.contains('\''), "{exact}");
            let safe = written_with(Format::Csv, Style::plain(), &looks, &rows);
            assert!(safe.starts_with("v\n'") || safe.starts_with("v\n\"'"), "{safe}");
        }
        let rows = batch(&[("n", numbers(&[Some(-5)])), ("v", text(&[Some("a-b")]))]);
        assert_eq!(written_with(Format::Csv, Style::plain(), &looks, &rows), "n,v\n-5,a-b\n");
    }

    #[test]
    fn null_is_what_the_user_says() {
        let looks = Looks { null: Some("\\N".into()), ..Looks::default() };
        let rows = batch(&[("a", text(&[None, Some("")])), ("b", numbers(&[None, None]))]);
        let shown = written_with(Format::Csv, Style::plain(), &looks, &rows);
        assert_eq!(shown, "a,b\n\\N,\\N\n\"\",\\N\n");
    }

    #[test]
    fn raw_bytes_reach_a_terminal_only_when_asked_for() {
        let rows = batch(&[("a", text(&[Some("x\u{1b}y")]))]);
        let terminal = Style { terminal: true, width: Some(80), color: false };
        let looks = Looks { raw: true, ..Looks::default() };
        assert_eq!(written_with(Format::Csv, terminal, &looks, &rows), "a\nx\u{1b}y\n");
        assert!(!written_with(Format::Table, terminal, &looks, &rows).contains('\u{1b}'));
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
