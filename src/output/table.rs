//! The boxed table.
//!
//! Widths come from the first thousand rows; the rest is streamed. A later cell
//! that is wider is cut on a terminal and overhangs anywhere else: nothing is lost
//! silently.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;

use crate::error::Result;
use crate::output::layout::{self, Align, Wish};
use crate::output::line::LineSink;
use crate::output::looks::NullMark;
use crate::output::out::Out;
use crate::output::text::{Cell, cells, is_number};
use crate::output::{Looks, RowSink, Style, Summary, explain, visible};

/// Rows held back to learn how wide columns are.
const SAMPLE: usize = 1000;

/// Writes a boxed table, or lines when columns cannot fit the terminal.
pub(super) struct TableSink {
    out: Out,
    style: Style,
    null: NullMark,
    columns: Vec<Column>,
    state: State,
    count: u64,
}

struct Column {
    name: String,
    align: Align,
    is_rigid: bool,
}

enum State {
    Sampling(Vec<Vec<Cell>>),
    Table(Vec<usize>),
    Lines,
    Plan,
}

impl TableSink {
    pub(super) fn new(out: Out, style: Style, looks: &Looks) -> Self {
        let null = NullMark::new(looks, style);
        let state = State::Sampling(Vec::new());
        Self { out, style, null, columns: Vec::new(), state, count: 0 }
    }

    /// Ends the sample: decides the layout and writes what was held back.
    fn settle(&mut self) -> Result<()> {
        let State::Sampling(sample) = &mut self.state else { return Ok(()) };
        let sample = std::mem::take(sample);
        match layout::fit(&self.wishes(&sample), self.style.width) {
            Some(widths) if !widths.is_empty() => {
                self.border(&widths, ['┌', '┬', '┐'])?;
                self.head(&widths)?;
                self.border(&widths, ['├', '┼', '┤'])?;
                self.state = State::Table(widths);
            }
            _ => self.state = State::Lines,
        }
        self.write(0, &sample)
    }

    /// How wide the columns of a sample want to be.
    fn wishes(&self, sample: &[Vec<Cell>]) -> Vec<Wish> {
        let wish =
            |c: &Column| Wish { name: layout::width(&c.name), values: 0, is_rigid: c.is_rigid };
        let mut wishes: Vec<_> = self.columns.iter().map(wish).collect();
        for row in sample {
            for (wish, cell) in wishes.iter_mut().zip(row) {
                let width = cell.as_deref().map_or(self.null.width, layout::width);
                wish.values = wish.values.max(width);
            }
        }
        wishes
    }

    fn write(&mut self, before: u64, rows: &[Vec<Cell>]) -> Result<()> {
        match &self.state {
            State::Table(widths) => {
                let text: String = rows.iter().map(|row| self.row(widths, row)).collect();
                self.out.text(&text)
            }
            State::Lines => {
                let names: Vec<_> = self.columns.iter().map(|c| c.name.as_str()).collect();
                self.out.text(&LineSink::lines(&names, before, rows, &self.null))
            }
            State::Sampling(_) | State::Plan => Ok(()),
        }
    }

    fn row(&self, widths: &[usize], row: &[Cell]) -> String {
        let mut line = String::from("│");
        for ((width, column), cell) in widths.iter().zip(&self.columns).zip(row) {
            line.push(' ');
            line.push_str(&self.cell(cell, *width, column.align));
            line.push_str(" │");
        }
        line.push('\n');
        line
    }

    fn cell(&self, cell: &Cell, width: usize, align: Align) -> String {
        match cell {
            None if self.null.width <= width => {
                layout::pad(&self.null.shown, self.null.width, width, align)
            }
            None => layout::pad("", 0, width, align),
            Some(text) if self.style.width.is_some() => {
                let text = layout::cut(text, width);
                layout::pad(&text, layout::width(&text), width, align)
            }
            Some(text) => layout::pad(text, layout::width(text), width, align),
        }
    }

    fn head(&mut self, widths: &[usize]) -> Result<()> {
        let mut line = String::from("│");
        for (width, column) in widths.iter().zip(&self.columns) {
            let name = layout::cut(&column.name, *width);
            let taken = layout::width(&name);
            line.push_str(&format!(" {} │", layout::pad(&name, taken, *width, column.align)));
        }
        self.out.text(&format!("{line}\n"))
    }

    fn border(&mut self, widths: &[usize], [left, middle, right]: [char; 3]) -> Result<()> {
        let bars: Vec<_> = widths.iter().map(|width| "─".repeat(width + 2)).collect();
        self.out.text(&format!("{left}{}{right}\n", bars.join(&middle.to_string())))
    }
}

impl RowSink for TableSink {
    fn begin(&mut self, schema: &SchemaRef) -> Result<()> {
        let column = |f: &std::sync::Arc<datafusion::arrow::datatypes::Field>| Column {
            name: visible(f.name()).into_owned(),
            align: if is_number(f.data_type()) { Align::Right } else { Align::Left },
            is_rigid: is_number(f.data_type()) || f.data_type().is_temporal(),
        };
        self.columns = schema.fields().iter().map(column).collect();
        if explain::is_plan(schema) {
            self.state = State::Plan;
        }
        Ok(())
    }

    fn rows(&mut self, batch: &RecordBatch) -> Result<()> {
        let before = self.count;
        self.count += batch.num_rows() as u64;
        if matches!(self.state, State::Plan) {
            self.out.text(&explain::text(batch)?)?;
            return self.out.flush();
        }
        let rows = cells(batch)?;
        let State::Sampling(sample) = &mut self.state else {
            self.write(before, &rows)?;
            return self.out.flush();
        };
        sample.extend(rows);
        if sample.len() < SAMPLE {
            return Ok(());
        }
        self.settle()?;
        self.out.flush()
    }

    fn finish(mut self: Box<Self>, summary: &Summary) -> Result<()> {
        self.settle()?;
        if let State::Table(widths) = &self.state {
            let widths = widths.clone();
            self.border(&widths, ['└', '┴', '┘'])?;
        }
        if !matches!(self.state, State::Plan) {
            self.out.text(&footer(self.count, summary))?;
        }
        self.out.flush()
    }
}

/// The line below a table: how many rows there were.
pub(super) fn footer(rows: u64, summary: &Summary) -> String {
    let noun = if rows == 1 { "row" } else { "rows" };
    match &summary.note {
        Some(note) => format!("{rows} {noun}; {note}\n"),
        None => format!("{rows} {noun}\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Format;
    use crate::output::testing::{Buffer, batch, numbers, text, written};

    fn table(style: Style, batch: &RecordBatch) -> String {
        written(Format::Table, style, batch)
    }

    fn terminal(width: usize) -> Style {
        Style { terminal: true, width: Some(width), color: false }
    }

    #[test]
    fn numbers_line_up_on_the_right() {
        let rows = batch(&[
            ("name", text(&[Some("Ada"), None])),
            ("logins", numbers(&[Some(7), Some(1200)])),
        ]);
        let expected = "\
┌──────┬────────┐
│ name │ logins │
├──────┼────────┤
│ Ada  │      7 │
│ NULL │   1200 │
└──────┴────────┘
2 rows
";
        assert_eq!(table(Style::plain(), &rows), expected);
    }

    #[test]
    fn every_line_is_equally_wide_and_fits_the_terminal() {
        let names =
            [Some("山田 太郎 と 長い 名前"), Some("👩👩👩👩👩👩👩👩"), Some("\u{1b}[2J\u{202e}")];
        let rows = batch(&[("user", text(&names)), ("again", text(&names))]);
        for width in [40, 50, 60, 80] {
            let shown = table(terminal(width), &rows);
            let lines: Vec<_> = shown.lines().filter(|l| !l.ends_with("rows")).collect();
            let first = layout::width(lines[0]);
            assert!(first <= width, "{width}");
            assert!(lines.iter().all(|l| layout::width(l) == first), "{shown}");
            assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'));
        }
    }

    #[test]
    fn columns_that_cannot_fit_become_lines() {
        let long = Some("a value of some length");
        let rows =
            batch(&[("one", text(&[long])), ("two", text(&[long])), ("three", text(&[long]))]);
        let shown = table(terminal(30), &rows);
        assert!(shown.contains("  one = a value of some length\n"), "{shown}");
        assert!(shown.ends_with("1 row\n"));
    }

    #[test]
    fn names_may_repeat_and_results_may_be_empty() {
        let rows = batch(&[("id", text(&[])), ("id", text(&[]))]);
        let shown = table(Style::plain(), &rows);
        assert!(shown.contains("│ id │ id │"));
        assert!(shown.ends_with("0 rows\n"));
    }

    #[test]
    fn a_hostile_column_name_is_sanitized() {
        let rows = batch(&[("a\u{1b}b", text(&[None]))]);
        assert!(table(Style::plain(), &rows).contains("│ a\\u{1b}b │"));
    }

    #[test]
    fn null_is_dim_only_with_color() {
        let rows = batch(&[("a", text(&[None]))]);
        let color = Style { color: true, ..terminal(40) };
        assert!(table(color, &rows).contains("│ \u{1b}[2mNULL\u{1b}[0m │"));
    }

    #[test]
    fn a_wide_cell_after_the_sample_is_kept_whole_in_a_pipe() {
        let long = "x".repeat(50);
        let mut values = vec![Some("a"); SAMPLE];
        values.push(Some(&long));
        let rows = batch(&[("a", text(&values))]);
        let buffer = Buffer::default();
        let mut sink =
            Format::Table.sink(Box::new(buffer.clone()), Style::plain(), &Looks::default());
        sink.begin(&rows.schema()).unwrap();
        sink.rows(&rows.slice(0, SAMPLE)).unwrap();
        assert!(buffer.text().contains("│ a │"), "the sample is shown before the end");
        sink.rows(&rows.slice(SAMPLE, 1)).unwrap();
        sink.finish(&Summary::default()).unwrap();
        assert!(buffer.text().contains(&long));
        assert!(buffer.text().ends_with("1001 rows\n"));
    }

    #[test]
    fn a_note_follows_the_count() {
        let buffer = Buffer::default();
        let sink = Format::Table.sink(Box::new(buffer.clone()), Style::plain(), &Looks::default());
        sink.finish(&Summary { note: Some("stopped".into()), ..Summary::default() }).unwrap();
        assert!(buffer.text().ends_with("0 rows; stopped\n"));
    }
}
