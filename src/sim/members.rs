//! Reads and rewrites the top level of a JSON object without building a tree.
//!
//! Rows are kept as text. A page copies them, a filter looks at one or two
//! members, `$select` and v1.0 leave members out; none of that needs a `Value`.

use serde_json::Value;

/// The members of a JSON object, as slices of its text, in order.
pub(crate) struct Members<'a> {
    text: &'a str,
    at: usize,
}

/// Starts reading the members of an object.
pub(crate) fn members(text: &str) -> Members<'_> {
    let at = text.find('{').map_or(text.len(), |brace| brace + 1);
    Members { text, at }
}

impl<'a> Iterator for Members<'a> {
    /// The name, and the text of the value.
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.text.as_bytes();
        let start = self.at + bytes.get(self.at..)?.iter().position(|b| *b == b'"')?;
        let end = skip_string(bytes, start);
        let name = self.text.get(start + 1..end - 1)?;
        let colon = end + bytes.get(end..)?.iter().position(|b| *b == b':')?;
        let value = skip_space(bytes, colon + 1);
        let value_end = skip_value(bytes, value);
        self.at = value_end;
        Some((name, self.text.get(value..value_end)?.trim_end()))
    }
}

/// Returns the text of one member.
pub(crate) fn member<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    members(text).find(|(found, _)| *found == name).map(|(_, value)| value)
}

/// Returns one member as a value; absent is `None`, null is `Some(Null)`.
pub(crate) fn member_value(text: &str, name: &str) -> Option<Value> {
    serde_json::from_str(member(text, name)?).ok()
}

/// Copies an object and leaves out the members that `keep` refuses.
pub(crate) fn retain(text: &str, mut keep: impl FnMut(&str) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    out.push('{');
    for (name, value) in members(text).filter(|(name, _)| keep(name)) {
        push_member(&mut out, name, value);
    }
    out.push('}');
    out
}

/// Copies an object with some members replaced; unknown ones are added at the end.
pub(crate) fn replace(text: &str, changes: &[(&str, String)]) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    out.push('{');
    let mut done = vec![false; changes.len()];
    for (name, value) in members(text) {
        let change = changes.iter().position(|(changed, _)| *changed == name);
        let value = change.map_or(value, |found| changes[found].1.as_str());
        if let Some(found) = change {
            done[found] = true;
        }
        push_member(&mut out, name, value);
    }
    for (at, (name, value)) in changes.iter().enumerate() {
        if !done[at] {
            push_member(&mut out, name, value);
        }
    }
    out.push('}');
    out
}

fn push_member(out: &mut String, name: &str, value: &str) {
    if !out.ends_with('{') {
        out.push(',');
    }
    out.push('"');
    out.push_str(name);
    out.push_str("\":");
    out.push_str(value);
}

fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}

/// Returns the position behind the closing quote of the string at `at`.
fn skip_string(bytes: &[u8], at: usize) -> usize {
    let mut i = at + 1;
    while i < bytes.len() {
        match bytes[i] {
            b'\\' => i += 2,
            b'"' => return i + 1,
            _ => i += 1,
        }
    }
    bytes.len()
}

fn skip_value(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b'"') => skip_string(bytes, at),
        Some(b'{' | b'[') => skip_nested(bytes, at),
        _ => bytes[at..]
            .iter()
            .position(|b| matches!(b, b',' | b'}'))
            .map_or(bytes.len(), |p| at + p),
    }
}

fn skip_nested(bytes: &[u8], at: usize) -> usize {
    let (mut depth, mut i) = (0_usize, at);
    while i < bytes.len() {
        match bytes[i] {
            b'"' => {
                i = skip_string(bytes, i);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        i += 1;
        if depth == 0 {
            return i;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = r#"{"a":1,"b":{"a":"}\"{","c":[1,2]},"d":"x,\"y","e":null,"f":[]}"#;

    #[test]
    fn members_are_found_at_the_top_level_only() {
        assert_eq!(member(ROW, "a"), Some("1"));
        assert_eq!(member(ROW, "b"), Some(r#"{"a":"}\"{","c":[1,2]}"#));
        assert_eq!(member_value(ROW, "d"), Some(Value::from("x,\"y")));
        assert_eq!(member_value(ROW, "e"), Some(Value::Null));
        assert_eq!(member(ROW, "c"), None);
        assert_eq!(members(ROW).count(), 5);
    }

    #[test]
    fn retaining_everything_copies_the_text() {
        assert_eq!(retain(ROW, |_| true), ROW);
        assert_eq!(retain(ROW, |name| name == "e"), r#"{"e":null}"#);
    }

    #[test]
    fn replacing_changes_in_place_and_adds_at_the_end() {
        let changed = replace(r#"{"a":1,"b":2}"#, &[("a", "null".into()), ("z", "[]".into())]);
        assert_eq!(changed, r#"{"a":null,"b":2,"z":[]}"#);
    }
}
