//! Rows as Graph could send them at its worst: any property missing, null, empty, or of a
//! value nobody has documented.

mod audit;
mod pool;
mod serve;

use entraql::spec::{Column, Kind, Served, TableSpec, property_name};
use entraql::tables;
use serde_json::{Map, Value, json};

use crate::agree::dice::Dice;

pub use audit::{activities, audit};
pub use serve::{Table, engine};

/// Properties a row always has: what tells rows apart, and the times of the logs.
const KEPT: &[&str] =
    &["id", "createdDateTime", "activityDateTime", "activityDisplayName", "signInEventTypes"];

/// Makes rows of a table; the same number gives the same rows.
pub fn rows(name: &str, count: usize, seed: u64) -> Vec<Value> {
    let spec = tables::find(name).unwrap();
    let mut dice = Dice::seeded(seed, name.len() as u64);
    (0..count).map(|number| row(spec, number, &mut dice)).collect()
}

fn row(spec: &'static TableSpec, number: usize, dice: &mut Dice) -> Value {
    let listed = |c: &&Column| !matches!(c.served, Served::OneAtATime | Served::Expanded);
    // Now and then an object of which nearly everything is missing.
    let sparse = dice.one_in(25);
    let mut row = Map::new();
    for column in spec.columns_served().filter(listed) {
        let name = property_name(column);
        if KEPT.contains(&name.as_str()) || !(sparse || dice.one_in(10)) {
            row.insert(name.clone(), property(column, &name, dice));
        }
    }
    row.insert("id".to_owned(), Value::from(format!("{}-{number}", spec.name)));
    if let Some((kind, _)) = tables::SIGN_IN_KINDS.iter().find(|(_, table)| table.name == spec.name)
    {
        row.insert("signInEventTypes".to_owned(), json!([kind]));
    }
    audit::fill(spec, &mut row, dice);
    Value::Object(row)
}

/// A row in which every property is there, and every text is found nowhere else.
///
/// Returns the texts, too. Members of enumerations are as documented.
pub fn telling(name: &str) -> (Value, Vec<String>) {
    let spec = tables::find(name).unwrap();
    let mut texts = Vec::new();
    let listed = |c: &&Column| !matches!(c.served, Served::OneAtATime | Served::Expanded);
    let columns: Vec<_> = spec.columns_served().filter(listed).collect();
    let mut row = told(columns, "", &mut texts);
    for (property, text) in [("id", name), ("activityDisplayName", "Telling activity")] {
        if row.get(property).is_some() {
            texts.retain(|known| row[property] != known.as_str());
            row[property] = text.into();
        }
    }
    (row, texts)
}

fn told<'a>(
    columns: impl IntoIterator<Item = &'a Column>,
    above: &str,
    texts: &mut Vec<String>,
) -> Value {
    let mut row = Map::new();
    for column in columns {
        let name = property_name(column);
        let path = format!("{above}.{name}");
        row.insert(name, told_value(column, &column.kind, &path, texts));
    }
    Value::Object(row)
}

fn told_value(column: &Column, kind: &Kind, path: &str, texts: &mut Vec<String>) -> Value {
    match kind {
        Kind::Text if !column.members.is_empty() => json!(column.members[0]),
        Kind::Text => {
            texts.push(format!("text of {path}"));
            json!(texts.last())
        }
        Kind::Flag => json!(true),
        Kind::Integer | Kind::Long => json!(7),
        Kind::Double => json!(7.5),
        Kind::Time => json!("2026-11-14T10:00:00Z"),
        Kind::Json | Kind::Raw => json!({}),
        Kind::Record(fields) => told(fields.iter(), path, texts),
        Kind::List(inner) => json!([told_value(column, inner, path, texts)]),
    }
}

fn property(column: &Column, name: &str, dice: &mut Dice) -> Value {
    if !KEPT.contains(&name) && dice.one_in(12) {
        return Value::Null;
    }
    if let Some(values) = pool::of(name) {
        return serde_json::from_str(dice.op(values)).unwrap();
    }
    if !column.members.is_empty() && matches!(column.kind, Kind::Text) {
        return member(column.members, dice);
    }
    value(&column.kind, dice)
}

/// A member of an enumeration, or one that will be added tomorrow.
fn member(known: &[&'static str], dice: &mut Dice) -> Value {
    match dice.roll(10) {
        0 => json!("unknownFutureValue"),
        1 => json!(dice.op(&["addedTomorrow", "", "NONE"])),
        _ => json!(dice.op(known)),
    }
}

fn value(kind: &Kind, dice: &mut Dice) -> Value {
    match kind {
        Kind::Text => serde_json::from_str(dice.op(pool::TEXTS)).unwrap(),
        Kind::Flag => json!(dice.one_in(2)),
        Kind::Integer | Kind::Long => json!(dice.roll(100_000)),
        Kind::Double => serde_json::from_str(dice.op(pool::DOUBLES)).unwrap(),
        Kind::Time => serde_json::from_str(dice.op(pool::TIMES)).unwrap(),
        Kind::Json | Kind::Raw => json!({"any": [null, {}, 1.5, "x"], "": null}),
        Kind::Record(fields) => record(fields, dice),
        Kind::List(inner) => (0..dice.roll(4)).map(|_| item(inner, dice)).collect(),
    }
}

fn item(kind: &Kind, dice: &mut Dice) -> Value {
    // Graph has been seen to send a null among the items.
    if dice.one_in(40) { Value::Null } else { value(kind, dice) }
}

fn record(fields: &'static [Column], dice: &mut Dice) -> Value {
    let mut record = Map::new();
    let sparse = dice.one_in(15);
    for field in fields {
        if !sparse && !dice.one_in(10) {
            let name = property_name(field);
            record.insert(name.clone(), property(field, &name, dice));
        }
    }
    Value::Object(record)
}
