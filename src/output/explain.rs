//! Plans and their cost, which are text of many lines and not a table.

use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{DataType, SchemaRef};

use crate::error::Result;
use crate::output::sanitize::visible;
use crate::output::text::{cells, cells_except};

/// The columns `EXPLAIN GRAPH` begins with.
const COST: [&str; 4] = ["scan", "table_name", "request", "requests"];

/// Returns whether a result is the answer to `EXPLAIN` or `EXPLAIN GRAPH`.
pub(super) fn is_plan(schema: &SchemaRef) -> bool {
    let names: Vec<_> = schema.fields().iter().map(|f| f.name().as_str()).collect();
    names == ["plan_type", "plan"] || names.starts_with(&COST)
}

/// Renders what `EXPLAIN GRAPH` says: a heading for each scan over its facts.
fn cost(batch: &RecordBatch) -> Result<String> {
    let schema = batch.schema();
    let width = schema.fields().iter().map(|f| f.name().len()).max().unwrap_or_default();
    let mut text = String::new();
    for (row, values) in cells(batch)?.into_iter().enumerate() {
        let [scan, table, ..] = values.as_slice() else { continue };
        let name = |cell: &Option<String>| cell.clone().unwrap_or_default();
        text.push_str(&format!("scan {}: {}\n\n", name(scan), name(table)));
        for (index, value) in values.into_iter().enumerate().skip(2) {
            let label = schema.field(index).name().replace('_', " ");
            for fact in facts(batch, row, index, value) {
                text.push_str(&format!("    {label:<width$}  {fact}\n"));
            }
        }
        text.push('\n');
    }
    Ok(text)
}

/// A list is a line for each of its values; the bounds are in `requests` already.
fn facts(batch: &RecordBatch, row: usize, index: usize, value: Option<String>) -> Vec<String> {
    let array = batch.column(index);
    match array.data_type() {
        DataType::Int64 => Vec::new(),
        DataType::List(_) if array.is_valid(row) => {
            let values = array.as_list::<i32>().value(row);
            let values = values.as_string_opt::<i32>();
            let lines = values.into_iter().flat_map(|all| all.iter().flatten());
            lines.map(|line| visible(line).into_owned()).collect()
        }
        _ => value.into_iter().collect(),
    }
}

/// Renders plans as headings over indented text, which Markdown reads as code.
///
/// Line breaks are kept: a box or a cut would hide the requests a plan shows.
pub(super) fn text(batch: &RecordBatch) -> Result<String> {
    if batch.num_columns() > 2 {
        return cost(batch);
    }
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
