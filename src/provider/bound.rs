//! Time bounds, widened until Graph's rounding can't lose a row.
//!
//! Columns hold microseconds, Graph up to seven digits, and how Graph compares the
//! digits is not documented. A bound goes out in whole seconds, rounded away from the
//! rows it keeps; the exact bound is checked here.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, Operator};

use crate::odata::{Comparison, Filter, Literal};

const SECOND: i128 = 1_000_000_000;

/// Returns the filter for `path op value`, or nothing when the instant has no OData form.
pub(super) fn bound(path: &str, op: Operator, nanos: i128) -> Option<Filter> {
    let floor = || instant(nanos.div_euclid(SECOND));
    let ceil = || instant(nanos.div_euclid(SECOND) + 1);
    let compare = |op, at| Filter::Compare(path.to_owned(), op, Literal::Time(at));
    match op {
        Operator::Gt | Operator::GtEq => Some(compare(Comparison::Ge, floor()?)),
        Operator::Lt | Operator::LtEq => Some(compare(Comparison::Le, ceil()?)),
        Operator::Eq => Some(Filter::And(vec![
            compare(Comparison::Ge, floor()?),
            compare(Comparison::Le, ceil()?),
        ])),
        _ => None,
    }
}

/// Writes inclusive bounds with the strict operators, a second further away.
pub(super) fn strictly(filter: Filter) -> Filter {
    match filter {
        Filter::Compare(path, Comparison::Ge, Literal::Time(at)) => {
            Filter::Compare(path, Comparison::Gt, Literal::Time(at - TimeDelta::seconds(1)))
        }
        Filter::Compare(path, Comparison::Le, Literal::Time(at)) => {
            Filter::Compare(path, Comparison::Lt, Literal::Time(at + TimeDelta::seconds(1)))
        }
        Filter::And(parts) => Filter::And(parts.into_iter().map(strictly).collect()),
        other => other,
    }
}

/// A day compared with a date: the bounds of the day.
pub(super) fn day_bound(path: &str, op: Operator, days: i32) -> Option<Filter> {
    let start = i128::from(days) * 86_400 * SECOND;
    let next = start + 86_400 * SECOND;
    match op {
        Operator::GtEq => bound(path, op, start),
        Operator::Gt => bound(path, op, next),
        Operator::Lt => bound(path, op, start),
        Operator::LtEq => bound(path, op, next),
        Operator::Eq => Some(Filter::And(vec![
            bound(path, Operator::GtEq, start)?,
            bound(path, Operator::LtEq, next)?,
        ])),
        _ => None,
    }
}

fn instant(seconds: i128) -> Option<DateTime<Utc>> {
    let at = DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)?;
    (1..=9999).contains(&at.year()).then_some(at)
}

/// Returns the instant of a timestamp literal in nanoseconds, any unit, UTC when unzoned.
pub(super) fn nanos(value: &ScalarValue) -> Option<i128> {
    match value {
        ScalarValue::TimestampSecond(Some(v), _) => Some(i128::from(*v) * SECOND),
        ScalarValue::TimestampMillisecond(Some(v), _) => Some(i128::from(*v) * 1_000_000),
        ScalarValue::TimestampMicrosecond(Some(v), _) => Some(i128::from(*v) * 1_000),
        ScalarValue::TimestampNanosecond(Some(v), _) => Some(i128::from(*v)),
        _ => None,
    }
}

/// Returns the column below a cast that keeps the order of instants.
pub(super) fn below_time_cast(expr: &Expr) -> &Expr {
    match expr {
        Expr::Cast(cast) if matches!(cast.field.data_type(), DataType::Timestamp(..)) => &cast.expr,
        Expr::TryCast(cast) if matches!(cast.field.data_type(), DataType::Timestamp(..)) => {
            &cast.expr
        }
        _ => expr,
    }
}

/// Returns the column below a cast to a date.
pub(super) fn below_date_cast(expr: &Expr) -> Option<&Expr> {
    match expr {
        Expr::Cast(cast) if *cast.field.data_type() == DataType::Date32 => Some(&cast.expr),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(op: Operator, nanos: i128, expected: &str) {
        let filter = bound("t", op, nanos).map(|f| f.to_string());
        assert_eq!(filter.as_deref(), Some(expected));
    }

    #[test]
    fn a_bound_is_widened_away_from_the_rows_it_keeps() {
        let half = 1_500_000_000;
        check(Operator::Gt, half, "t ge 1970-01-01T00:00:01Z");
        check(Operator::GtEq, 1_000_000_000, "t ge 1970-01-01T00:00:01Z");
        check(Operator::LtEq, half, "t le 1970-01-01T00:00:02Z");
        check(Operator::Lt, 1_000_000_000, "t le 1970-01-01T00:00:02Z");
        check(Operator::Eq, half, "t ge 1970-01-01T00:00:01Z and t le 1970-01-01T00:00:02Z");
    }

    #[test]
    fn strict_operators_lie_a_second_further_away() {
        let filter = bound("t", Operator::Eq, 1_500_000_000).map(strictly).unwrap();
        let expected = "t gt 1970-01-01T00:00:00Z and t lt 1970-01-01T00:00:03Z";
        assert_eq!(filter.to_string(), expected);
    }

    #[test]
    fn instants_before_1970_round_down_too() {
        check(Operator::GtEq, -1, "t ge 1969-12-31T23:59:59Z");
    }

    #[test]
    fn an_instant_without_an_odata_form_is_not_pushed() {
        assert_eq!(bound("t", Operator::GtEq, i128::from(i64::MAX) * SECOND), None);
    }
}
