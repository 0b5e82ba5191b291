//! One `column = value` per line, for rows wider than the terminal.

use std::fmt::Write;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;

use crate::error::Result;
use crate::output::layout::{self, Align};
use crate::output::looks::NullMark;
use crate::output::out::Out;
use crate::output::table::footer;
use crate::output::text::{Cell, cells};
use crate::output::{Looks, RowSink, Style, Summary, explain, visible};

/// Writes each row as a block of lines; nothing is cut.
pub(super) struct LineSink {
    out: Out,
    null: NullMark,
    names: Vec<String>,
    is_plan: bool,
    count: u64,
}

impl LineSink {
    pub(super) fn new(out: Out, style: Style, looks: &Looks) -> Self {
        Self { out, null: NullMark::new(looks, style), names: Vec::new(), is_plan: false, count: 0 }
    }

    /// Renders rows that follow `before` others.
    pub(super) fn lines(
        names: &[&str],
        before: u64,
        rows: &[Vec<Cell>],
        null: &NullMark,
    ) -> String {
        let widest = names.iter().map(|name| layout::width(name)).max().unwrap_or(0);
        let mut text = String::new();
        for (number, row) in (before + 1..).zip(rows) {
            let _ = writeln!(text, "── row {number} ──");
            for (name, cell) in names.iter().zip(row) {
                let name = layout::pad(name, layout::width(name), widest, Align::Right);
                let _ = writeln!(text, "{name} = {}", cell.as_deref().unwrap_or(&null.shown));
            }
        }
        text
    }
}

impl RowSink for LineSink {
    fn begin(&mut self, schema: &SchemaRef) -> Result<()> {
        self.names = schema.fields().iter().map(|f| visible(f.name()).into_owned()).collect();
        self.is_plan = explain::is_plan(schema);
        Ok(())
    }

    fn rows(&mut self, batch: &RecordBatch) -> Result<()> {
        let text = if self.is_plan {
            explain::text(batch)?
        } else {
            let names: Vec<_> = self.names.iter().map(String::as_str).collect();
            Self::lines(&names, self.count, &cells(batch)?, &self.null)
        };
        self.count += batch.num_rows() as u64;
        self.out.text(&text)?;
        self.out.flush()
    }

    fn finish(mut self: Box<Self>, summary: &Summary) -> Result<()> {
        if !self.is_plan {
            self.out.text(&footer(self.count, summary))?;
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Format;
    use crate::output::testing::{batch, numbers, text, written};

    #[test]
    fn names_line_up_and_rows_are_numbered() {
        let rows =
            batch(&[("id", numbers(&[Some(1), Some(2)])), ("name", text(&[Some("a\u{7}"), None]))]);
        let expected = "\
── row 1 ──
  id = 1
name = a\\u{7}
── row 2 ──
  id = 2
name = NULL
2 rows
";
        assert_eq!(written(Format::Line, Style::plain(), &rows), expected);
    }
}
