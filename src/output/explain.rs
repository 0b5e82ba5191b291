//! Plans, which are text of many lines and not a table.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;

use crate::error::Result;
use crate::output::text::cells_except;

/// Returns whether a result is the answer to `EXPLAIN`.
pub(super) fn is_plan(schema: &SchemaRef) -> bool {
    schema.fields().iter().map(|f| f.name().as_str()).eq(["plan_type", "plan"])
}

/// Renders plans as headings over indented text, which Markdown reads as code.
///
/// Line breaks are kept: a box or a cut would hide the requests a plan shows.
pub(super) fn text(batch: &RecordBatch) -> Result<String> {
    let mut text = String::new();
    for row in cells_except(batch, &['\n'])? {
        let [Some(kind), Some(plan)] = row.as_slice() else { continue };
        text.push_str(&format!("{}\n\n", kind.replace('\n', " ")));
        for line in plan.lines() {
            text.push_str(&format!("    {line}\n"));
        }
        text.push('\n');
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use crate::output::testing::{batch, text, written};
    use crate::output::{Format, Style};

    #[test]
    fn a_plan_keeps_its_lines_and_nothing_else() {
        let rows = batch(&[
            ("plan_type", text(&[Some("logical_plan")])),
            ("plan", text(&[Some("Limit\n  Scan 'a\u{1b}b'")])),
        ]);
        let expected = "logical_plan\n\n    Limit\n      Scan 'a\\u{1b}b'\n\n";
        let narrow = Style { terminal: true, width: Some(10), color: false };
        for format in [Format::Table, Format::Line, Format::Markdown] {
            assert_eq!(written(format, narrow, &rows), expected);
        }
    }
}
