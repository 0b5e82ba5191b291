//! OData literals: how a value is quoted inside `$filter`.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};

/// A value on the right side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// Text, in single quotes.
    Text(String),
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// An instant, unquoted, in UTC with whole seconds.
    Time(DateTime<Utc>),
    /// `null`.
    Null,
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // OData escapes a quote by doubling it. Without this a display name could end
            // the literal and rewrite the filter around it.
            Self::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Self::Flag(value) => write!(f, "{value}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Time(at) => f.write_str(&at.to_rfc3339_opts(SecondsFormat::Secs, true)),
            Self::Null => f.write_str("null"),
        }
    }
}
