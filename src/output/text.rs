//! Arrow values as people read them.

use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::DataType;
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};

use crate::error::Result;
use crate::output::duration;
use crate::output::out::from_format;
use crate::output::sanitize::visible_except;

/// A rendered value; `None` is NULL.
pub(super) type Cell = Option<String>;

/// Renders a batch row by row, every cell sanitized.
pub(super) fn cells(batch: &RecordBatch) -> Result<Vec<Vec<Cell>>> {
    cells_except(batch, &[])
}

/// Like [`cells`], but keeps some characters a cell would otherwise show escaped.
pub(super) fn cells_except(batch: &RecordBatch, kept: &[char]) -> Result<Vec<Vec<Cell>>> {
    let columns: Vec<_> =
        batch.columns().iter().map(|c| Reader::try_new(c)).collect::<Result<_>>()?;
    let row = |row| columns.iter().map(|c| c.cell(row, kept)).collect();
    (0..batch.num_rows()).map(row).collect()
}

/// Returns whether values of a type line up on the right.
pub(super) fn is_number(data_type: &DataType) -> bool {
    data_type.is_numeric()
}

/// Reads the values of one array as text.
struct Reader<'a> {
    array: &'a dyn Array,
    shape: Shape<'a>,
}

enum Shape<'a> {
    Null,
    Leaf(ArrayFormatter<'a>),
    Duration,
    Struct(Vec<(&'a str, Reader<'a>)>),
    List(Box<Reader<'a>>, &'a [i32]),
}

impl<'a> Reader<'a> {
    fn try_new(array: &'a dyn Array) -> Result<Self> {
        let shape = match array.data_type() {
            DataType::Null => Shape::Null,
            DataType::Struct(fields) => {
                let names = fields.iter().map(|f| f.name().as_str());
                let children = array.as_struct().columns().iter().map(|c| Self::try_new(c));
                Shape::Struct(names.zip(children).map(|(n, c)| Ok((n, c?))).collect::<Result<_>>()?)
            }
            DataType::List(_) => {
                let list = array.as_list::<i32>();
                Shape::List(Box::new(Self::try_new(list.values())?), list.value_offsets())
            }
            DataType::Duration(_) => Shape::Duration,
            leaf => {
                Shape::Leaf(ArrayFormatter::try_new(array, &options(leaf)).map_err(from_format)?)
            }
        };
        Ok(Self { array, shape })
    }

    fn cell(&self, row: usize, kept: &[char]) -> Result<Cell> {
        if self.is_null(row) {
            return Ok(None);
        }
        let mut text = String::new();
        self.write(row, &mut text).map_err(from_format)?;
        Ok(Some(visible_except(&text, kept).into_owned()))
    }

    fn is_null(&self, row: usize) -> bool {
        matches!(self.shape, Shape::Null) || self.array.is_null(row)
    }

    fn write(&self, row: usize, out: &mut String) -> std::result::Result<(), ArrowError> {
        if self.is_null(row) {
            out.push_str("NULL");
            return Ok(());
        }
        match &self.shape {
            Shape::Null => {}
            Shape::Leaf(formatter) => formatter.value(row).write(out)?,
            Shape::Duration => {
                out.extend(duration::nanos(self.array, row).map(duration::shown));
            }
            Shape::Struct(fields) => write_struct(fields, row, out)?,
            Shape::List(items, offsets) => write_list(items, offsets, row, out)?,
        }
        Ok(())
    }
}

fn write_struct(
    fields: &[(&str, Reader<'_>)],
    row: usize,
    out: &mut String,
) -> std::result::Result<(), ArrowError> {
    out.push('{');
    for (n, (name, reader)) in fields.iter().enumerate() {
        if n > 0 {
            out.push_str(", ");
        }
        out.push_str(name);
        out.push_str(": ");
        reader.write(row, out)?;
    }
    out.push('}');
    Ok(())
}

fn write_list(
    items: &Reader<'_>,
    offsets: &[i32],
    row: usize,
    out: &mut String,
) -> std::result::Result<(), ArrowError> {
    out.push('[');
    // Arrow's offsets are never negative.
    let (start, end) =
        (offsets[row].unsigned_abs() as usize, offsets[row + 1].unsigned_abs() as usize);
    for item in start..end {
        if item > start {
            out.push_str(", ");
        }
        items.write(item, out)?;
    }
    out.push(']');
    Ok(())
}

/// Times of people: a space instead of the `T`, subseconds only where there are any.
fn options(data_type: &DataType) -> FormatOptions<'static> {
    FormatOptions::new()
        .with_timestamp_format(Some("%Y-%m-%d %H:%M:%S%.fZ"))
        .with_timestamp_tz_format(Some(if is_utc(data_type) {
            "%Y-%m-%d %H:%M:%S%.fZ"
        } else {
            "%Y-%m-%d %H:%M:%S%.f%:z"
        }))
}

fn is_utc(data_type: &DataType) -> bool {
    match data_type {
        DataType::Timestamp(_, Some(zone)) => matches!(zone.as_ref(), "UTC" | "Z" | "+00:00"),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, NullArray, TimestampMicrosecondArray};

    use super::*;
    use crate::output::testing::{list_of_text, record};

    fn check(array: ArrayRef, expected: &[Option<&str>]) {
        let reader = Reader::try_new(&array).unwrap();
        let read: Vec<_> = (0..array.len()).map(|row| reader.cell(row, &[]).unwrap()).collect();
        let read: Vec<_> = read.iter().map(Option::as_deref).collect();
        assert_eq!(read, expected);
    }

    #[test]
    fn subseconds_appear_only_where_there_are_any() {
        let times = TimestampMicrosecondArray::from(vec![1_794_625_445_000_000, 1_500]);
        check(
            Arc::new(times.with_timezone("UTC")),
            &[Some("2026-11-14 03:04:05Z"), Some("1970-01-01 00:00:00.001500Z")],
        );
    }

    #[test]
    fn nested_values_are_readable() {
        let status = record(&[("error_code", Some("50126")), ("failure_reason", None)]);
        check(status, &[Some("{error_code: 50126, failure_reason: NULL}")]);
        check(list_of_text(&[&["a", "b"], &[]]), &[Some("[a, b]"), Some("[]")]);
    }

    #[test]
    fn nested_text_is_sanitized() {
        check(list_of_text(&[&["\u{1b}[2J"]]), &[Some("[\\u{1b}[2J]")]);
    }

    #[test]
    fn a_column_without_type_is_null() {
        check(Arc::new(NullArray::new(2)), &[None, None]);
    }
}
