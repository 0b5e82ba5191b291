//! Points in time as Graph writes them: RFC 3339 with up to seven fractional digits.
//!
//! Seconds and nanoseconds are kept apart because year 1 ("never") does not fit
//! into nanoseconds since 1970.

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::Value;

/// Seconds since 1970 and nanoseconds within the second.
pub(crate) type Moment = (i64, u32);

/// Reads a date-time with a zone, or a bare date, which OData also allows.
pub(crate) fn parse(text: &str) -> Option<Moment> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some((at.timestamp(), at.timestamp_subsec_nanos()));
    }
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    Some((date.and_hms_opt(0, 0, 0)?.and_utc().timestamp(), 0))
}

/// Returns the moment of a clock reading.
pub(crate) fn moment(at: DateTime<Utc>) -> Moment {
    (at.timestamp(), at.timestamp_subsec_nanos())
}

/// Writes whole seconds, as most Graph properties do.
pub(crate) fn seconds(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Writes seven fractional digits, as audits do.
pub(crate) fn ticks(at: DateTime<Utc>, ticks: u32) -> String {
    format!("{}.{:07}Z", at.format("%Y-%m-%dT%H:%M:%S"), ticks % 10_000_000)
}

/// Moves every date-time inside a value by whole seconds; "never" dates stay.
pub(crate) fn shift(value: &mut Value, seconds: i64) {
    match value {
        Value::String(text) => {
            if let Some(shifted) = shift_text(text, seconds) {
                *text = shifted;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| shift(item, seconds)),
        Value::Object(fields) => fields.values_mut().for_each(|field| shift(field, seconds)),
        _ => {}
    }
}

/// Keeps the fraction as written: `.9999999` must not be rounded.
fn shift_text(text: &str, seconds: i64) -> Option<String> {
    let (whole, rest) = text.split_at_checked(19)?;
    let at = NaiveDateTime::parse_from_str(whole, "%Y-%m-%dT%H:%M:%S").ok()?;
    if !rest.ends_with('Z') || !(1980..2200).contains(&chrono::Datelike::year(&at)) {
        return None;
    }
    let moved = at.checked_add_signed(TimeDelta::try_seconds(seconds)?)?;
    Some(format!("{}{rest}", moved.format("%Y-%m-%dT%H:%M:%S")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_and_offsets_compare_as_instants() {
        assert!(parse("2026-01-01T00:00:00.9999999Z") < parse("2026-01-01T00:00:01Z"));
        assert_eq!(parse("2026-01-01T01:00:00+01:00"), parse("2026-01-01"));
        assert!(parse("0001-01-01T00:00:00Z") < parse("1970-01-01T00:00:00Z"));
        assert_eq!(parse("yesterday"), None);
    }

    #[test]
    fn shifting_keeps_the_fraction_and_never() {
        assert_eq!(
            shift_text("2026-01-15T12:00:00.9999999Z", 86_400).as_deref(),
            Some("2026-01-16T12:00:00.9999999Z")
        );
        assert_eq!(shift_text("0001-01-01T00:00:00Z", 86_400), None);
        assert_eq!(shift_text("not a date, but longer", 1), None);
    }
}
