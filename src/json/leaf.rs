//! Values that hold no others.

use std::sync::LazyLock;

use datafusion::arrow::array::{
    Array, ArrayAccessor, ArrowPrimitiveType, AsArray, BooleanArray, Float32Array, Float64Array,
    PrimitiveArray,
};
use datafusion::arrow::datatypes::{
    FieldRef, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType,
};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::json::writer::{EncoderOptions, NullableEncoder, make_encoder};
use serde::Serialize;

use crate::json::column::Write;
use crate::json::{TIME_FORMAT, instant};

/// Appends a number or a text; a buffer in memory takes everything.
pub(super) fn literal<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> bool {
    serde_json::to_writer(out, value).is_ok()
}

pub(super) struct Booleans<'a>(pub(super) &'a BooleanArray);

impl Write for Booleans<'_> {
    fn write(&mut self, row: usize, out: &mut Vec<u8>) -> bool {
        out.extend_from_slice(if self.0.value(row) { b"true" } else { b"false" });
        true
    }
}

/// Whole numbers.
pub(super) struct Numbers<'a, T: ArrowPrimitiveType>(pub(super) &'a PrimitiveArray<T>);

impl<T: ArrowPrimitiveType<Native: Serialize>> Write for Numbers<'_, T> {
    fn write(&mut self, row: usize, out: &mut Vec<u8>) -> bool {
        literal(&self.0.value(row), out)
    }
}

pub(super) struct Floats<'a>(pub(super) &'a Float32Array);

impl Write for Floats<'_> {
    fn write(&mut self, row: usize, out: &mut Vec<u8>) -> bool {
        let value = self.0.value(row);
        value.is_finite() && with_point(&value, out)
    }
}

pub(super) struct Doubles<'a>(pub(super) &'a Float64Array);

impl Write for Doubles<'_> {
    fn write(&mut self, row: usize, out: &mut Vec<u8>) -> bool {
        let value = self.0.value(row);
        value.is_finite() && with_point(&value, out)
    }
}

/// Readers tell a float from a whole number by its point: `1e16` gets one, too.
fn with_point<T: Serialize>(value: &T, out: &mut Vec<u8>) -> bool {
    let start = out.len();
    let written = literal(value, out);
    if !out[start..].contains(&b'.') {
        let digits = out[start..].iter().position(|&byte| byte == b'e');
        let at = digits.map_or(out.len(), |digits| start + digits);
        out.splice(at..at, *b".0");
    }
    written
}

/// Text of any layout.
pub(super) struct Texts<A>(pub(super) A);

impl<'a, A: ArrayAccessor<Item = &'a str>> Write for Texts<A> {
    fn write(&mut self, row: usize, out: &mut Vec<u8>) -> bool {
        literal(self.0.value(row), out)
    }
}

/// Points in time, in UTC.
pub(super) struct Instants<'a> {
    ticks: &'a [i64],
    per_second: i64,
}

impl<'a> Instants<'a> {
    pub(super) fn new(ticks: &'a [i64], per_second: i64) -> Self {
        Self { ticks, per_second }
    }
}

impl Write for Instants<'_> {
    fn write(&mut self, row: usize, out: &mut Vec<u8>) -> bool {
        let ticks = self.ticks[row];
        let nanos = ticks.rem_euclid(self.per_second) * (1_000_000_000 / self.per_second);
        out.push(b'"');
        instant::write(ticks.div_euclid(self.per_second), nanos, out);
        out.push(b'"');
        true
    }
}

/// Tells whether times need no conversion. A time without a zone is UTC, as everywhere in Graph.
pub(super) fn is_utc(zone: Option<&str>) -> bool {
    zone.is_none_or(|zone| matches!(zone, "UTC" | "Z" | "+00:00"))
}

pub(super) fn seconds(array: &dyn Array) -> &[i64] {
    array.as_primitive::<TimestampSecondType>().values()
}

pub(super) fn millis(array: &dyn Array) -> &[i64] {
    array.as_primitive::<TimestampMillisecondType>().values()
}

pub(super) fn micros(array: &dyn Array) -> &[i64] {
    array.as_primitive::<TimestampMicrosecondType>().values()
}

pub(super) fn nanos(array: &dyn Array) -> &[i64] {
    array.as_primitive::<TimestampNanosecondType>().values()
}

/// Dates, decimals, bytes and what else is rare here, the way Arrow writes them.
pub(super) struct Other<'a>(NullableEncoder<'a>);

static RARE: LazyLock<EncoderOptions> = LazyLock::new(|| {
    EncoderOptions::default()
        .with_explicit_nulls(true)
        .with_timestamp_format(TIME_FORMAT.to_owned())
});

impl<'a> Other<'a> {
    pub(super) fn new(field: &'a FieldRef, array: &'a dyn Array) -> Result<Self, ArrowError> {
        make_encoder(field, array, &RARE).map(Self)
    }
}

impl Write for Other<'_> {
    fn write(&mut self, row: usize, out: &mut Vec<u8>) -> bool {
        self.0.encode(row, out);
        true
    }
}
