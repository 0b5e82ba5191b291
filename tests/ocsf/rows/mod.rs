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
/// Returns the texts, too. Members of enumerations are as documented. Of what only the beta
/// endpoint serves there is nothing, except of sign-ins, which the views read there.
pub fn telling(name: &str) -> (Value, Vec<String>) {
    let spec = tables::find(name).unwrap();
    let mut teller = Teller { beta: name.ends_with("sign_ins"), texts: Vec::new() };
    let listed = |c: &&Column| !matches!(c.served, Served::OneAtATime | Served::Expanded);
    let columns: Vec<_> = spec.columns_served().filter(listed).collect();
    let mut row = teller.record(columns, "");
    // It was a user or an app.
    if let Some(app) = row.pointer_mut("/initiatedBy/app") {
        *app = Value::Null;
        teller.texts.retain(|text| !text.contains(".initiatedBy.app"));
    }
    let mut set = |pointer: &str, text: &str| {
        if let Some(value) = row.pointer_mut(pointer) {
            teller.texts.retain(|known| *value != **known);
            *value = text.into();
        }
    };
    set("/id", name);
    set("/activityDisplayName", "Telling activity");
    set("/ipAddress", "198.51.100.77");
    set("/initiatedBy/user/ipAddress", "198.51.100.77");
    teller
        .texts
        .push(if row.get("ipAddress").is_some() { "198.51.100.77" } else { name }.to_owned());
    (row, teller.texts)
}

struct Teller {
    beta: bool,
    texts: Vec<String>,
}

impl Teller {
    fn record<'a>(&mut self, columns: impl IntoIterator<Item = &'a Column>, above: &str) -> Value {
        let mut row = Map::new();
        let beta = self.beta;
        for column in columns.into_iter().filter(|column| beta || !column.beta) {
            let name = property_name(column);
            let path = format!("{above}.{name}");
            row.insert(name, self.value(column, &column.kind, &path));
        }
        Value::Object(row)
    }

    fn value(&mut self, column: &Column, kind: &Kind, path: &str) -> Value {
        match kind {
            Kind::Text if !column.members.is_empty() => json!(column.members[0]),
            Kind::Text => {
                self.texts.push(format!("text of {path}"));
                json!(self.texts.last())
            }
            Kind::Flag => json!(true),
            Kind::Integer | Kind::Long => json!(7),
            Kind::Double => json!(7.5),
            Kind::Time => json!("2026-11-14T10:00:00Z"),
            Kind::Json | Kind::Raw => json!({}),
            Kind::Record(fields) => self.record(fields.iter(), path),
            Kind::List(inner) => json!([self.value(column, inner, path)]),
        }
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
    match value(kind, dice) {
        // Lists of texts are of names and labels: none is empty.
        Value::String(text) if text.is_empty() => json!("North"),
        Value::Object(_) if dice.one_in(40) => Value::Null,
        value => value,
    }
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
