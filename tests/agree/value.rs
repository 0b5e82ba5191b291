//! JSON values as SQL sees them, read without the engine's decoder.

use chrono::DateTime;
use serde_json::Value;

use super::world::{Field, Shape};

/// A SQL value; `None` around it is NULL.
#[derive(Debug, Clone, PartialEq)]
pub enum Sql {
    Text(String),
    Flag(bool),
    Integer(i64),
    /// Microseconds since 1970.
    Time(i64),
    Texts(Vec<Option<String>>),
}

/// The value of a field in a row; a value of another type is NULL.
pub fn value(row: &Value, field: &Field) -> Option<Sql> {
    let found = field.path.iter().try_fold(row, |object, name| object.as_object()?.get(name))?;
    match field.shape {
        Shape::Text => found.as_str().map(|s| Sql::Text(s.to_owned())),
        Shape::Flag => found.as_bool().map(Sql::Flag),
        Shape::Integer => {
            let number = found.as_i64().filter(|n| i32::try_from(*n).is_ok());
            number.map(Sql::Integer)
        }
        Shape::Time => found.as_str().and_then(micros).map(Sql::Time),
        Shape::Texts => {
            let list = found.as_array()?;
            Some(Sql::Texts(list.iter().map(|v| v.as_str().map(str::to_owned)).collect()))
        }
    }
}

/// The instant, cut to the microsecond. Microsoft writes some offsets with one digit.
fn micros(text: &str) -> Option<i64> {
    let text = text.replace("-8:00", "-08:00");
    DateTime::parse_from_rfc3339(&text).ok().map(|t| t.timestamp_micros())
}
