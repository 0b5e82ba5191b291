//! SQL literals: what a `VALUES` list takes, a row per line.
//!
//! Times are texts after RFC 3339, nested values are texts of JSON.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{DataType, SchemaRef};

use crate::error::Result;
use crate::json::Nulls;
use crate::output::csv::Column;
use crate::output::out::Out;
use crate::output::{RowSink, Summary};

/// Writes a header of quoted names and one line of literals per row.
pub(super) struct QuoteSink {
    out: Out,
}

impl QuoteSink {
    pub(super) fn new(out: Out) -> Self {
        Self { out }
    }
}

impl RowSink for QuoteSink {
    fn begin(&mut self, schema: &SchemaRef) -> Result<()> {
        let names: Vec<_> = schema.fields().iter().map(|field| literal(field.name())).collect();
        self.out.text(&format!("{}\n", names.join(",")))?;
        self.out.flush()
    }

    fn rows(&mut self, batch: &RecordBatch) -> Result<()> {
        let schema = batch.schema();
        let pairs = schema.fields().iter().zip(batch.columns());
        let mut columns: Vec<_> = pairs
            .map(|(field, array)| {
                Ok((is_bare(field.data_type()), Column::try_new(field, array, Nulls::Written)?))
            })
            .collect::<Result<_>>()?;
        let mut text = String::new();
        for row in 0..batch.num_rows() {
            for (n, (is_bare, column)) in columns.iter_mut().enumerate() {
                text.push_str(if n > 0 { "," } else { "" });
                match column.value(row)? {
                    None => text.push_str("NULL"),
                    Some(value) if *is_bare => text.push_str(&value),
                    Some(value) => text.push_str(&literal(&value)),
                }
            }
            text.push('\n');
        }
        self.out.text(&text)?;
        self.out.flush()
    }

    fn finish(mut self: Box<Self>, _summary: &Summary) -> Result<()> {
        self.out.flush()
    }
}

/// Whether SQL reads every value of a type without quotes: `NaN` is a number of ours only.
fn is_bare(data_type: &DataType) -> bool {
    data_type.is_integer() || *data_type == DataType::Boolean
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use crate::output::testing::{batch, list_of_text, numbers, text, written};
    use crate::output::{Format, Style};

    #[test]
    fn a_row_is_a_line_of_literals() {
        let rows = batch(&[
            ("it's", text(&[Some("O'Brien"), None])),
            ("n", numbers(&[Some(-5), None])),
            ("l", list_of_text(&[&["a"], &[]])),
        ]);
        let expected = "'it''s','n','l'\n'O''Brien',-5,'[\"a\"]'\nNULL,NULL,'[]'\n";
        assert_eq!(written(Format::Quote, Style::plain(), &rows), expected);
    }

    #[test]
    fn a_terminal_is_safe() {
        let rows = batch(&[("a", text(&[Some("x\u{1b}y")]))]);
        let terminal = Style { terminal: true, width: Some(80), color: false };
        assert_eq!(written(Format::Quote, terminal, &rows), "'a'\n'x\\u{1b}y'\n");
    }
}
