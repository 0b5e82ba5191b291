//! Values that hold others: records, lists, maps, dictionaries.
//!
//! Whether something is in them is known when their members are written. So what turns out to
//! be empty is taken back from the buffer, which is cheaper than looking twice.

use std::ops::Range;

use datafusion::arrow::array::{
    AnyDictionaryArray, Array, ArrayRef, FixedSizeListArray, GenericListArray, MapArray,
    OffsetSizeTrait,
};
use datafusion::arrow::datatypes::{DataType, FieldRef, Fields};
use datafusion::arrow::error::ArrowError;

use crate::json::Nulls;
use crate::json::column::{Column, Write};
use crate::json::leaf::literal;

/// Ends what has been opened at `start`, or takes it back if it is empty and may not be.
fn close(end: u8, start: usize, nulls: Nulls, out: &mut Vec<u8>) -> bool {
    if out.len() == start + 1 && nulls == Nulls::LeftOut {
        out.truncate(start);
        return false;
    }
    out.push(end);
    true
}

/// Writes a member behind what is there already: a comma, `key`, the value.
fn member(
    column: &mut Column<'_>,
    row: usize,
    nulls: Nulls,
    is_first: bool,
    key: impl FnOnce(&mut Vec<u8>),
    out: &mut Vec<u8>,
) {
    if nulls == Nulls::LeftOut && column.is_null(row) {
        return;
    }
    let before = out.len();
    if !is_first {
        out.push(b',');
    }
    key(out);
    if !column.write(row, out) {
        match nulls {
            Nulls::Written => out.extend_from_slice(b"null"),
            Nulls::LeftOut => out.truncate(before),
        }
    }
}

/// Records, and rows.
pub(super) struct Object<'a> {
    /// Each with `"name":` as it is written.
    members: Vec<(Vec<u8>, Column<'a>)>,
    nulls: Nulls,
}

impl<'a> Object<'a> {
    pub(super) fn new(
        fields: &'a Fields,
        columns: &'a [ArrayRef],
        nulls: Nulls,
    ) -> Result<Self, ArrowError> {
        let member = |(field, column): (&'a FieldRef, &'a ArrayRef)| {
            let mut key = Vec::with_capacity(field.name().len() + 3);
            literal(field.name(), &mut key);
            key.push(b':');
            Ok((key, Column::new(field, column, nulls)?))
        };
        let members = fields.iter().zip(columns).map(member).collect::<Result<_, ArrowError>>()?;
        Ok(Self { members, nulls })
    }
}

impl Write for Object<'_> {
    fn write(&mut self, row: usize, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        out.push(b'{');
        for (key, column) in &mut self.members {
            let is_first = out.len() == start + 1;
            member(column, row, self.nulls, is_first, |out| out.extend_from_slice(key), out);
        }
        close(b'}', start, self.nulls, out)
    }
}

/// Lists of any layout.
pub(super) struct Lists<'a> {
    items: Column<'a>,
    /// Where the items of a row begin, and behind the last row those of none.
    starts: Vec<usize>,
    nulls: Nulls,
}

impl<'a> Lists<'a> {
    pub(super) fn of<O: OffsetSizeTrait>(
        item: &'a FieldRef,
        array: &'a GenericListArray<O>,
        nulls: Nulls,
    ) -> Result<Self, ArrowError> {
        let starts = array.value_offsets().iter().map(|offset| offset.as_usize()).collect();
        Ok(Self { items: Column::new(item, array.values(), nulls)?, starts, nulls })
    }

    pub(super) fn fixed(
        item: &'a FieldRef,
        array: &'a FixedSizeListArray,
        nulls: Nulls,
    ) -> Result<Self, ArrowError> {
        let length = usize::try_from(array.value_length()).unwrap_or_default();
        let starts = (0..=array.len()).map(|row| row * length).collect();
        Ok(Self { items: Column::new(item, array.values(), nulls)?, starts, nulls })
    }

    fn range(&self, row: usize) -> Range<usize> {
        self.starts[row]..self.starts[row + 1]
    }
}

impl Write for Lists<'_> {
    fn write(&mut self, row: usize, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        out.push(b'[');
        for item in self.range(row) {
            let is_first = out.len() == start + 1;
            member(&mut self.items, item, self.nulls, is_first, |_| {}, out);
        }
        close(b']', start, self.nulls, out)
    }
}

/// Maps from text, as objects.
pub(super) struct Maps<'a> {
    keys: Column<'a>,
    values: Column<'a>,
    starts: &'a [i32],
    nulls: Nulls,
}

impl<'a> Maps<'a> {
    pub(super) fn new(
        entry: &'a FieldRef,
        array: &'a MapArray,
        nulls: Nulls,
    ) -> Result<Self, ArrowError> {
        let [key, value] = entry_fields(entry)?;
        Ok(Self {
            keys: Column::new(key, array.keys(), nulls)?,
            values: Column::new(value, array.values(), nulls)?,
            starts: array.value_offsets(),
            nulls,
        })
    }
}

fn entry_fields(entry: &FieldRef) -> Result<[&FieldRef; 2], ArrowError> {
    if let DataType::Struct(fields) = entry.data_type()
        && let [key, value] = &fields[..]
        && key.data_type().is_string()
    {
        return Ok([key, value]);
    }
    let kind = entry.data_type();
    Err(ArrowError::JsonError(format!("a map whose keys are not text: {kind}")))
}

impl Write for Maps<'_> {
    fn write(&mut self, row: usize, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        out.push(b'{');
        let range = [self.starts[row], self.starts[row + 1]];
        let [from, to] = range.map(|at| usize::try_from(at).unwrap_or_default());
        for entry in from..to {
            let is_first = out.len() == start + 1;
            let keys = &mut self.keys;
            let key = |out: &mut Vec<u8>| {
                keys.write(entry, out);
                out.push(b':');
            };
            member(&mut self.values, entry, self.nulls, is_first, key, out);
        }
        close(b'}', start, self.nulls, out)
    }
}

/// Values that are kept once.
pub(super) struct Dictionary<'a> {
    keys: Vec<usize>,
    values: Column<'a>,
}

impl<'a> Dictionary<'a> {
    pub(super) fn new(
        field: &'a FieldRef,
        array: &'a dyn AnyDictionaryArray,
        nulls: Nulls,
    ) -> Result<Self, ArrowError> {
        let values = Column::new(field, array.values(), nulls)?;
        Ok(Self { keys: array.normalized_keys(), values })
    }
}

impl Write for Dictionary<'_> {
    fn write(&mut self, row: usize, out: &mut Vec<u8>) -> bool {
        self.values.write(self.keys[row], out)
    }
}
