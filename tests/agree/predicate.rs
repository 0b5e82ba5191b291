//! Predicates: generated from rows, written as SQL, and evaluated here with three values.

use std::fmt;

use chrono::{DateTime, SecondsFormat};
use entraql::spec::{ANY_EQ, EQ, NULL, PREFIX, RANGE, STRICT};
use serde_json::Value;

use super::dice::Dice;
use super::value::{Sql, value};
use super::world::{Field, Shape, Table};

/// A predicate over one row.
#[derive(Debug, Clone)]
pub enum Predicate {
    Compare(Field, &'static str, Sql),
    In(Field, Vec<Sql>, bool),
    Like { field: Field, pattern: String, blind: bool, negated: bool },
    Lower(Field, String),
    StartsWith(Field, String),
    Has(Field, String),
    Null(Field, bool),
    Flag(Field, bool),
    Between(Field, i64, i64),
    Day(Field, i64),
    Not(Box<Predicate>),
    And(Box<Predicate>, Box<Predicate>),
    Or(Box<Predicate>, Box<Predicate>),
}

impl Predicate {
    /// Makes the predicate of a seed.
    pub fn generate(table: &Table, seed: u64) -> Self {
        let mut dice = Dice::seeded(seed, table.name.len() as u64);
        tree(table, &mut dice, 2)
    }

    /// One predicate for every operator of every field: what is declared is tried at least once.
    pub fn declared(table: &Table) -> Vec<Self> {
        table.fields.iter().flat_map(|field| simple(table, field)).collect()
    }

    /// SQL's answer for a row: true, false or unknown.
    pub fn holds(&self, row: &Value) -> Option<bool> {
        match self {
            Self::Compare(field, op, right) => compare(&value(row, field)?, op, right),
            Self::In(field, list, negated) => {
                let left = value(row, field)?;
                Some(list.contains(&left) != *negated)
            }
            Self::Like { field, pattern, blind, negated } => {
                let Sql::Text(text) = value(row, field)? else { return None };
                Some(like(&text, pattern, *blind) != *negated)
            }
            Self::Lower(field, right) => match value(row, field)? {
                Sql::Text(text) => Some(text.to_lowercase() == *right),
                _ => None,
            },
            Self::StartsWith(field, prefix) => match value(row, field)? {
                Sql::Text(text) => Some(text.starts_with(prefix.as_str())),
                _ => None,
            },
            Self::Has(field, item) => match value(row, field)? {
                Sql::Texts(items) => Some(items.iter().flatten().any(|i| i == item)),
                _ => None,
            },
            Self::Null(field, negated) => Some(value(row, field).is_none() != *negated),
            Self::Flag(field, negated) => match value(row, field)? {
                Sql::Flag(flag) => Some(flag != *negated),
                _ => None,
            },
            Self::Between(field, low, high) => match value(row, field)? {
                Sql::Time(at) => Some(*low <= at && at <= *high),
                _ => None,
            },
            Self::Day(field, day) => match value(row, field)? {
                Sql::Time(at) => Some(at.div_euclid(86_400_000_000) == *day),
                _ => None,
            },
            Self::Not(inner) => inner.holds(row).map(|b| !b),
            Self::And(a, b) => match (a.holds(row), b.holds(row)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Self::Or(a, b) => match (a.holds(row), b.holds(row)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
        }
    }
}

fn simple(table: &Table, field: &Field) -> Vec<Predicate> {
    let values: Vec<Sql> = table.rows.iter().filter_map(|row| value(row, field)).collect();
    let texts = values.iter().flat_map(|value| match value {
        Sql::Text(text) => vec![text.clone()],
        Sql::Texts(items) => items.iter().flatten().cloned().collect(),
        _ => Vec::new(),
    });
    // An empty text is never sent.
    let text = texts.into_iter().find(|text| !text.is_empty()).unwrap_or_else(|| "x".to_owned());
    let known = values.first();
    let or = |default: Sql| known.cloned().unwrap_or(default);
    let compare = |op, value| Predicate::Compare(field.clone(), op, value);
    let equal = match field.shape {
        Shape::Flag => compare("=", or(Sql::Flag(true))),
        Shape::Integer => compare("=", or(Sql::Integer(1))),
        _ => compare("=", Sql::Text(text.clone())),
    };
    let prefix = text.chars().take(3).collect();
    let tried = [
        (EQ, equal),
        (PREFIX, Predicate::StartsWith(field.clone(), prefix)),
        (RANGE, compare(">=", or(Sql::Time(0)))),
        (STRICT, compare("<=", or(Sql::Time(0)))),
        (NULL, Predicate::Null(field.clone(), false)),
        (ANY_EQ, Predicate::Has(field.clone(), text)),
    ];
    tried.into_iter().filter(|(op, _)| field.ops.has(*op)).map(|(_, tried)| tried).collect()
}

fn tree(table: &Table, dice: &mut Dice, depth: usize) -> Predicate {
    let part = |dice: &mut Dice| Box::new(tree(table, dice, depth - 1));
    match dice.roll(if depth == 0 { 6 } else { 10 }) {
        0..=5 => leaf(table, dice),
        6 | 7 => Predicate::And(part(dice), part(dice)),
        8 => Predicate::Or(part(dice), part(dice)),
        _ if dice.one_in(2) => Predicate::Not(part(dice)),
        _ => Predicate::Or(part(dice), part(dice)),
    }
}

fn leaf(table: &Table, dice: &mut Dice) -> Predicate {
    let filterable: Vec<&Field> = table.fields.iter().filter(|f| f.is_filterable()).collect();
    let field = match dice.one_in(4) || filterable.is_empty() {
        true => dice.pick(&table.fields),
        false => dice.pick(&filterable),
    };
    let field = field.clone();
    if dice.one_in(8) {
        return Predicate::Null(field, dice.one_in(2));
    }
    let values: Vec<Sql> = table.rows.iter().filter_map(|row| value(row, &field)).collect();
    if values.is_empty() {
        return Predicate::Null(field, dice.one_in(2));
    }
    let found = dice.pick(&values).clone();
    match (field.shape, found) {
        (Shape::Text, Sql::Text(text)) => on_text(field, &text, &values, dice),
        (Shape::Time, Sql::Time(at)) => on_time(field, at, dice),
        (Shape::Texts, Sql::Texts(items)) => {
            let item = items.into_iter().flatten().next();
            Predicate::Has(field, bent(&item.unwrap_or_else(|| "Unified".into()), dice))
        }
        (Shape::Flag, Sql::Flag(flag)) if dice.one_in(2) => {
            Predicate::Compare(field, dice.op(&["=", "<>"]), Sql::Flag(flag))
        }
        (Shape::Flag, _) => Predicate::Flag(field, dice.one_in(2)),
        (_, Sql::Integer(number)) if dice.one_in(3) => Predicate::In(
            field,
            vec![Sql::Integer(number), Sql::Integer(number + 1)],
            dice.one_in(4),
        ),
        (_, found) => Predicate::Compare(field, dice.op(&["=", "<>", "<", ">="]), found),
    }
}

fn on_text(field: Field, text: &str, values: &[Sql], dice: &mut Dice) -> Predicate {
    let value = bent(text, dice);
    match dice.roll(10) {
        0..=3 => {
            Predicate::Compare(field, dice.op(&["=", "=", "=", "<>", "<", ">="]), Sql::Text(value))
        }
        4 => {
            let count = 1 + dice.roll(20);
            let mut list: Vec<Sql> = (0..count).map(|_| dice.pick(values).clone()).collect();
            list.push(Sql::Text(value));
            Predicate::In(field, list, dice.one_in(5))
        }
        5 | 6 => Predicate::StartsWith(field, prefix(text, dice)),
        7 => {
            let wild = ["%", "_%", "%x", ""];
            let pattern =
                format!("{}{}", prefix(text, dice).replace(['%', '_', '\\'], "_"), dice.op(&wild));
            Predicate::Like { field, pattern, blind: dice.one_in(2), negated: dice.one_in(6) }
        }
        8 => {
            let pattern = value.replace(['%', '_', '\\'], "_");
            Predicate::Like { field, pattern, blind: true, negated: false }
        }
        _ => Predicate::Lower(field, value.to_lowercase()),
    }
}

fn on_time(field: Field, at: i64, dice: &mut Dice) -> Predicate {
    const STEPS: [i64; 9] =
        [0, 0, 1, -1, 999_999, 1_000_000, -1_000_000, 3_600_000_000, -86_400_000_000];
    let at = at + dice.pick(&STEPS);
    match dice.roll(8) {
        0 => Predicate::Day(field, at.div_euclid(86_400_000_000)),
        1 => Predicate::Between(field, at, at + dice.pick(&STEPS).abs()),
        _ => Predicate::Compare(field, dice.op(&["=", ">", ">=", "<", "<=", "<>"]), Sql::Time(at)),
    }
}

/// A value near one that exists.
fn bent(text: &str, dice: &mut Dice) -> String {
    match dice.roll(8) {
        0 => text.to_uppercase(),
        1 => text.to_lowercase(),
        2 => format!("{text}'"),
        3 => text.chars().take(1 + dice.roll(4)).collect(),
        _ => text.to_owned(),
    }
}

fn prefix(text: &str, dice: &mut Dice) -> String {
    let length = 1 + dice.roll(text.chars().count().clamp(1, 6));
    let prefix: String = text.chars().take(length).collect();
    if dice.one_in(4) { prefix.to_uppercase() } else { prefix }
}

fn compare(left: &Sql, op: &str, right: &Sql) -> Option<bool> {
    let order = match (left, right) {
        (Sql::Text(a), Sql::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
        (Sql::Flag(a), Sql::Flag(b)) => a.cmp(b),
        (Sql::Integer(a), Sql::Integer(b)) | (Sql::Time(a), Sql::Time(b)) => a.cmp(b),
        _ => return None,
    };
    Some(match op {
        "=" => order.is_eq(),
        "<>" => order.is_ne(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        ">=" => order.is_ge(),
        other => panic!("no operator {other}"),
    })
}

/// LIKE without escapes: `%` is any text, `_` one character.
fn like(text: &str, pattern: &str, blind: bool) -> bool {
    let fold = |s: &str| if blind { s.to_lowercase() } else { s.to_owned() };
    let (text, pattern): (Vec<char>, Vec<char>) =
        (fold(text).chars().collect(), fold(pattern).chars().collect());
    matches(&text, &pattern)
}

fn matches(text: &[char], pattern: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('%', rest)) => (0..=text.len()).any(|skip| matches(&text[skip..], rest)),
        Some(('_', rest)) => !text.is_empty() && matches(&text[1..], rest),
        Some((c, rest)) => text.first() == Some(c) && matches(&text[1..], rest),
    }
}

impl fmt::Display for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Integer(number) => write!(f, "{number}"),
            // A TIMESTAMP literal counts nanoseconds, which end in 1677 and 2262.
            Self::Time(micros) => write!(
                f,
                "arrow_cast('{}', 'Timestamp(Microsecond, Some(\"UTC\"))')",
                instant(*micros)
            ),
            Self::Texts(_) => f.write_str("NULL"),
        }
    }
}

fn instant(micros: i64) -> String {
    let at = DateTime::from_timestamp_micros(micros).unwrap_or_default();
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

impl fmt::Display for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not = |negated: &bool| if *negated { "NOT " } else { "" };
        match self {
            Self::Compare(field, op, value) => write!(f, "{} {op} {value}", field.sql),
            Self::In(field, list, negated) => {
                let list: Vec<String> = list.iter().map(ToString::to_string).collect();
                write!(f, "{} {}IN ({})", field.sql, not(negated), list.join(", "))
            }
            Self::Like { field, pattern, blind, negated } => {
                let word = if *blind { "ILIKE" } else { "LIKE" };
                write!(f, "{} {}{word} {}", field.sql, not(negated), Sql::Text(pattern.clone()))
            }
            Self::Lower(field, text) => {
                write!(f, "lower({}) = {}", field.sql, Sql::Text(text.clone()))
            }
            Self::StartsWith(field, text) => {
                write!(f, "starts_with({}, {})", field.sql, Sql::Text(text.clone()))
            }
            Self::Has(field, item) => {
                write!(f, "array_has({}, {})", field.sql, Sql::Text(item.clone()))
            }
            Self::Null(field, negated) => write!(f, "{} IS {}NULL", field.sql, not(negated)),
            Self::Flag(field, negated) => write!(f, "{}{}", not(negated), field.sql),
            Self::Between(field, low, high) => {
                write!(f, "{} BETWEEN {} AND {}", field.sql, Sql::Time(*low), Sql::Time(*high))
            }
            Self::Day(field, day) => {
                let date = instant(day * 86_400_000_000);
                write!(f, "{}::date = DATE '{}'", field.sql, &date[..10])
            }
            Self::Not(inner) => write!(f, "NOT ({inner})"),
            Self::And(a, b) => write!(f, "({a}) AND ({b})"),
            Self::Or(a, b) => write!(f, "({a}) OR ({b})"),
        }
    }
}
