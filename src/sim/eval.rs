//! Evaluates a filter over the text of one row, with Graph's three-valued logic.
//!
//! Strings compare without case; a comparison with a missing value is neither
//! true nor false, so `ne` and `not` drop such rows, as Graph does.

use std::cmp::Ordering;

use serde_json::Value;

use crate::sim::members::member_value;
use crate::sim::moment;
use crate::sim::syntax::{Expr, Function, Literal, Op};

/// Says whether the row is selected.
pub(crate) fn selects(expr: &Expr, row: &str) -> bool {
    evaluate(expr, &|path| at_path(row, path)) == Some(true)
}

type Lookup<'a> = &'a dyn Fn(&str) -> Value;

fn evaluate(expr: &Expr, lookup: Lookup<'_>) -> Option<bool> {
    match expr {
        Expr::And(parts) => join(parts, lookup, false),
        Expr::Or(parts) => join(parts, lookup, true),
        Expr::Not(inner) => evaluate(inner, lookup).map(|known| !known),
        Expr::Compare(path, op, literal) => compare(&lookup(path), *op, literal),
        Expr::In(path, values) => {
            let found = lookup(path);
            let mut hits = values.iter().map(|value| compare(&found, Op::Eq, value));
            if found.is_null() { None } else { Some(hits.any(|hit| hit == Some(true))) }
        }
        Expr::Match(function, path, literal) => matches(&lookup(path), *function, literal),
        Expr::Any(path, body) => Some(any(&lookup(path), body)),
    }
}

/// `and` ends at the first false, `or` at the first true; unknown wins otherwise.
fn join(parts: &[Expr], lookup: Lookup<'_>, decisive: bool) -> Option<bool> {
    let mut unknown = false;
    for part in parts {
        match evaluate(part, lookup) {
            Some(known) if known == decisive => return Some(decisive),
            Some(_) => {}
            None => unknown = true,
        }
    }
    if unknown { None } else { Some(!decisive) }
}

fn any(items: &Value, body: &Expr) -> bool {
    let Some(items) = items.as_array() else { return false };
    items.iter().any(|item| evaluate(body, &|path| inside(item, path)) == Some(true))
}

/// Finds `location/city` in a row; absent reads as null.
fn at_path(row: &str, path: &str) -> Value {
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    match member_value(row, first) {
        Some(value) => inside(&value, rest),
        None => Value::Null,
    }
}

fn inside(value: &Value, path: &str) -> Value {
    if path.is_empty() {
        return value.clone();
    }
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    if first == "$count" {
        return Value::from(value.as_array().map_or(0, Vec::len));
    }
    value.get(first).map_or(Value::Null, |found| inside(found, rest))
}

fn compare(found: &Value, op: Op, literal: &Literal) -> Option<bool> {
    if *literal == Literal::Null {
        return match op {
            Op::Eq => Some(found.is_null()),
            Op::Ne => Some(!found.is_null()),
            Op::Gt | Op::Ge | Op::Lt | Op::Le => None,
        };
    }
    let order = order(found, literal)?;
    Some(match op {
        Op::Eq => order == Ordering::Equal,
        Op::Ne => order != Ordering::Equal,
        Op::Gt => order == Ordering::Greater,
        Op::Ge => order != Ordering::Less,
        Op::Lt => order == Ordering::Less,
        Op::Le => order != Ordering::Greater,
    })
}

fn order(found: &Value, literal: &Literal) -> Option<Ordering> {
    match (found, literal) {
        (Value::String(text), Literal::Time(at)) => moment::parse(text).map(|found| found.cmp(at)),
        (Value::String(text), Literal::Text(wanted) | Literal::Guid(wanted)) => {
            Some(text.to_lowercase().cmp(&wanted.to_lowercase()))
        }
        (Value::Number(number), Literal::Number(wanted)) => number.as_f64()?.partial_cmp(wanted),
        (Value::Bool(flag), Literal::Bool(wanted)) => Some(flag.cmp(wanted)),
        _ => None,
    }
}

fn matches(found: &Value, function: Function, literal: &Literal) -> Option<bool> {
    let (Value::String(text), Literal::Text(wanted)) = (found, literal) else { return None };
    let (text, wanted) = (text.to_lowercase(), wanted.to_lowercase());
    Some(match function {
        Function::StartsWith => text.starts_with(&wanted),
        Function::EndsWith => text.ends_with(&wanted),
        Function::Contains => text.contains(&wanted),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::syntax::parse;

    const ROW: &str = r#"{"name":"O'Brien","city":null,"at":"2026-01-01T00:00:00.9990000Z","n":5,
        "on":true,"mails":["SMTP:Ann@x"],"plans":[{"id":"a","s":"on"},{"id":"b","s":null}],"none":[],
        "place":{"city":"Köln"}}"#;

    fn check(filter: &str, expected: bool) {
        let expr = parse(filter).unwrap();
        assert_eq!(selects(&expr, ROW), expected, "{filter}");
    }

    #[test]
    fn strings_compare_without_case() {
        check("name eq 'o''BRIEN'", true);
        check("startswith(name,'o''b')", true);
        check("endsWith(name,'IEN')", true);
        check("contains(name,'zzz')", false);
        check("name in ('x','O''Brien')", true);
        check("place/city eq 'KÖLN'", true);
    }

    #[test]
    fn a_missing_value_is_neither_equal_nor_unequal() {
        check("city eq 'x'", false);
        check("city ne 'x'", false);
        check("not (city eq 'x')", false);
        check("not startsWith(city,'x')", false);
        check("city eq null", true);
        check("absent ne null", false);
        check("city eq 'x' or n eq 5", true);
    }

    #[test]
    fn times_and_numbers_are_not_text() {
        check("at ge 2026-01-01T00:00:00.999Z", true);
        check("at gt 2026-01-01T00:00:00.999Z", false);
        check("at eq 2026-01-01T01:00:00.999+01:00", true);
        check("n le 5 and n ge 5 and on eq true", true);
        check("n eq '5'", false);
    }

    #[test]
    fn lambdas_look_at_each_element() {
        check("plans/any(p: p/id eq 'A' and p/s eq 'on')", true);
        check("plans/any(p: p/id eq 'b' and p/s eq 'on')", false);
        check("mails/any(m: startsWith(m,'smtp:ann'))", true);
        check("not (none/any(x: x eq 'a'))", true);
        check("none/$count eq 0", true);
        check("plans/$count ne 0", true);
    }
}
