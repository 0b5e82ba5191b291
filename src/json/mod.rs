//! Arrow values as JSON text.
//!
//! What a column needs is decided once for all its rows, and values go straight into the
//! caller's buffer: nothing is allocated for a value.

mod column;
mod instant;
mod leaf;
mod nested;
#[cfg(test)]
mod tests;

use datafusion::arrow::array::{Array, ArrayRef, NullBufferBuilder, StringArray};
use datafusion::arrow::buffer::{Buffer, OffsetBuffer};
use datafusion::arrow::datatypes::{FieldRef, Fields};
use datafusion::arrow::error::ArrowError;

use self::column::{Column, Write};
use self::nested::Object;

/// RFC 3339 in UTC, with subseconds only where there are any.
pub(crate) const TIME_FORMAT: &str = "%Y-%m-%dT%H:%M:%S%.fZ";

/// What becomes of a member that has no value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Nulls {
    /// It is `null`, so that every object has every member.
    #[default]
    Written,
    /// It is not there, and neither is an object or a list that is empty without it.
    LeftOut,
}

/// Writes the values of one column.
pub(crate) struct Values<'a>(Column<'a>);

impl<'a> Values<'a> {
    /// Looks at a column.
    ///
    /// # Errors
    ///
    /// `JsonError` for a type JSON has no form for: unions, and maps whose keys are not text.
    pub(crate) fn new(
        field: &'a FieldRef,
        array: &'a dyn Array,
        nulls: Nulls,
    ) -> Result<Self, ArrowError> {
        Column::new(field, array, nulls).map(Self)
    }

    /// Appends the value of a row; a null, and what is empty where nulls are left out, appends
    /// nothing and returns `false`.
    pub(crate) fn write(&mut self, row: usize, out: &mut Vec<u8>) -> bool {
        self.0.write(row, out)
    }
}

/// Writes rows as objects.
pub(crate) struct Rows<'a>(Object<'a>);

impl<'a> Rows<'a> {
    /// Looks at the columns of some rows.
    ///
    /// # Errors
    ///
    /// As [`Values::new`].
    pub(crate) fn new(
        fields: &'a Fields,
        columns: &'a [ArrayRef],
        nulls: Nulls,
    ) -> Result<Self, ArrowError> {
        Object::new(fields, columns, nulls).map(Self)
    }

    /// Appends a row. It is an object even if nothing is in it: a row is never lost.
    pub(crate) fn write(&mut self, row: usize, out: &mut Vec<u8>) {
        if !self.0.write(row, out) {
            out.extend_from_slice(b"{}");
        }
    }
}

/// Returns a column as text; null where a value is, or is left out.
///
/// # Errors
///
/// As [`Values::new`]; `OffsetOverflowError` when all texts together exceed 2 GiB.
pub(crate) fn texts(
    field: &FieldRef,
    array: &dyn Array,
    nulls: Nulls,
) -> Result<StringArray, ArrowError> {
    let mut values = Values::new(field, array, nulls)?;
    let mut text = Vec::new();
    let mut ends = Vec::with_capacity(array.len() + 1);
    let mut there = NullBufferBuilder::new(array.len());
    ends.push(0);
    for row in 0..array.len() {
        there.append(values.write(row, &mut text));
        let end = i32::try_from(text.len());
        ends.push(end.map_err(|_| ArrowError::OffsetOverflowError(text.len()))?);
    }
    StringArray::try_new(OffsetBuffer::new(ends.into()), Buffer::from_vec(text), there.finish())
}
