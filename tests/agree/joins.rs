//! Joins nobody wrote by hand: with look-ups, without them, with what both sides want fetched
//! once and twice, and read from the world's JSON.
//!
//! Sides are columns of two tables that share a value, or of one, under a predicate each.

use std::collections::{BTreeMap, BTreeSet};

use entraql::Engine;
use serde_json::Value;

use super::predicate::Predicate;
use super::value::{Sql, value};
use super::world::{Field, Shape, Table, tables};
use super::{engine, ids};
use crate::faults::rig::graph_of;

/// Queries with two tables.
const CASES: u64 = 240;
/// Queries with one table twice.
const SELF_CASES: u64 = 120;

const KINDS: [&str; 8] =
    ["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "IN", "NOT IN", "EXISTS", "NOT EXISTS"];

/// One side: a table, the column it is joined by, and which of its rows count.
pub(super) struct Side<'a> {
    pub(super) table: &'a Table,
    pub(super) by: &'a Field,
    pub(super) predicate: Option<Predicate>,
}

impl Side<'_> {
    pub(super) fn sql(&self) -> String {
        let key =
            self.table.key.iter().enumerate().map(|(n, (column, _))| format!("{column} AS k{n}"));
        let columns = key.chain([format!("{} AS v", self.by.sql)]).collect::<Vec<_>>().join(", ");
        match &self.predicate {
            Some(predicate) => {
                format!("SELECT {columns} FROM {} WHERE {predicate}", self.table.name)
            }
            None => format!("SELECT {columns} FROM {}", self.table.name),
        }
    }

    pub(super) fn keys(&self, alias: &str) -> Vec<String> {
        (0..self.table.key.len()).map(|n| format!("{alias}.k{n}")).collect()
    }

    pub(super) fn rows(&self) -> Vec<&Value> {
        let counts =
            |row: &&Value| self.predicate.as_ref().is_none_or(|p| p.holds(row) == Some(true));
        self.table.rows.iter().filter(counts).collect()
    }

    pub(super) fn text(&self, row: &Value) -> Option<String> {
        match value(row, self.by) {
            Some(Sql::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// What stands for a row, or for none, in the result.
    pub(super) fn shown(&self, row: Option<&Value>) -> String {
        let shown = |property: &String| {
            row.and_then(|row| row[property].as_str()).unwrap_or("NULL").to_owned()
        };
        self.table.key.iter().map(|(_, property)| shown(property)).collect::<Vec<_>>().join("|")
    }
}

fn sql(kind: &str, a: &Side<'_>, b: &Side<'_>) -> String {
    let (left, right) = (a.sql(), b.sql());
    let own = a.keys("a").join(", ");
    match kind {
        "IN" | "NOT IN" => {
            format!("SELECT {own} FROM ({left}) a WHERE a.v {kind} (SELECT v FROM ({right}) b)")
        }
        "EXISTS" | "NOT EXISTS" => format!(
            "SELECT {own} FROM ({left}) a WHERE {kind} (SELECT 1 FROM ({right}) b WHERE b.v = a.v)"
        ),
        _ => {
            let both = b.keys("b").join(", ");
            format!("SELECT {own}, {both} FROM ({left}) a {kind} ({right}) b ON a.v = b.v")
        }
    }
}

fn expected(kind: &str, a: &Side<'_>, b: &Side<'_>) -> BTreeMap<String, usize> {
    let (left, right) = (a.rows(), b.rows());
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    let mut add = |shown: String| *found.entry(shown).or_default() += 1;
    let has = |side: &Side<'_>, rows: &[&Value], text: &Option<String>| {
        text.is_some() && rows.iter().any(|row| side.text(row) == *text)
    };
    match kind {
        "IN" | "NOT IN" | "EXISTS" | "NOT EXISTS" => {
            let unknown = right.iter().any(|row| b.text(row).is_none());
            for row in left {
                let text = a.text(row);
                let matches = has(b, &right, &text);
                let keeps = match kind {
                    "IN" | "EXISTS" => matches,
                    "NOT EXISTS" => !matches,
                    _ => right.is_empty() || (!matches && text.is_some() && !unknown),
                };
                if keeps {
                    add(a.shown(Some(row)));
                }
            }
        }
        _ => {
            for one in &left {
                let text = a.text(one);
                for other in right.iter().filter(|row| text.is_some() && b.text(row) == text) {
                    add(format!("{}|{}", a.shown(Some(one)), b.shown(Some(other))));
                }
                if matches!(kind, "LEFT JOIN" | "FULL JOIN") && !has(b, &right, &text) {
                    add(format!("{}|{}", a.shown(Some(one)), b.shown(None)));
                }
            }
            for other in right.iter().filter(|_| matches!(kind, "RIGHT JOIN" | "FULL JOIN")) {
                if !has(a, &left, &b.text(other)) {
                    add(format!("{}|{}", a.shown(None), b.shown(Some(other))));
                }
            }
        }
    }
    found
}

/// A column: the place of its table and its place among the fields.
pub(super) type Place = (usize, usize);

/// Every pair of columns that have a value in common: of different tables, or of the same.
pub(super) fn pairs(tables: &[Table], same: bool) -> Vec<(Place, Place)> {
    let mut columns = Vec::new();
    for (table, one) in tables.iter().enumerate() {
        let plain = |field: &Field| field.shape == Shape::Text && field.path.len() == 1;
        for (field, by) in one.fields.iter().enumerate().filter(|(_, field)| plain(field)) {
            let texts = one.rows.iter().filter_map(|row| match value(row, by)? {
                Sql::Text(text) if text.len() > 10 => Some(text),
                _ => None,
            });
            columns.push(((table, field), texts.collect::<BTreeSet<_>>()));
        }
    }
    let mut pairs = Vec::new();
    for (a, texts) in &columns {
        let alike =
            columns.iter().filter(|(b, others)| (a.0 == b.0) == same && !texts.is_disjoint(others));
        pairs.extend(alike.map(|(b, _)| (*a, *b)));
    }
    pairs
}

/// What is compared: every query runs on each engine.
struct Engines {
    on: Engine,
    /// Sends no filters.
    off: Engine,
    /// Fetches for each scan.
    apart: Engine,
}

impl Engines {
    async fn new() -> Self {
        let engines = Self { on: engine().await, off: engine().await, apart: engine().await };
        engines.off.query("SET entra.pushdown = false").await.unwrap();
        engines.apart.query("SET entra.share_bytes = 0").await.unwrap();
        engines
    }

    /// Checks the rows of all, and returns the requests that sharing has saved.
    async fn check(&self, sql: &str, expected: &BTreeMap<String, usize>) -> usize {
        let (rows, shared) = counted(&self.on, sql).await;
        assert_eq!(rows, *expected, "with look-ups, against the world:\n{sql}");
        assert_eq!(ids(&self.off, sql).await, *expected, "without, against the world:\n{sql}");
        let (rows, apart) = counted(&self.apart, sql).await;
        assert_eq!(rows, *expected, "each scan by itself, against the world:\n{sql}");
        assert!(shared <= apart, "{shared} requests shared, {apart} apart:\n{sql}");
        apart - shared
    }
}

async fn counted(engine: &Engine, sql: &str) -> (BTreeMap<String, usize>, usize) {
    let sent = || graph_of(engine.simulator().unwrap()).len();
    let before = sent();
    (ids(engine, sql).await, sent() - before)
}

/// Returns one query of many, and what it must say.
fn case(
    tables: &[Table],
    pairs: &[(Place, Place)],
    case: u64,
) -> (String, BTreeMap<String, usize>) {
    let at = usize::try_from(case.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33).unwrap();
    let (one, other) = pairs[at % pairs.len()];
    let side = |(table, field): Place, seed: u64| {
        let table = &tables[table];
        let predicate = seed.is_multiple_of(3).then(|| Predicate::generate(table, seed));
        Side { table, by: &table.fields[field], predicate }
    };
    let (a, b) = (side(one, case), side(other, case + 1));
    let kind = KINDS[usize::try_from(case).unwrap() % KINDS.len()];
    (sql(kind, &a, &b), expected(kind, &a, &b))
}

fn assert_not_refused(engine: &Engine) {
    let refused = engine.simulator().unwrap().refusals();
    assert!(refused.is_empty(), "the simulator refused: {refused:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn joins_agree() {
    let engines = Engines::new().await;
    let tables = tables(&engines.on.simulator().unwrap().world());
    let pairs = pairs(&tables, false);
    assert!(pairs.len() > 100, "{}", pairs.len());
    let (mut hits, mut narrowed) = (0, 0);
    for number in 0..CASES {
        let (sql, expected) = case(&tables, &pairs, number);
        engines.check(&sql, &expected).await;
        hits += u64::from(!expected.is_empty());
        let plan = ids(&engines.on, &format!("EXPLAIN {sql}")).await;
        narrowed += u64::from(plan.keys().any(|text| text.contains("narrowed:")));
    }
    assert_not_refused(&engines.on);
    assert!(hits * 2 > CASES, "only {hits} joins had a row");
    assert!(narrowed * 8 > CASES, "only {narrowed} joins could narrow a scan");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn joins_of_a_table_with_itself_agree() {
    let engines = Engines::new().await;
    let tables = tables(&engines.on.simulator().unwrap().world());
    let pairs = pairs(&tables, true);
    assert!(pairs.len() > 100, "{}", pairs.len());
    let (mut hits, mut saved) = (0, 0);
    for number in 0..SELF_CASES {
        let (sql, expected) = case(&tables, &pairs, number);
        saved += u64::from(engines.check(&sql, &expected).await > 0);
        hits += u64::from(!expected.is_empty());
    }
    assert_not_refused(&engines.on);
    assert!(hits * 2 > SELF_CASES, "only {hits} joins had a row");
    assert!(saved * 3 > SELF_CASES, "only {saved} joins took fewer requests");
}
