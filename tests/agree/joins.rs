//! Joins nobody wrote by hand: with look-ups, without them, and read from the world's JSON.
//!
//! Sides are columns of two tables that share a value, under a predicate each.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::predicate::Predicate;
use super::value::{Sql, value};
use super::world::{Field, Shape, Table, tables};
use super::{engine, ids};

/// Queries.
const CASES: u64 = 240;

const KINDS: [&str; 8] =
    ["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "IN", "NOT IN", "EXISTS", "NOT EXISTS"];

/// One side: a table, the column it is joined by, and which of its rows count.
struct Side<'a> {
    table: &'a Table,
    by: &'a Field,
    predicate: Option<Predicate>,
}

impl Side<'_> {
    fn sql(&self) -> String {
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

    fn keys(&self, alias: &str) -> Vec<String> {
        (0..self.table.key.len()).map(|n| format!("{alias}.k{n}")).collect()
    }

    fn rows(&self) -> Vec<&Value> {
        let counts =
            |row: &&Value| self.predicate.as_ref().is_none_or(|p| p.holds(row) == Some(true));
        self.table.rows.iter().filter(counts).collect()
    }

    fn text(&self, row: &Value) -> Option<String> {
        match value(row, self.by) {
            Some(Sql::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// What stands for a row, or for none, in the result.
    fn shown(&self, row: Option<&Value>) -> String {
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

/// Every pair of columns of different tables that have a value in common.
fn pairs(tables: &[Table]) -> Vec<((usize, usize), (usize, usize))> {
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
        let alike = columns.iter().filter(|(b, others)| a.0 != b.0 && !texts.is_disjoint(others));
        pairs.extend(alike.map(|(b, _)| (*a, *b)));
    }
    pairs
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn joins_agree() {
    let (on, off) = (engine().await, engine().await);
    off.query("SET entra.pushdown = false").await.unwrap();
    let tables = tables(&on.simulator().unwrap().world());
    let pairs = pairs(&tables);
    assert!(pairs.len() > 100, "{}", pairs.len());
    let (mut hits, mut narrowed) = (0, 0);
    for case in 0..CASES {
        let at = usize::try_from(case.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33).unwrap();
        let (one, other) = pairs[at % pairs.len()];
        let side = |(table, field): (usize, usize), seed: u64| {
            let table = &tables[table];
            let predicate = seed.is_multiple_of(3).then(|| Predicate::generate(table, seed));
            Side { table, by: &table.fields[field], predicate }
        };
        let (a, b) = (side(one, case), side(other, case + 1));
        let kind = KINDS[usize::try_from(case).unwrap() % KINDS.len()];
        let sql = sql(kind, &a, &b);
        let expected = expected(kind, &a, &b);
        assert_eq!(ids(&on, &sql).await, expected, "with look-ups, against the world:\n{sql}");
        assert_eq!(ids(&off, &sql).await, expected, "without, against the world:\n{sql}");
        hits += u64::from(!expected.is_empty());
        let plan = ids(&on, &format!("EXPLAIN {sql}")).await;
        narrowed += u64::from(plan.keys().any(|text| text.contains("narrowed:")));
    }
    let refused = on.simulator().unwrap().refusals();
    assert!(refused.is_empty(), "the simulator refused: {refused:#?}");
    assert!(hits * 2 > CASES, "only {hits} joins had a row");
    assert!(narrowed * 8 > CASES, "only {narrowed} joins could narrow a scan");
}
