//! The types a parameter can have, and how a text becomes a value of one.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, IntervalUnit, TimeUnit};
use datafusion::common::ScalarValue;

use crate::error::{Error, ErrorKind, Result};

/// The type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Int,
    Double,
    Boolean,
    Time,
    Interval,
    Texts,
}

impl Kind {
    /// Every type, with its name in a header and an example of a value.
    pub(crate) const ALL: &[(Self, &str, &str)] = &[
        (Self::Text, "text", "lena@contoso.com"),
        (Self::Int, "int", "10"),
        (Self::Double, "double", "0.5"),
        (Self::Boolean, "boolean", "true"),
        (Self::Time, "time", "2026-01-31 or 2026-01-31T08:00:00Z"),
        (Self::Interval, "interval", "14 days"),
        (Self::Texts, "list<text>", "['a', 'b']"),
    ];

    /// Finds a type by its name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == name).map(|(kind, _, _)| *kind)
    }

    /// Returns its name.
    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _, _)| *kind == self).map_or("", |(_, name, _)| name)
    }

    fn example(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _, _)| *kind == self).map_or("", |(_, _, example)| example)
    }

    /// Returns its Arrow type.
    pub(crate) fn data_type(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Int => DataType::Int64,
            Self::Double => DataType::Float64,
            Self::Boolean => DataType::Boolean,
            Self::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Self::Interval => DataType::Interval(IntervalUnit::MonthDayNano),
            Self::Texts => DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true))),
        }
    }

    /// Reads a text that is not SQL. A list of texts is not read here: it has several.
    pub(crate) fn value(self, text: &str) -> Result<ScalarValue> {
        let text = if self == Self::Text { text } else { text.trim() };
        let value = match self {
            Self::Text => return Ok(ScalarValue::from(text)),
            Self::Texts => return Ok(texts(vec![text.to_owned()])),
            Self::Int => text.parse().ok().map(|n: i64| ScalarValue::from(n)),
            Self::Double => {
                text.parse().ok().filter(|n: &f64| n.is_finite()).map(ScalarValue::from)
            }
            Self::Boolean => match text.to_lowercase().as_str() {
                "true" => Some(true.into()),
                "false" => Some(false.into()),
                _ => None,
            },
            // A bare number would be seconds to Arrow, and days to whoever typed it.
            Self::Interval if text.parse::<f64>().is_ok() || text.is_empty() => None,
            Self::Time | Self::Interval => {
                let value = ScalarValue::try_from_string(text.to_owned(), &self.data_type());
                value.ok().filter(|value| !value.is_null())
            }
        };
        value.ok_or_else(|| self.refused(text))
    }

    /// Says that a text is no value of this type.
    pub(crate) fn refused(self, text: &str) -> Error {
        let message = format!("`{text}` is not a value of type {}", self.name());
        Error::new(ErrorKind::Usage, message).with_hint(format!("such as {}", self.example()))
    }
}

/// Returns a list of texts as one value.
pub(crate) fn texts(items: Vec<String>) -> ScalarValue {
    let items: Vec<_> = items.into_iter().map(ScalarValue::from).collect();
    ScalarValue::List(ScalarValue::new_list_nullable(&items, &DataType::Utf8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: Kind, text: &str, expected: Option<&str>) {
        let value = kind.value(text).ok();
        assert!(value.iter().all(|v| v.data_type() == kind.data_type()), "{value:?}");
        let shown = value.map(|value| match value {
            ScalarValue::IntervalMonthDayNano(Some(i)) => {
                format!("{} months {} days", i.months, i.days)
            }
            other => other.to_string(),
        });
        assert_eq!(shown.as_deref(), expected, "{text}");
    }

    #[test]
    fn texts_become_values_of_their_type() {
        check(Kind::Text, " ' OR 1=1 --", Some(" ' OR 1=1 --"));
        check(Kind::Int, "-7", Some("-7"));
        check(Kind::Double, "900", Some("900"));
        check(Kind::Boolean, "TRUE", Some("true"));
        check(Kind::Interval, "2 weeks", Some("0 months 14 days"));
        check(Kind::Time, "2026-01-31", Some("1769817600000000"));
        check(Kind::Time, "2026-01-31T01:00:00+01:00", Some("1769817600000000"));
        check(Kind::Texts, "a, b", Some("[a, b]"));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        check(Kind::Int, "7.5", None);
        check(Kind::Int, "seven", None);
        check(Kind::Double, "NaN", None);
        check(Kind::Boolean, "yes", None);
        check(Kind::Interval, "14", None);
        check(Kind::Interval, "soon", None);
        check(Kind::Interval, "", None);
        check(Kind::Time, "tomorrow", None);
    }
}
