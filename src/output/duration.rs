//! Lengths of time as people read them: `3 days 04:05:06.5`.

use std::fmt::Write;

use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::datatypes::{
    DataType, DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType,
    DurationSecondType, TimeUnit,
};

const NANOS_PER_SECOND: i128 = 1_000_000_000;
const SECONDS_PER_DAY: i128 = 86_400;

/// Returns a value in nanoseconds, where the array holds lengths of time.
pub(super) fn nanos(array: &dyn Array, row: usize) -> Option<i128> {
    let DataType::Duration(unit) = array.data_type() else { return None };
    let (value, scale) = match unit {
        TimeUnit::Second => (array.as_primitive::<DurationSecondType>().value(row), 1_000_000_000),
        TimeUnit::Millisecond => {
            (array.as_primitive::<DurationMillisecondType>().value(row), 1_000_000)
        }
        TimeUnit::Microsecond => {
            (array.as_primitive::<DurationMicrosecondType>().value(row), 1_000)
        }
        TimeUnit::Nanosecond => (array.as_primitive::<DurationNanosecondType>().value(row), 1),
    };
    Some(i128::from(value) * scale)
}

/// Writes days, and the rest as a clock shows it; subseconds only where there are any.
pub(super) fn shown(nanos: i128) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let (seconds, fraction) = (nanos.abs() / NANOS_PER_SECOND, nanos.abs() % NANOS_PER_SECOND);
    let (days, second) = (seconds / SECONDS_PER_DAY, seconds % SECONDS_PER_DAY);
    let mut text = match days {
        0 => String::new(),
        1 => format!("{sign}1 day "),
        days => format!("{sign}{days} days "),
    };
    let clock = (second / 3600, second / 60 % 60, second % 60);
    let _ = write!(text, "{sign}{:02}:{:02}:{:02}", clock.0, clock.1, clock.2);
    if fraction > 0 {
        let digits = format!("{fraction:09}");
        let _ = write!(text, ".{}", digits.trim_end_matches('0'));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_is_days_and_a_clock() {
        let second = NANOS_PER_SECOND;
        assert_eq!(shown(0), "00:00:00");
        assert_eq!(shown(476 * second + 228_000_000), "00:07:56.228");
        assert_eq!(shown(90_061 * second), "1 day 01:01:01");
        assert_eq!(shown(-200_000 * second), "-2 days -07:33:20");
        assert_eq!(shown(i128::from(i64::MIN)), "-106751 days -23:47:16.854775808");
    }
}
