//! Values as somebody gives them: `name=value`, `name:type=value`, or a file of them.

use datafusion::common::ScalarValue;

use crate::error::{Error, ErrorKind, Result};
use crate::saved::kind::{Kind, texts};
use crate::saved::literal::{list, literal, quoted};

/// One value for one parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) name: String,
    /// The type, where it was said.
    pub(crate) kind: Option<Kind>,
    pub(crate) value: Raw,
}

/// A value before its type is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Raw {
    /// What was typed: `7` may be a number or a text.
    Typed(String),
    /// A text for sure.
    Text(String),
    Texts(Vec<String>),
}

impl Given {
    /// Reads `name=value` or `name:type=value`. The value is taken as it is.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let wrong = || {
            Error::new(ErrorKind::Usage, format!("`{text}` is not a parameter"))
                .with_hint("it is written NAME=VALUE, or NAME:TYPE=VALUE")
        };
        let (left, value) = text.split_once('=').ok_or_else(wrong)?;
        let (name, kind) = match left.split_once(':') {
            Some((name, kind)) => (name, Some(kind_of(kind.trim())?)),
            None => (left, None),
        };
        let name = name.trim().trim_start_matches('$');
        if name.is_empty() {
            return Err(wrong());
        }
        Ok(Self { name: name.to_owned(), kind, value: Raw::Typed(value.to_owned()) })
    }

    /// Reads the value of one member of a file.
    pub(crate) fn from_json(name: &str, value: &serde_json::Value) -> Result<Self> {
        use serde_json::Value;
        let value = match value {
            Value::Bool(_) | Value::Number(_) => Raw::Typed(value.to_string()),
            Value::String(text) => Raw::Text(text.clone()),
            Value::Array(items) => {
                let items = items.iter().map(|item| item.as_str().map(str::to_owned));
                let items: Option<Vec<_>> = items.collect();
                Raw::Texts(items.ok_or_else(|| odd(name, "a list of anything but texts"))?)
            }
            Value::Null => return Err(odd(name, "null")),
            Value::Object(_) => return Err(odd(name, "neither a text, a number nor a list")),
        };
        Ok(Self { name: name.to_owned(), kind: None, value })
    }

    /// Returns the value as one of a type.
    pub(crate) fn value(&self, kind: Kind) -> Result<ScalarValue> {
        if let Some(said) = self.kind.filter(|said| *said != kind) {
            let message = format!("`{}` has type {}, not {}", self.name, kind.name(), said.name());
            return Err(Error::new(ErrorKind::Usage, message));
        }
        let value = match (&self.value, kind) {
            (Raw::Texts(items), Kind::Texts) => Ok(texts(items.clone())),
            (Raw::Texts(items), _) => Err(kind.refused(&items.join(", "))),
            (Raw::Typed(text) | Raw::Text(text), Kind::Texts) => items(text).map(texts),
            (Raw::Typed(text) | Raw::Text(text), Kind::Text) => kind.value(text),
            (Raw::Typed(text) | Raw::Text(text), _) if text.starts_with('\'') => {
                literal(kind, text)
            }
            (Raw::Typed(text) | Raw::Text(text), _) => kind.value(text),
        };
        value.map_err(|error| error.with_context("parameter", self.name.clone()))
    }
}

fn kind_of(name: &str) -> Result<Kind> {
    Kind::parse(name).ok_or_else(|| {
        let all: Vec<_> = Kind::ALL.iter().map(|(_, name, _)| *name).collect();
        Error::new(ErrorKind::Usage, format!("there is no type `{name}`"))
            .with_hint(format!("the types are {}", all.join(", ")))
    })
}

fn odd(name: &str, what: &str) -> Error {
    Error::new(ErrorKind::Usage, format!("the parameter `{name}` is {what}"))
        .with_hint("write times and intervals as texts: last = \"14 days\"")
}

/// One item, or a list of them. A comma outside of a list is a slip either way.
fn items(text: &str) -> Result<Vec<String>> {
    if text.trim_start().starts_with('[') {
        return list(text.trim());
    }
    if text.contains(',') {
        let message = format!("`{text}` may be one text or several");
        return Err(Error::new(ErrorKind::Usage, message)
            .with_hint("write ['a', 'b'], or give the parameter once for each text"));
    }
    Ok(vec![text.to_owned()])
}

/// Returns the value of a parameter nobody declared: a number, a truth value or a list where
/// it looks like one, else a text.
pub(crate) fn untyped(given: &Given) -> Result<ScalarValue> {
    let kind = given.kind.unwrap_or(match &given.value {
        Raw::Text(_) => Kind::Text,
        Raw::Texts(_) => Kind::Texts,
        Raw::Typed(text) => guess(text),
    });
    match &given.value {
        Raw::Typed(text) if given.kind.is_none() && kind == Kind::Text => {
            let inner = quoted(text).filter(|(_, rest)| rest.is_empty());
            Ok(ScalarValue::from(inner.map_or_else(|| text.clone(), |(inner, _)| inner)))
        }
        _ => given.value(kind),
    }
}

fn guess(text: &str) -> Kind {
    // A leading zero or plus is kept by a text only: `007`, `+49 30`.
    let is_plain = !text.trim_start_matches('-').starts_with('0') || text == "0";
    if text.starts_with('[') {
        Kind::Texts
    } else if is_plain && text.parse::<i64>().is_ok() && !text.starts_with('+') {
        Kind::Int
    } else if text.contains('.') && Kind::Double.value(text).is_ok() {
        Kind::Double
    } else if matches!(text, "true" | "false") {
        Kind::Boolean
    } else {
        Kind::Text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_untyped(text: &str, expected: &ScalarValue) {
        assert_eq!(&untyped(&Given::parse(text).unwrap()).unwrap(), expected, "{text}");
    }

    #[test]
    fn without_a_declaration_the_value_tells_its_type() {
        check_untyped("a=7", &7i64.into());
        check_untyped("a=-7", &(-7i64).into());
        check_untyped("a=7.5", &7.5.into());
        check_untyped("a=true", &true.into());
        check_untyped("a='7'", &"7".into());
        check_untyped("a:text=7", &"7".into());
        check_untyped("a=007", &"007".into());
        check_untyped("a=x=y", &"x=y".into());
        check_untyped("$a=' OR 1=1 --", &"' OR 1=1 --".into());
        check_untyped("a=", &"".into());
        check_untyped("a=['x', 'y']", &texts(vec!["x".into(), "y".into()]));
        check_untyped("a:interval=14 days", &Kind::Interval.value("14 days").unwrap());
    }

    #[test]
    fn a_declared_type_reads_the_value() {
        let value = |text, kind| Given::parse(text).unwrap().value(kind);
        assert_eq!(value("a=7", Kind::Text).unwrap(), "7".into());
        assert_eq!(value("a='7'", Kind::Text).unwrap(), "'7'".into());
        assert!(value("a='14 days'", Kind::Interval).is_ok());
        assert_eq!(value("a=x", Kind::Texts).unwrap(), texts(vec!["x".into()]));
        for (text, kind) in [("a=x", Kind::Int), ("a=x,y", Kind::Texts), ("a:int=7", Kind::Text)] {
            assert_eq!(value(text, kind).unwrap_err().kind(), ErrorKind::Usage, "{text}");
        }
    }

    #[test]
    fn what_is_no_assignment_is_refused() {
        for text in ["a", "=7", "a:days=7", ""] {
            assert_eq!(Given::parse(text).unwrap_err().kind(), ErrorKind::Usage, "{text}");
        }
    }

    #[test]
    fn a_file_tells_texts_from_numbers() {
        let given = |json| Given::from_json("a", &serde_json::from_str(json).unwrap());
        assert_eq!(untyped(&given("7").unwrap()).unwrap(), 7i64.into());
        assert_eq!(untyped(&given("\"7\"").unwrap()).unwrap(), "7".into());
        assert_eq!(given("[\"x\"]").unwrap().value(Kind::Texts).unwrap(), texts(vec!["x".into()]));
        for json in ["null", "[1]", "{}"] {
            assert!(given(json).is_err(), "{json}");
        }
    }
}
