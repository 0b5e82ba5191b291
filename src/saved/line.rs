//! The values of `.run`, all on one line.

use crate::error::{Error, ErrorKind, Result};
use crate::saved::given::{Given, Raw};
use crate::saved::literal::quoted;

impl Given {
    /// Reads what follows the name of the query in `.run`: `a=1 b='two words' c=['x', 'y']`.
    pub(crate) fn parse_all(text: &str) -> Result<Vec<Self>> {
        let mut all = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
            let (left, after) = rest.split_at(end);
            // Without a `=` this is refused, as it should be.
            let given =
                Self::parse(&after.get(..1).map_or(left.into(), |sign| left.to_owned() + sign))?;
            let (value, after) = one_value(after.get(1..).unwrap_or_default())?;
            all.push(Self { value, ..given });
            rest = after.trim_start();
        }
        Ok(all)
    }
}

/// Returns the value at the beginning of a text, and what follows it.
fn one_value(text: &str) -> Result<(Raw, &str)> {
    let open = |what: &str| Error::new(ErrorKind::Usage, format!("a {what} is not closed: {text}"));
    if text.starts_with('\'') {
        let (inner, rest) = quoted(text).ok_or_else(|| open("quote"))?;
        return Ok((Raw::Text(inner), rest));
    }
    if text.starts_with('[') {
        let end = closing(text).ok_or_else(|| open("bracket"))?;
        return Ok((Raw::Typed(text[..=end].to_owned()), &text[end + 1..]));
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    Ok((Raw::Typed(text[..end].to_owned()), &text[end..]))
}

/// Where the bracket that opens a text is closed, outside of quotes.
fn closing(text: &str) -> Option<usize> {
    let mut is_quoted = false;
    text.char_indices().find_map(|(at, c)| {
        is_quoted ^= c == '\'';
        (c == ']' && !is_quoted).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_several() {
        let line = "n=7  last='14 days' who='it''s' apps=['a b', 'c]']  empty= ";
        let all = Given::parse_all(line).unwrap();
        let values: Vec<_> = all.iter().map(|g| (g.name.as_str(), g.value.clone())).collect();
        let typed = |text: &str| Raw::Typed(text.to_owned());
        let text = |text: &str| Raw::Text(text.to_owned());
        let expected = [
            ("n", typed("7")),
            ("last", text("14 days")),
            ("who", text("it's")),
            ("apps", typed("['a b', 'c]']")),
            ("empty", typed("")),
        ];
        assert_eq!(values, expected);
        for line in ["n", "n=7 m", "n='open", "n=['open'"] {
            assert!(Given::parse_all(line).is_err(), "{line}");
        }
    }
}
