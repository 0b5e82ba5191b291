//! Literals of a header and of `.run`: numbers, `'texts'`, `['lists']`, `NULL`.

use datafusion::common::ScalarValue;

use crate::error::{Error, ErrorKind, Result};
use crate::saved::kind::{Kind, texts};

/// Reads a literal of a type.
pub(super) fn literal(kind: Kind, text: &str) -> Result<ScalarValue> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("NULL") {
        return ScalarValue::try_from(&kind.data_type()).map_err(Error::from);
    }
    match kind {
        Kind::Int | Kind::Double | Kind::Boolean => kind.value(text),
        Kind::Texts => list(text).map(texts),
        Kind::Text | Kind::Time | Kind::Interval => {
            let inner = quoted(text).filter(|(_, rest)| rest.is_empty()).map(|(inner, _)| inner);
            let inner = inner.ok_or_else(|| {
                let message = format!("`{text}` is not a text in single quotes");
                Error::new(ErrorKind::Usage, message)
            })?;
            kind.value(&inner)
        }
    }
}

/// Reads `['a', 'b']`.
pub(super) fn list(text: &str) -> Result<Vec<String>> {
    let wrong = || {
        Error::new(ErrorKind::Usage, format!("`{text}` is not a list of texts"))
            .with_hint("such as ['a', 'b']; `[]` is the empty one")
    };
    let inner = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).ok_or_else(wrong)?;
    let mut rest = inner.trim();
    let mut items = Vec::new();
    while !rest.is_empty() {
        let (item, after) = quoted(rest).ok_or_else(wrong)?;
        items.push(item);
        let after = after.trim_start();
        rest = match after.strip_prefix(',') {
            // A comma promises another item.
            Some(more) if !more.trim().is_empty() => more.trim_start(),
            None if after.is_empty() => after,
            _ => return Err(wrong()),
        };
    }
    Ok(items)
}

/// Reads a text in single quotes at the beginning; two of them inside stand for one.
pub(super) fn quoted(text: &str) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix('\'')?;
    let mut inner = String::new();
    loop {
        let (head, tail) = rest.split_once('\'')?;
        inner.push_str(head);
        match tail.strip_prefix('\'') {
            Some(tail) => {
                inner.push('\'');
                rest = tail;
            }
            None => return Some((inner, tail)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: Kind, text: &str, expected: Option<&str>) {
        let value = literal(kind, text).ok();
        assert_eq!(value.map(|v| v.to_string()).as_deref(), expected, "{text}");
    }

    #[test]
    fn literals_are_read_as_sql_writes_them() {
        check(Kind::Text, "'it''s'", Some("it's"));
        check(Kind::Texts, "['a', 'b, c','d''e']", Some("[a, b, c, d'e]"));
        check(Kind::Texts, "[]", Some("[]"));
        check(Kind::Text, "null", Some("NULL"));
        check(Kind::Int, "7", Some("7"));
        let days = literal(Kind::Interval, "'14 days'").unwrap();
        assert_eq!(days, Kind::Interval.value("14 days").unwrap());
    }

    #[test]
    fn half_a_literal_is_none() {
        check(Kind::Text, "bare", None);
        check(Kind::Text, "'open", None);
        check(Kind::Text, "'a' 'b'", None);
        check(Kind::Texts, "['a',]", None);
        check(Kind::Texts, "['a' 'b']", None);
        check(Kind::Texts, "[a]", None);
        check(Kind::Texts, "'a'", None);
        check(Kind::Int, "'7'", None);
    }
}
