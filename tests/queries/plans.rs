//! What the saved queries ask of Graph, seen in their plans: nothing is sent here.

use std::collections::BTreeMap;
use std::path::PathBuf;

use datafusion::arrow::array::AsArray;
use entraql::Engine;

use crate::story::filled;

/// The logs, and the property that bounds them.
const LOGS: [(&str, &str); 5] = [
    ("audits", "activityDateTime ge "),
    ("sign_ins", "createdDateTime ge "),
    ("non_interactive_sign_ins", "createdDateTime ge "),
    ("service_principal_sign_ins", "createdDateTime ge "),
    ("managed_identity_sign_ins", "createdDateTime ge "),
];

/// Every saved query, with its text.
fn queries() -> Vec<(PathBuf, String)> {
    let folders = std::fs::read_dir("queries").unwrap().map(|entry| entry.unwrap().path());
    let files =
        folders.filter(|path| path.is_dir()).flat_map(|path| std::fs::read_dir(path).unwrap());
    let paths = files.map(|entry| entry.unwrap().path());
    paths.map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

/// The scans of a query: table, and what is pushed.
async fn scans(engine: &Engine, path: &str, text: &str) -> Vec<(String, String)> {
    let sql = format!("EXPLAIN {}", filled(text, &[]));
    let mut query = engine.query(&sql).await.unwrap_or_else(|e| panic!("{path}: {e:?}"));
    let mut scans: Vec<(String, String)> = Vec::new();
    while let Some(batch) = query.next().await.unwrap() {
        for line in batch.column(1).as_string::<i32>().iter().flatten().flat_map(str::lines) {
            let line = line.trim();
            if let Some((_, table)) = line.split_once("GraphScanExec: table=") {
                let table = table.split([',', ' ']).next().unwrap();
                scans.push((table.to_owned(), String::new()));
            } else if let (Some(pushed), Some(scan)) =
                (line.strip_prefix("pushed: "), scans.last_mut())
            {
                scan.1.push_str(pushed);
                scan.1.push('\n');
            }
        }
    }
    scans
}

#[tokio::test]
async fn every_log_is_read_once_and_with_a_bound_graph_understands() {
    let engine = Engine::offline().await.unwrap();
    let mut seen = BTreeMap::new();
    for (path, text) in queries() {
        let path = path.display().to_string();
        let mut here = BTreeMap::new();
        for (table, pushed) in scans(&engine, &path, &text).await {
            let times = here.entry(table.clone()).or_insert(0);
            *times += 1;
            assert_eq!(*times, 1, "{path} reads {table} twice");
            let log = LOGS.iter().find(|(name, _)| *name == table);
            assert!(
                log.is_none_or(|(_, bound)| pushed.contains(bound)),
                "{path}: {table}: {pushed}"
            );
            *seen.entry(table).or_insert(0) += 1;
        }
        assert!(!here.is_empty(), "{path} reads nothing");
    }
    let unread: Vec<_> = LOGS.iter().filter(|(log, _)| !seen.contains_key(*log)).collect();
    assert!(unread.is_empty(), "{unread:?} {seen:?}");
}

#[tokio::test]
async fn a_query_names_the_tables_it_reads() {
    let engine = Engine::offline().await.unwrap();
    for (path, text) in queries() {
        let path = path.display().to_string();
        let named = text.lines().find_map(|line| line.strip_prefix("-- tables: ")).unwrap();
        let named: Vec<&str> = named.split(", ").collect();
        let mut read: Vec<String> =
            scans(&engine, &path, &text).await.into_iter().map(|s| s.0).collect();
        // The view stands for the logs of a kind.
        if named.contains(&"all_sign_ins") {
            read.retain(|table| !table.ends_with("sign_ins"));
            read.push("all_sign_ins".to_owned());
        }
        read.sort();
        // Nothing is asked of Graph for a list.
        let named = named.into_iter().filter(|table| !table.starts_with("lists."));
        let mut named: Vec<String> = named.map(str::to_owned).collect();
        named.sort();
        assert_eq!(read, named, "{path}");
    }
}
