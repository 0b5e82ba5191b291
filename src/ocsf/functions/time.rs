//! Instants as OCSF counts and writes them.
//!
//! A comparison of the count with a constant is one of the instant, so that Graph is asked
//! for the range.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringBuilder};
use datafusion::arrow::datatypes::{DataType, Int64Type, TimeUnit, TimestampMicrosecondType};
use datafusion::arrow::temporal_conversions::timestamp_us_to_datetime;
use datafusion::common::{Result, ScalarValue, internal_err};

use crate::functions::argument::Arguments;
use crate::functions::coerce::{Argument, Kind, argument};
use crate::functions::function::{About, Function};
use crate::ocsf::functions::FAMILY;

const MILLIS: About = About {
    name: "ocsf_time_ms",
    family: FAMILY,
    text: "Returns the milliseconds since 1970, the `timestamp_t` of OCSF; parts of a millisecond \
           are cut off. Comparing it with a constant is as good as comparing the instant: the \
           range is sent to Graph. Null stays null.",
    example: "SELECT ocsf_time_ms(TIMESTAMP '2026-01-02 03:04:05.678')",
    result: "1767323045678",
};
const SECONDS: About = About {
    name: "ocsf_time_s",
    family: FAMILY,
    text: "Returns the seconds since 1970, which some consumers expect in place of OCSF's \
           milliseconds. Comparing it with a constant is as good as comparing the instant. Null \
           stays null.",
    example: "SELECT ocsf_time_s(TIMESTAMP '2026-01-02 03:04:05.678')",
    result: "1767323045",
};
const DATETIME: About = About {
    name: "ocsf_datetime",
    family: FAMILY,
    text: "Writes an instant as RFC 3339 in UTC, the `datetime_t` of OCSF, without zeros at the \
           end of the fraction. Null stays null.",
    example: "SELECT ocsf_datetime(TIMESTAMP '2026-01-02 03:04:05.120')",
    result: "2026-01-02T03:04:05.12Z",
};

pub(super) fn functions() -> Vec<Function> {
    const INSTANT: &[Argument] = &[argument("instant", Kind::Instant, "A timestamp.")];
    vec![
        Function::new(&MILLIS, INSTANT, |_| Ok(DataType::Int64), |a| count(a, 1_000))
            .with_preimage(|data_type, value| range(data_type, value, 1_000)),
        Function::new(&SECONDS, INSTANT, |_| Ok(DataType::Int64), |a| count(a, 1_000_000))
            .with_preimage(|data_type, value| range(data_type, value, 1_000_000)),
        Function::new(&DATETIME, INSTANT, |_| Ok(DataType::Utf8), datetime),
    ]
}

/// Counts whole units of so many microseconds.
fn count(arguments: &Arguments<'_>, unit: i64) -> Result<ArrayRef> {
    let column = arguments.column(0)?;
    let Some(instants) = column.as_primitive_opt::<TimestampMicrosecondType>() else {
        return internal_err!("an instant is {}", column.data_type());
    };
    // Toward the past, also before 1970: a later instant never has a smaller count.
    Ok(Arc::new(instants.unary::<_, Int64Type>(|us| us.div_euclid(unit))))
}

/// Returns the instants that have this count. Nothing where they leave what Arrow can hold.
fn range(
    data_type: &DataType,
    count: &ScalarValue,
    unit: i64,
) -> Option<(ScalarValue, ScalarValue)> {
    let (DataType::Timestamp(TimeUnit::Microsecond, zone), ScalarValue::Int64(Some(count))) =
        (data_type, count)
    else {
        return None;
    };
    let at = |count: i64| {
        Some(ScalarValue::TimestampMicrosecond(Some(count.checked_mul(unit)?), zone.clone()))
    };
    Some((at(*count)?, at(count.checked_add(1)?)?))
}

fn datetime(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let column = arguments.column(0)?;
    let Some(instants) = column.as_primitive_opt::<TimestampMicrosecondType>() else {
        return internal_err!("an instant is {}", column.data_type());
    };
    let mut out = StringBuilder::with_capacity(instants.len(), instants.len() * 27);
    let mut text = String::new();
    for row in 0..instants.len() {
        let instant = instants.is_valid(row).then(|| instants.value(row));
        out.append_option(instant.and_then(|instant| rfc3339(instant, &mut text)));
    }
    Ok(Arc::new(out.finish()))
}

/// Writes an instant into a text that rows share.
fn rfc3339(microseconds: i64, text: &mut String) -> Option<&str> {
    let instant = timestamp_us_to_datetime(microseconds)?;
    text.clear();
    instant.format("%Y-%m-%dT%H:%M:%S%.6f").write_to(text).ok()?;
    let length = text.trim_end_matches('0').trim_end_matches('.').len();
    text.truncate(length);
    text.push('Z');
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_of_the_instants_before_the_next_one() {
        let micros = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        let at = |us| ScalarValue::TimestampMicrosecond(Some(us), Some("UTC".into()));
        let of = |count| range(&micros, &ScalarValue::Int64(count), 1_000);
        assert_eq!(of(Some(7)), Some((at(7_000), at(8_000))));
        assert_eq!(of(Some(-1)), Some((at(-1_000), at(0))));
        assert_eq!(of(Some(i64::MAX / 1_000)), None);
        assert_eq!(of(None), None);
        assert_eq!(range(&DataType::Utf8, &ScalarValue::Int64(Some(7)), 1_000), None);
        assert_eq!((-1_i64).div_euclid(1_000), -1);
    }

    #[test]
    fn a_fraction_ends_with_its_last_digit() {
        for (us, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (10, "1970-01-01T00:00:00.00001Z"),
            (-500_000, "1969-12-31T23:59:59.5Z"),
            (1_200_000_000, "1970-01-01T00:20:00Z"),
        ] {
            assert_eq!(rfc3339(us, &mut String::from("before")), Some(text));
        }
    }
}
