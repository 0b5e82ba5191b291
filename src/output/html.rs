//! An HTML table, for reports and mails.
//!
//! Every value is escaped: a display name must not become a tag or a script.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;

use crate::error::Result;
use crate::output::out::Out;
use crate::output::text::{Cell, cells, is_number};
use crate::output::{Looks, RowSink, Summary, visible};

/// Writes a `<table>` with a head and a body.
pub(super) struct HtmlSink {
    out: Out,
    null: String,
    is_number: Vec<bool>,
}

impl HtmlSink {
    pub(super) fn new(out: Out, looks: &Looks) -> Self {
        Self { out, null: escaped(&looks.null_or("")), is_number: Vec::new() }
    }

    fn row(&self, row: &[Cell]) -> String {
        let cells = row.iter().zip(&self.is_number).map(|(cell, is_number)| {
            let text = cell.as_deref().map_or_else(|| self.null.clone(), escaped);
            match is_number {
                true => format!("<td style=\"text-align:right\">{text}</td>"),
                false => format!("<td>{text}</td>"),
            }
        });
        format!("<tr>{}</tr>\n", cells.collect::<String>())
    }
}

impl RowSink for HtmlSink {
    fn begin(&mut self, schema: &SchemaRef) -> Result<()> {
        self.is_number = schema.fields().iter().map(|f| is_number(f.data_type())).collect();
        let names = schema.fields().iter().map(|f| escaped(&visible(f.name())));
        let names = names.collect::<Vec<_>>().join("</th><th>");
        let head = format!("<tr><th>{names}</th></tr>");
        self.out.text(&format!("<table>\n<thead>\n{head}\n</thead>\n<tbody>\n"))?;
        self.out.flush()
    }

    fn rows(&mut self, batch: &RecordBatch) -> Result<()> {
        let text: String = cells(batch)?.iter().map(|row| self.row(row)).collect();
        self.out.text(&text)?;
        self.out.flush()
    }

    fn finish(mut self: Box<Self>, summary: &Summary) -> Result<()> {
        self.out.text("</tbody>\n")?;
        if let Some(note) = &summary.note {
            let (columns, note) = (self.is_number.len(), escaped(&visible(note)));
            let foot =
                format!("<tfoot>\n<tr><td colspan=\"{columns}\">{note}</td></tr>\n</tfoot>\n");
            self.out.text(&foot)?;
        }
        self.out.text("</table>\n")?;
        self.out.flush()
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::output::testing::{batch, numbers, record, text, written};
    use crate::output::{Format, Style};

    #[test]
    fn a_value_stays_text() {
        let rows = batch(&[
            ("<b>", text(&[Some("<script>alert('1')</script> & \"x\"\u{1b}"), None])),
            ("n", numbers(&[Some(7), None])),
        ]);
        let expected = "\
<table>
<thead>
<tr><th>&lt;b&gt;</th><th>n</th></tr>
</thead>
<tbody>
<tr><td>&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;x&quot;\\u{1b}</td>\
<td style=\"text-align:right\">7</td></tr>
<tr><td></td><td style=\"text-align:right\"></td></tr>
</tbody>
</table>
";
        assert_eq!(written(Format::Html, Style::plain(), &rows), expected);
    }

    #[test]
    fn nested_values_are_readable() {
        let rows = batch(&[("s", record(&[("a<b", Some("c>d"))]))]);
        assert!(written(Format::Html, Style::plain(), &rows).contains("<td>{a&lt;b: c&gt;d}</td>"));
    }
}
