//! What EXPLAIN GRAPH says about a query holds when the query runs: over many queries,
//! before and after their first run, with pages of both sizes.

use std::collections::BTreeMap;

use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::Int64Type;
use entraql::graph::Pacing;
use entraql::sim::{Options, WorldName};
use entraql::{Engine, ErrorKind, Settings, tables};

use crate::faults::rig::{graph_of, now};

/// Requests by table: at least, and at most where that is known.
type Bounds = BTreeMap<String, (u64, Option<u64>)>;

async fn engine() -> Engine {
    let options = Options { world: WorldName::Tiny, now: now(), ..Options::default() };
    let settings = Settings { pacing: Pacing::Off, now: Some(now()), ..Settings::default() };
    Engine::simulated(options, settings).await.unwrap()
}

async fn batches(engine: &Engine, sql: &str) -> Vec<RecordBatch> {
    let mut query = engine.query(sql).await.unwrap_or_else(|e| panic!("{sql}\n{e:?}"));
    let mut all = Vec::new();
    while let Some(batch) = query.next().await.unwrap_or_else(|e| panic!("{sql}\n{e:?}")) {
        all.push(batch);
    }
    all
}

fn sent(engine: &Engine) -> usize {
    graph_of(engine.simulator().unwrap()).len()
}

async fn bounds(engine: &Engine, sql: &str) -> Bounds {
    let mut bounds = Bounds::new();
    for batch in batches(engine, sql).await {
        let tables = batch.column_by_name("table_name").unwrap().as_string::<i32>();
        let number = |name: &str| batch.column_by_name(name).unwrap().as_primitive::<Int64Type>();
        let (least, most) = (number("requests_min"), number("requests_max"));
        let texts = batch.column_by_name("requests").unwrap().as_string::<i32>();
        for row in 0..batch.num_rows() {
            let known = most.is_valid(row).then(|| u64::try_from(most.value(row)).unwrap());
            assert_eq!(known.is_none(), texts.value(row).starts_with("unknown"), "{sql}");
            let sum = bounds.entry(tables.value(row).to_owned()).or_insert((0, Some(0)));
            sum.0 += u64::try_from(least.value(row)).unwrap();
            sum.1 = sum.1.zip(known).map(|(a, b)| a + b);
        }
    }
    bounds
}

/// Runs a query and returns its requests by table. Counted where they leave: one that a
/// satisfied reader left under way reaches the simulator late or never.
async fn requests(engine: &Engine, sql: &str) -> BTreeMap<String, u64> {
    let before = logged(engine).await.len();
    batches(engine, sql).await;
    let mut counts = BTreeMap::new();
    for table in logged(engine).await.into_iter().skip(before) {
        *counts.entry(table).or_default() += 1;
    }
    counts
}

/// The table of each request to Graph so far.
async fn logged(engine: &Engine) -> Vec<String> {
    let log = "SELECT table_name FROM meta.requests WHERE table_name <> '' ORDER BY seq";
    let tables = |batch: RecordBatch| -> Vec<String> {
        let names = batch.column(0).as_string::<i32>();
        names.iter().flatten().map(str::to_owned).collect()
    };
    batches(engine, log).await.into_iter().flat_map(tables).collect()
}

/// The queries of one way to run them: each table goes through one of the ways.
fn corpus(way: usize) -> Vec<String> {
    let mut all: Vec<String> = include_str!("cost.sql")
        .split(';')
        .map(|sql| sql.trim().to_owned())
        .filter(|sql| !sql.is_empty())
        .collect();
    let tables = tables::ALL.iter().map(|table| (table.name, table.key));
    let tables = tables.chain([("all_sign_ins", "id")]).skip(way).step_by(WAYS.len());
    for (table, id) in tables {
        for limit in [0, 1, 8, 5_000] {
            all.push(format!("SELECT {id} FROM {table} LIMIT {limit}"));
        }
        all.push(format!("SELECT count(*) FROM {table}"));
        all.push(format!("SELECT {id} FROM {table} ORDER BY {id} LIMIT 2"));
        all.push(format!("SELECT {id} FROM {table} WHERE {id} = 'nobody'"));
        all.push(format!("SELECT {id} FROM {table} WHERE {id} LIKE '%0%' LIMIT 3"));
        all.push(format!("SELECT {id} FROM {table} WHERE {id} IN ('a', 'b', 'c')"));
    }
    for view in tables::VIEWS {
        all.push(format!("SELECT * FROM {} LIMIT 3", view.name));
        all.push(format!("SELECT count(*) FROM {}", view.name));
        all.extend(view.examples.iter().map(|(_, sql)| (*sql).to_owned()));
    }
    all
}

/// Rows to a page, 0 for Graph's own number, and how long the cache keeps them.
const WAYS: [(u32, &str); 3] = [(0, "0"), (7, "0"), (7, "1h")];

/// What is promised for a table whose rows hang below others covers the listing of those.
fn with_parents(real: BTreeMap<String, u64>, promised: &Bounds) -> BTreeMap<String, u64> {
    let below = |table: &str| {
        let is_above = |name: &&String| {
            let parents = std::iter::successors(tables::find(name), |spec| spec.parent);
            parents.skip(1).any(|parent| parent.name == table)
        };
        promised.keys().find(is_above).cloned()
    };
    let mut counts = BTreeMap::new();
    for (table, count) in real {
        let own = promised.contains_key(&table);
        let table = if own { table } else { below(&table).unwrap_or(table) };
        *counts.entry(table).or_default() += count;
    }
    counts
}

/// Who has rows below it shows only when everybody is asked, so no number is ever known.
fn has_parents(table: &str) -> bool {
    tables::find(table).is_some_and(|spec| spec.parent.is_some())
}

/// Previews, runs and compares; returns the scans previewed and those left unknown.
async fn check(engine: &Engine, sql: &str) -> (usize, usize) {
    let before = logged(engine).await.len();
    let promised = bounds(engine, &format!("EXPLAIN GRAPH {sql}")).await;
    assert_eq!(logged(engine).await.len(), before, "EXPLAIN GRAPH asked something: {sql}");
    let real = with_parents(requests(engine, sql).await, &promised);
    for table in promised.keys().chain(real.keys()) {
        let real = real.get(table).copied().unwrap_or(0);
        let (least, most) = promised.get(table).copied().unwrap_or((0, Some(0)));
        // The listing of the parents of another scan, whose number is open, counts here too.
        let is_above = |below: &&String| {
            let parents = std::iter::successors(tables::find(below), |spec| spec.parent);
            parents.skip(1).any(|parent| parent.name == *table)
        };
        let open = promised.iter().any(|(name, (_, most))| most.is_none() && is_above(&name));
        let most = most.filter(|_| !open);
        assert!(
            least <= real && most.is_none_or(|most| real <= most),
            "{sql}\n{table}: {least} to {most:?} were promised, {real} were sent"
        );
    }
    let listings = || promised.iter().filter(|(table, _)| !has_parents(table));
    (listings().count(), listings().filter(|(_, bounds)| bounds.1.is_none()).count())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_promised_is_what_is_sent() {
    for (way, (page_size, ttl)) in WAYS.into_iter().enumerate() {
        let queries = corpus(way);
        assert!(queries.len() >= 100, "{} queries", queries.len());
        let engine = engine().await;
        batches(&engine, &format!("SET entra.page_size = {page_size}")).await;
        batches(&engine, &format!("SET entra.cache_ttl = '{ttl}'")).await;
        let mut unknown = [0.0; 2];
        for round in &mut unknown {
            let (mut scans, mut open) = (0, 0);
            for sql in &queries {
                let (more, unknown) = check(&engine, sql).await;
                (scans, open) = (scans + more, open + unknown);
            }
            *round =
                f64::from(u32::try_from(open).unwrap()) / f64::from(u32::try_from(scans).unwrap());
        }
        println!(
            "pages of {page_size}, cache {ttl}: unknown {:.2} at first, {:.2} again",
            unknown[0], unknown[1]
        );
        assert!(sent(&engine) <= logged(&engine).await.len(), "requests that no log has");
        assert!(unknown[0] < 0.5 && unknown[1] < 0.2, "too much is unknown: {unknown:?}");
    }
}

#[tokio::test]
async fn a_probe_is_one_request_and_then_the_number_is_known() {
    let engine = engine().await;
    batches(&engine, "SET entra.page_size = 7").await;
    let promised = bounds(&engine, "EXPLAIN GRAPH (PROBE) SELECT id FROM users").await;
    assert_eq!((sent(&engine), promised["users"]), (1, (4, Some(4))));
    assert_eq!(requests(&engine, "SELECT id FROM users").await["users"], 4);
    let before = sent(&engine);
    let promised = bounds(&engine, "EXPLAIN GRAPH (PROBE) SELECT id FROM sign_ins").await;
    assert_eq!((sent(&engine), promised["sign_ins"]), (before, (1, None)));
}

#[tokio::test]
async fn explain_graph_is_for_statements_that_read() {
    let engine = engine().await;
    for sql in ["SET entra.strict = true", "CREATE VIEW v AS SELECT 1", "DROP TABLE nothing"] {
        let error = engine.query(&format!("EXPLAIN GRAPH {sql}")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Query, "{sql}");
        assert!(!engine.has_cost(sql).unwrap(), "{sql}");
    }
    for sql in
        ["SELECT 1", "EXPLAIN SELECT 1", "COPY users TO 'u.csv'", "CREATE TABLE t AS SELECT 1"]
    {
        assert!(engine.has_cost(sql).unwrap(), "{sql}");
    }
}

#[tokio::test]
async fn a_mistake_is_shown_at_its_place_behind_the_prefix() {
    let error = engine().await.query("EXPLAIN GRAPH (PROBE)\nSELECT wrong FROM users").await;
    let error = error.unwrap_err();
    let place = error.place().expect("a place");
    assert_eq!((place.line(), place.column()), (2, 8), "{error:?}");
}
