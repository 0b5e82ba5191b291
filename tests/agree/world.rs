//! The rows of a table as the world holds them, and the columns a predicate may name.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta};
use entraql::sim::World;
use entraql::spec::{Column, Kind, Ops, Served, TableSpec, Version, property_name};
use serde_json::Value;

use super::predicate::Predicate;

/// What a predicate can say about a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Text,
    Flag,
    Integer,
    Time,
    Texts,
}

/// A column or a field of one: how SQL names it and where it is in the JSON.
#[derive(Debug, Clone)]
pub struct Field {
    pub sql: String,
    pub path: Vec<String>,
    pub shape: Shape,
    /// What Graph can filter it by; such a field deserves more cases.
    pub ops: Ops,
}

impl Field {
    pub fn is_filterable(&self) -> bool {
        !self.ops.is_empty()
    }
}

/// One table and its rows.
#[derive(Debug)]
pub struct Table {
    pub name: &'static str,
    /// What tells its rows apart: column and property.
    pub key: Vec<(&'static str, String)>,
    pub fields: Vec<Field>,
    pub rows: Vec<Value>,
}

impl Table {
    /// The query for what tells the rows apart.
    pub fn sql(&self, predicate: &Predicate) -> String {
        let key: Vec<_> = self.key.iter().map(|(column, _)| *column).collect();
        format!("SELECT {} FROM {} WHERE {predicate}", key.join(", "), self.name)
    }

    /// The query for the number of rows.
    pub fn count(&self, predicate: &Predicate) -> String {
        format!("SELECT arrow_cast(count(*), 'Utf8') FROM {} WHERE {predicate}", self.name)
    }

    /// The ids of the rows the predicate holds for.
    pub fn ids(&self, predicate: &Predicate) -> BTreeMap<String, usize> {
        let mut found = BTreeMap::new();
        for row in self.rows.iter().filter(|row| predicate.holds(row) == Some(true)) {
            let id = |name: &String| row[name].as_str().unwrap_or("NULL").to_owned();
            let ids: Vec<String> = self.key.iter().map(|(_, property)| id(property)).collect();
            *found.entry(ids.join("|")).or_default() += 1;
        }
        found
    }
}

/// Every table, with the rows it must show.
pub fn tables(world: &World) -> Vec<Table> {
    entraql::tables::ALL
        .iter()
        .map(|spec| Table {
            name: spec.name,
            key: spec.identity().iter().map(|c| (c.name, property_name(c))).collect(),
            fields: fields(spec),
            rows: with_parents(spec, rows(world, spec)),
        })
        .collect()
}

/// A row of a parent shows whose it is under the names of the columns that say so.
fn with_parents(spec: &TableSpec, mut rows: Vec<Value>) -> Vec<Value> {
    for row in &mut rows {
        let whose = row["@parent"].as_str().unwrap_or_default().to_owned();
        for (column, id) in spec.parents().zip(whose.split('/')) {
            row[property_name(column)] = Value::from(id);
        }
    }
    rows
}

/// A table shows the collection at its path; the logs hold more than they serve.
fn rows(world: &World, spec: &TableSpec) -> Vec<Value> {
    let kind = match spec.name {
        "audits" => return kept(world, "directoryAudits", "activityDateTime"),
        "sign_ins" => "interactiveUser",
        "non_interactive_sign_ins" => "nonInteractiveUser",
        "service_principal_sign_ins" => "servicePrincipal",
        "managed_identity_sign_ins" => "managedIdentity",
        _ => return world.rows_of(spec.path),
    };
    let is_kind = |row: &&Value| {
        row["signInEventTypes"].as_array().is_some_and(|kinds| kinds.iter().any(|k| k == kind))
    };
    kept(world, "signIns", "createdDateTime").into_iter().filter(|row| is_kind(&row)).collect()
}

/// The rows of a log that are not older than the service keeps: 30 days, counted from
/// midnight.
fn kept(world: &World, log: &str, time: &str) -> Vec<Value> {
    let oldest = (world.now() - TimeDelta::days(30)).format("%Y-%m-%dT00:00:00Z").to_string();
    let oldest = DateTime::parse_from_rfc3339(&oldest).unwrap();
    let is_kept = |row: &&Value| {
        let at = row[time].as_str().and_then(|t| DateTime::parse_from_rfc3339(t).ok());
        at.is_some_and(|at| at >= oldest)
    };
    world.rows(log).iter().filter(is_kept).cloned().collect()
}

fn fields(spec: &'static TableSpec) -> Vec<Field> {
    let listed = |c: &&&Column| {
        // What is not in a listing can't be in a predicate over one, and what only one
        // version serves would turn every other case to that version.
        !matches!(c.served, Served::OneAtATime | Served::Expanded)
            && !c.v1_only
            && (!c.beta || spec.version == Version::Beta)
    };
    let mut out = Vec::new();
    let columns: Vec<&'static Column> = spec.columns_served().collect();
    for column in columns.iter().filter(listed) {
        add(column.name.to_owned(), Vec::new(), column, spec, &mut out);
    }
    out
}

fn add(
    sql: String,
    mut path: Vec<String>,
    column: &Column,
    spec: &TableSpec,
    out: &mut Vec<Field>,
) {
    path.push(property_name(column));
    let shape = match column.kind {
        Kind::Text => Shape::Text,
        Kind::Flag => Shape::Flag,
        Kind::Integer | Kind::Long => Shape::Integer,
        Kind::Time => Shape::Time,
        Kind::List(Kind::Text) => Shape::Texts,
        Kind::Record(fields) => {
            for field in fields.iter().filter(|f| !f.beta || spec.version == Version::Beta) {
                add(format!("{sql}['{}']", field.name), path.clone(), field, spec, out);
            }
            return;
        }
        _ => return,
    };
    out.push(Field { sql, path, shape, ops: column.ops_on(spec.version) });
}
