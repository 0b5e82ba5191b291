//! A table in GitHub's Markdown, for tickets and reports.
//!
//! Values are escaped: a display name must not become a link, a tag or a column.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;

use crate::error::Result;
use crate::output::out::Out;
use crate::output::text::{cells, is_number};
use crate::output::{Looks, RowSink, Summary, explain, visible};

/// Writes a Markdown table.
pub(super) struct MarkdownSink {
    out: Out,
    null: String,
    is_plan: bool,
}

impl MarkdownSink {
    pub(super) fn new(out: Out, looks: &Looks) -> Self {
        Self { out, null: escaped(&looks.null_or("NULL")), is_plan: false }
    }
}

impl RowSink for MarkdownSink {
    fn begin(&mut self, schema: &SchemaRef) -> Result<()> {
        self.is_plan = explain::is_plan(schema);
        if self.is_plan {
            return Ok(());
        }
        let names = schema.fields().iter().map(|f| escaped(&visible(f.name())));
        let rules = schema
            .fields()
            .iter()
            .map(|f| if is_number(f.data_type()) { "---:".to_owned() } else { "---".to_owned() });
        self.out.text(&(line(names) + &line(rules)))
    }

    fn rows(&mut self, batch: &RecordBatch) -> Result<()> {
        let text = if self.is_plan {
            explain::text(batch)?
        } else {
            let cell = |c: Option<String>| c.map_or_else(|| self.null.clone(), |c| escaped(&c));
            cells(batch)?.into_iter().map(|row| line(row.into_iter().map(cell))).collect()
        };
        self.out.text(&text)?;
        self.out.flush()
    }

    fn finish(mut self: Box<Self>, summary: &Summary) -> Result<()> {
        if let Some(note) = &summary.note {
            self.out.text(&format!("\n{}\n", escaped(&visible(note))))?;
        }
        self.out.flush()
    }
}

fn line(cells: impl Iterator<Item = String>) -> String {
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        // Inside a word an underscore is only a letter, and snake case is everywhere.
        let in_word = before.is_alphanumeric() && rest.peek().is_some_and(|n| n.is_alphanumeric());
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '\\' | '|' | '`' | '*' | '[' | ']' | '~' => out.extend(['\\', c]),
            '_' if !in_word => out.push_str("\\_"),
            _ => out.push(c),
        }
        before = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::output::testing::{batch, numbers, text, written};
    use crate::output::{Format, Style};

    #[test]
    fn values_cannot_leave_their_cell() {
        let hostile = "a|b `x` <script> [l](u) *b* _i_ snake_case \u{1b}\n";
        let rows = batch(&[("v", text(&[Some(hostile), None])), ("n", numbers(&[Some(1), None]))]);
        let expected = "\
| v | n |
| --- | ---: |
| a\\|b \\`x\\` &lt;script> \\[l\\](u) \\*b\\* \\_i\\_ snake_case \\\\u{1b}\\\\n | 1 |
| NULL | NULL |
";
        assert_eq!(written(Format::Markdown, Style::plain(), &rows), expected);
    }
}
