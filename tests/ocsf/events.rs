//! The events of a view as JSON, written by Arrow and not by the program: what the program
//! leaves out because it is null or empty would show here.

use std::collections::BTreeMap;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::json::LineDelimitedWriter;
use entraql::Engine;

use super::check::Checker;
use super::finding::{Finding, Kind};

/// The rows of a statement.
pub async fn batches(engine: &Engine, sql: &str) -> Vec<RecordBatch> {
    let mut query = engine.query(sql).await.unwrap_or_else(|e| panic!("{sql}\n{e:?}"));
    let mut batches = Vec::new();
    while let Some(batch) = query.next().await.unwrap_or_else(|e| panic!("{sql}\n{e:?}")) {
        batches.push(batch);
    }
    batches
}

/// The rows of a statement as JSON objects.
pub async fn events(engine: &Engine, sql: &str) -> Vec<String> {
    let mut writer = LineDelimitedWriter::new(Vec::new());
    for batch in batches(engine, sql).await {
        writer.write(&batch).unwrap();
    }
    writer.finish().unwrap();
    let text = String::from_utf8(writer.into_inner()).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// The views of schema `ocsf`.
pub async fn views(engine: &Engine) -> Vec<String> {
    let sql = "SELECT table_name AS name FROM information_schema.tables \
               WHERE table_schema = 'ocsf' ORDER BY table_name";
    let lines = events(engine, sql).await;
    let name = |line: &String| {
        let row: BTreeMap<String, String> = serde_json::from_str(line).unwrap();
        row["name"].clone()
    };
    lines.iter().map(name).collect()
}

/// What is wrong with some events: how often, and with which event for example.
#[derive(Debug, Default)]
pub struct Wrong(BTreeMap<(Kind, String), (usize, Finding, String)>);

impl Wrong {
    /// Checks events; what is wrong at any item of a list is one entry.
    pub fn of(checker: &mut Checker, events: &[String]) -> Self {
        let mut wrong = Self::default();
        for event in events {
            for finding in checker.check(event) {
                let key = (finding.kind, without_indexes(&finding.path));
                let entry = wrong.0.entry(key).or_insert_with(|| (0, finding, event.clone()));
                entry.0 += 1;
            }
        }
        wrong
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Kind and path of each entry.
    pub fn keys(&self) -> Vec<(Kind, &str)> {
        self.0.keys().map(|(kind, path)| (*kind, path.as_str())).collect()
    }
}

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (count, finding, event) in self.0.values() {
            writeln!(f, "{count} times {finding}\n    {event}")?;
        }
        Ok(())
    }
}

fn without_indexes(path: &str) -> String {
    let parts = path.split('[').enumerate().map(|(at, part)| match at {
        0 => part.to_owned(),
        _ => format!("[]{}", part.split_once(']').map_or("", |(_, rest)| rest)),
    });
    parts.collect()
}
