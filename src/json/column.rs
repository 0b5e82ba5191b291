//! A column with its nulls, and the choice of who writes its values.

use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::buffer::NullBuffer;
use datafusion::arrow::datatypes::{
    DataType, FieldRef, Int8Type, Int16Type, Int32Type, Int64Type, TimeUnit, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use datafusion::arrow::error::ArrowError;

use crate::json::Nulls;
use crate::json::leaf::{self, Booleans, Doubles, Floats, Instants, Numbers, Other, Texts};
use crate::json::nested::{Dictionary, Lists, Maps, Object};

/// Writes values that are not null.
pub(super) trait Write {
    /// Appends the value of a row; one that has no form in JSON, or is empty where nulls are
    /// left out, appends nothing and returns `false`.
    fn write(&mut self, row: usize, out: &mut Vec<u8>) -> bool;
}

/// Never writes: every value is null.
struct Nothing;

impl Write for Nothing {
    fn write(&mut self, _: usize, _: &mut Vec<u8>) -> bool {
        false
    }
}

/// One column.
pub(super) struct Column<'a> {
    nulls: Option<NullBuffer>,
    values: Box<dyn Write + 'a>,
}

impl<'a> Column<'a> {
    pub(super) fn new(
        field: &'a FieldRef,
        array: &'a dyn Array,
        nulls: Nulls,
    ) -> Result<Self, ArrowError> {
        let values = values(field, array, nulls)?;
        Ok(Self { nulls: array.logical_nulls().filter(|nulls| nulls.null_count() > 0), values })
    }

    pub(super) fn is_null(&self, row: usize) -> bool {
        self.nulls.as_ref().is_some_and(|nulls| nulls.is_null(row))
    }

    pub(super) fn write(&mut self, row: usize, out: &mut Vec<u8>) -> bool {
        !self.is_null(row) && self.values.write(row, out)
    }
}

fn values<'a>(
    field: &'a FieldRef,
    array: &'a dyn Array,
    nulls: Nulls,
) -> Result<Box<dyn Write + 'a>, ArrowError> {
    Ok(match array.data_type() {
        DataType::Null => Box::new(Nothing),
        DataType::Boolean => Box::new(Booleans(array.as_boolean())),
        DataType::Int8 => Box::new(Numbers(array.as_primitive::<Int8Type>())),
        DataType::Int16 => Box::new(Numbers(array.as_primitive::<Int16Type>())),
        DataType::Int32 => Box::new(Numbers(array.as_primitive::<Int32Type>())),
        DataType::Int64 => Box::new(Numbers(array.as_primitive::<Int64Type>())),
        DataType::UInt8 => Box::new(Numbers(array.as_primitive::<UInt8Type>())),
        DataType::UInt16 => Box::new(Numbers(array.as_primitive::<UInt16Type>())),
        DataType::UInt32 => Box::new(Numbers(array.as_primitive::<UInt32Type>())),
        DataType::UInt64 => Box::new(Numbers(array.as_primitive::<UInt64Type>())),
        DataType::Float32 => Box::new(Floats(array.as_primitive())),
        DataType::Float64 => Box::new(Doubles(array.as_primitive())),
        DataType::Utf8 => Box::new(Texts(array.as_string::<i32>())),
        DataType::LargeUtf8 => Box::new(Texts(array.as_string::<i64>())),
        DataType::Utf8View => Box::new(Texts(array.as_string_view())),
        DataType::Timestamp(unit, zone) if leaf::is_utc(zone.as_deref()) => instants(array, *unit),
        DataType::Struct(fields) => {
            Box::new(Object::new(fields, array.as_struct().columns(), nulls)?)
        }
        DataType::List(item) => Box::new(Lists::of(item, array.as_list::<i32>(), nulls)?),
        DataType::LargeList(item) => Box::new(Lists::of(item, array.as_list::<i64>(), nulls)?),
        DataType::FixedSizeList(item, _) => {
            Box::new(Lists::fixed(item, array.as_fixed_size_list(), nulls)?)
        }
        DataType::Map(entry, _) => Box::new(Maps::new(entry, array.as_map(), nulls)?),
        DataType::Dictionary(..) => match array.as_any_dictionary() {
            empty if empty.values().is_empty() => Box::new(Nothing),
            array => Box::new(Dictionary::new(field, array, nulls)?),
        },
        _ => Box::new(Other::new(field, array)?),
    })
}

fn instants(array: &dyn Array, unit: TimeUnit) -> Box<dyn Write + '_> {
    match unit {
        TimeUnit::Second => Box::new(Instants::new(leaf::seconds(array), 1)),
        TimeUnit::Millisecond => Box::new(Instants::new(leaf::millis(array), 1_000)),
        TimeUnit::Microsecond => Box::new(Instants::new(leaf::micros(array), 1_000_000)),
        TimeUnit::Nanosecond => Box::new(Instants::new(leaf::nanos(array), 1_000_000_000)),
    }
}
