//! The arguments of one call: a column of values, or one value for all rows.

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Float64Array, Int64Array, ListArray, StringArray, StructArray,
};
use datafusion::arrow::datatypes::{Float64Type, Int64Type};
use datafusion::common::{Result, internal_err};
use datafusion::logical_expr::ColumnarValue;

/// The arguments of a call, already of the types the function reads.
pub(crate) struct Arguments<'a> {
    values: &'a [ColumnarValue],
    rows: usize,
}

impl<'a> Arguments<'a> {
    pub(crate) fn new(values: &'a [ColumnarValue], rows: usize) -> Self {
        Self { values, rows }
    }

    /// Returns how many rows are asked for.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Returns how many arguments there are.
    pub(crate) fn count(&self) -> usize {
        self.values.len()
    }

    /// Tells whether an optional argument is there.
    pub(crate) fn has(&self, at: usize) -> bool {
        at < self.values.len()
    }

    /// Returns an argument as a column.
    pub(crate) fn column(&self, at: usize) -> Result<ArrayRef> {
        match self.values.get(at) {
            Some(value) => value.to_array(self.rows),
            None => internal_err!("argument {at} is missing"),
        }
    }

    /// Returns texts: one column, or one text for all rows.
    pub(crate) fn texts(&self, at: usize) -> Result<Texts> {
        let (column, same) = match self.values.get(at) {
            Some(ColumnarValue::Scalar(value)) => (value.to_array()?, true),
            Some(ColumnarValue::Array(column)) => (ArrayRef::clone(column), false),
            None => return internal_err!("argument {at} is missing"),
        };
        match column.as_string_opt::<i32>() {
            Some(texts) => Ok(Texts { column: texts.clone(), same }),
            None => internal_err!("argument {at} is not text"),
        }
    }

    /// Returns whole numbers.
    pub(crate) fn integers(&self, at: usize) -> Result<Int64Array> {
        match self.column(at)?.as_primitive_opt::<Int64Type>() {
            Some(numbers) => Ok(numbers.clone()),
            None => internal_err!("argument {at} is not a whole number"),
        }
    }

    /// Returns numbers.
    pub(crate) fn doubles(&self, at: usize) -> Result<Float64Array> {
        match self.column(at)?.as_primitive_opt::<Float64Type>() {
            Some(numbers) => Ok(numbers.clone()),
            None => internal_err!("argument {at} is not a number"),
        }
    }

    /// Returns lists, one if the argument is a constant. Nothing for a null without a type.
    pub(crate) fn lists(&self, at: usize) -> Result<Option<Lists>> {
        let (column, same) = match self.values.get(at) {
            Some(ColumnarValue::Scalar(value)) => (value.to_array()?, true),
            Some(ColumnarValue::Array(column)) => (ArrayRef::clone(column), false),
            None => return internal_err!("argument {at} is missing"),
        };
        Ok(column.as_list_opt::<i32>().map(|lists| Lists { column: lists.clone(), same }))
    }

    /// Returns records. Nothing for a null without a type.
    pub(crate) fn records(&self, at: usize) -> Result<Option<StructArray>> {
        Ok(self.column(at)?.as_struct_opt().cloned())
    }
}

/// Texts by row.
pub(crate) struct Texts {
    column: StringArray,
    same: bool,
}

impl Texts {
    /// Returns the text of a row.
    pub(crate) fn at(&self, row: usize) -> Option<&str> {
        let row = if self.same { 0 } else { row };
        self.column.is_valid(row).then(|| self.column.value(row))
    }
}

/// Lists by row.
pub(crate) struct Lists {
    column: ListArray,
    same: bool,
}

impl Lists {
    /// Tells whether every row has the same list.
    pub(crate) fn same(&self) -> bool {
        self.same
    }

    /// Returns all items, of all rows.
    pub(crate) fn items(&self) -> &ArrayRef {
        self.column.values()
    }

    /// Returns where the items of a row are; nothing if the list is null.
    pub(crate) fn range(&self, row: usize) -> Option<std::ops::Range<usize>> {
        let row = if self.same { 0 } else { row };
        let offsets = self.column.value_offsets();
        let at = |row: usize| usize::try_from(offsets[row]).unwrap_or_default();
        self.column.is_valid(row).then(|| at(row)..at(row + 1))
    }
}

/// What was made of a text, kept as long as the next row has the same text: a literal is
/// compiled once.
pub(crate) struct Compiled<T> {
    last: Option<(String, T)>,
}

impl<T> Compiled<T> {
    pub(crate) fn new() -> Self {
        Self { last: None }
    }

    /// Returns what `compile` makes of the text.
    pub(crate) fn get<'a>(&'a mut self, text: &str, compile: impl FnOnce(&str) -> T) -> &'a T {
        let known = self.last.take().filter(|(known, _)| known == text);
        &self.last.insert(known.unwrap_or_else(|| (text.to_owned(), compile(text)))).1
    }
}

/// Reads one text field of records. A null record leaks what its children hold, so a field
/// is only read where all records around it are there.
pub(crate) struct Field<'a>(Option<&'a StringArray>);

impl<'a> Field<'a> {
    /// Finds a field; a record without it has null there.
    pub(crate) fn of(records: &'a StructArray, name: &str) -> Self {
        Self(records.column_by_name(name).and_then(|column| column.as_string_opt::<i32>()))
    }

    /// Returns the value of a record that is there.
    pub(crate) fn at(&self, row: usize) -> Option<&'a str> {
        self.0.filter(|texts| texts.is_valid(row)).map(|texts| texts.value(row))
    }
}

/// Two texts that differ by ASCII case at most.
pub(crate) fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}
