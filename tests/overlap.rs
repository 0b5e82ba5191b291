//! Several `$batch` in flight: no request and no row more or less than one after the other,
//! and none too many where the reader stops early.

use std::time::Duration;

use datafusion::arrow::array::{AsArray, RecordBatch};
use entraql::error::{ErrorKind, Result};
use entraql::sim::{FaultScript, Options, Simulator, WorldName};
use entraql::{Engine, Query};
use serde_json::{Value, json};

use crate::faults::rig::{graph_of, now, settings};

/// What Graph takes in one `$batch`, and how many of them are in flight.
const PARTS: usize = 20;
const MOST: usize = 6;

const MEMBERS: &str = "SELECT group_id, id FROM group_members";

fn id(kind: char, number: usize) -> String {
    format!("{kind}0000000-0000-4000-8000-{number:012}")
}

/// Groups of so many members each, in the order they are listed in.
struct Groups(Vec<usize>);

impl Groups {
    fn world(&self) -> String {
        let users = self.0.iter().copied().max().unwrap_or_default();
        let user = |n| json!({"id": id('a', n), "userPrincipalName": format!("{n}@own.example")});
        let group = |n| json!({"id": id('b', n), "displayName": format!("group {n}")});
        let circle = |(n, members): (usize, &usize)| {
            let members: Vec<_> = (0..*members).map(|m| id('a', m)).collect();
            json!({"group": id('b', n), "members": members, "owners": []})
        };
        let rows = json!({
            "users": (0..users).map(user).collect::<Vec<_>>(),
            "groups": (0..self.0.len()).map(group).collect::<Vec<_>>(),
        });
        let circles: Vec<Value> = self.0.iter().enumerate().map(circle).collect();
        json!({"rows": rows, "circles": circles}).to_string()
    }

    fn rows(&self) -> Vec<[String; 2]> {
        let of = |(n, members): (usize, &usize)| {
            (0..*members).map(|m| [id('b', n), id('a', m)]).collect::<Vec<_>>()
        };
        self.0.iter().enumerate().flat_map(of).collect()
    }

    async fn engine(&self, options: Options) -> Engine {
        let own = Some(self.world());
        let options = Options { world: WorldName::Tiny, own, now: now(), ..options };
        Engine::simulated(options, settings()).await.unwrap()
    }
}

/// A script about the `$batch` that arrive from the `nth` on.
fn batches(nth: usize, times: usize, action: &Value) -> Options {
    script("/v1.0/$batch", nth, times, action)
}

fn script(path: &str, nth: usize, times: usize, action: &Value) -> Options {
    let when = json!({"path": path, "nth": nth, "times": times});
    let script = json!({"about": "a test's", "steps": [{"when": when, "do": action}]});
    let faults = FaultScript::from_json(&script.to_string()).unwrap();
    Options { faults: Some(faults), ..Options::default() }
}

fn pairs(batch: &RecordBatch) -> Vec<[String; 2]> {
    let text =
        |column: usize, row: usize| batch.column(column).as_string::<i32>().value(row).to_owned();
    (0..batch.num_rows()).map(|row| [text(0, row), text(1, row)]).collect()
}

async fn read(engine: &Engine, sql: &str) -> Result<Vec<[String; 2]>> {
    let mut query = engine.query(sql).await?;
    let mut rows = Vec::new();
    while let Some(batch) = query.next().await? {
        rows.extend(pairs(&batch));
    }
    Ok(rows)
}

async fn count(engine: &Engine, sql: &str) -> usize {
    let mut query = engine.query(sql).await.unwrap();
    let mut rows = 0;
    while let Some(batch) = query.next().await.unwrap() {
        rows += batch.num_rows();
    }
    rows
}

/// The `$batch` and the other requests the simulator has seen.
fn sent(simulator: &Simulator) -> (usize, usize) {
    let seen = graph_of(simulator);
    let batches = seen.iter().filter(|seen| seen.target.ends_with("$batch")).count();
    (batches, seen.len() - batches)
}

/// Reads until so many requests wait for their reply, and drops the query.
async fn dropped_with_open(mut query: Query, simulator: &Simulator, open: usize) {
    let read = async { while query.next().await.unwrap().is_some() {} };
    let until = async {
        while simulator.open() < open {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        () = read => panic!("the query ended"),
        () = until => {}
    }
}

#[tokio::test]
async fn several_batches_are_in_flight_and_none_is_sent_more() {
    let groups = Groups((0..400).map(|n| n % 3).collect());
    // None of three is answered before all have come.
    let engine = groups.engine(batches(8, 3, &json!({"gather": {"requests": 3}}))).await;
    let rows = read(&engine, MEMBERS).await.unwrap();
    assert!(rows == groups.rows(), "in the order of the groups");
    let simulator = engine.simulator().unwrap();
    assert_eq!(sent(simulator), (400 / PARTS, 1));
    assert!((3..=MOST).contains(&simulator.most_open()), "{}", simulator.most_open());
}

#[tokio::test]
async fn further_pages_share_the_batches_that_are_still_to_come() {
    let mut groups = Groups(vec![1; 260]);
    (groups.0[3], groups.0[45], groups.0[170]) = (250, 120, 101);
    let engine = groups.engine(Options { max_page: Some(100), ..Options::default() }).await;
    let mut rows = read(&engine, MEMBERS).await.unwrap();
    rows.sort();
    let mut expected = groups.rows();
    expected.sort();
    assert!(rows == expected);
    let pages: usize = groups.0.iter().map(|members| members.div_ceil(100)).sum();
    let listing = 260_usize.div_ceil(100);
    assert_eq!(sent(engine.simulator().unwrap()), (pages.div_ceil(PARTS), listing));
}

#[tokio::test]
async fn a_long_listing_keeps_the_others_waiting_so_that_its_pages_need_not_go_alone() {
    let mut groups = Groups(vec![1; 1_000]);
    groups.0[0] = 400;
    let engine = groups.engine(Options { max_page: Some(10), ..Options::default() }).await;
    let rows = read(&engine, MEMBERS).await.unwrap();
    assert_eq!(rows.len(), 1_399);
    assert_eq!(sent(engine.simulator().unwrap()), ((999 + 40_usize).div_ceil(PARTS), 100));
}

#[tokio::test]
async fn a_reader_that_stops_early_has_asked_for_one_batch() {
    let groups = Groups(vec![2; 200]);
    for sql in ["SELECT id FROM group_members LIMIT 1", "SELECT id FROM group_members LIMIT 40"] {
        let engine = groups.engine(Options::default()).await;
        let mut query = engine.query(sql).await.unwrap();
        while query.next().await.unwrap().is_some() {}
        drop(query);
        assert_eq!(sent(engine.simulator().unwrap()), (1, 1), "{sql}");
    }
    let engine = groups.engine(Options::default()).await;
    let mut query = engine.query(MEMBERS).await.unwrap();
    for _ in 0..PARTS {
        assert!(query.next().await.unwrap().is_some());
    }
    drop(query);
    assert_eq!(sent(engine.simulator().unwrap()), (1, 1));
}

#[tokio::test]
async fn a_limit_asks_for_one_batch_after_the_other() {
    let groups = Groups(vec![1; 400]);
    let engine = groups.engine(Options { latency_ms: 5, ..Options::default() }).await;
    let rows = read(&engine, &format!("{MEMBERS} LIMIT 150")).await.unwrap();
    assert!(rows == groups.rows()[..150]);
    let simulator = engine.simulator().unwrap();
    assert_eq!(sent(simulator), (150_usize.div_ceil(PARTS), 1));
    assert_eq!(simulator.most_open(), 1);
}

#[tokio::test]
async fn a_batch_that_fails_fails_the_query_and_stops_the_others() {
    let groups = Groups(vec![1; 2_000]);
    let refusal = json!({"reply": {"status": 400, "code": "BadRequest", "message": "no"}});
    let engine = groups.engine(batches(3, 0, &refusal)).await;
    let error = read(&engine, MEMBERS).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    let (batches, _) = sent(engine.simulator().unwrap());
    assert!((3..=2 + MOST).contains(&batches), "{batches}");
}

#[tokio::test]
async fn the_budget_of_requests_holds_for_all_in_flight() {
    let groups = Groups(vec![1; 400]);
    let engine = groups.engine(Options::default()).await;
    engine.set("entra.max_requests", "7").unwrap();
    let error = read(&engine, MEMBERS).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Budget);
    let (batches, listing) = sent(engine.simulator().unwrap());
    assert_eq!(batches + listing, 7);
}

#[tokio::test]
async fn a_query_that_is_dropped_gives_up_all_that_is_in_flight() {
    let groups = Groups(vec![1; 400]);
    let options = batches(8, 0, &json!({"gather": {"requests": 1000}}));
    let engine = groups.engine(options).await;
    let simulator = engine.simulator().unwrap();
    let query = engine.query(MEMBERS).await.unwrap();
    dropped_with_open(query, simulator, 3).await;
    let canceled = "SELECT seq FROM meta.requests WHERE error = 'canceled'";
    let given_up = async {
        while count(&engine, canceled).await < 3 {
            tokio::task::yield_now().await;
        }
    };
    // The simulator holds them for longer.
    tokio::time::timeout(Duration::from_secs(5), given_up).await.unwrap();
    let under_way = "SELECT seq FROM meta.requests WHERE ms IS NULL";
    assert_eq!(count(&engine, under_way).await, 0);
    assert!(sent(simulator).0 <= 7 + MOST);
}

#[tokio::test]
async fn many_keys_are_asked_for_several_batches_at_a_time() {
    let groups = Groups(vec![300]);
    let engine = groups.engine(batches(2, 2, &json!({"gather": {"requests": 2}}))).await;
    let keys: Vec<_> = (0..300).map(|n| format!("'{}'", id('a', n))).collect();
    let sql = format!("SELECT id, preferred_name FROM users WHERE id IN ({})", keys.join(", "));
    let mut query = engine.query(&sql).await.unwrap();
    let mut found = Vec::new();
    while let Some(batch) = query.next().await.unwrap() {
        let ids = batch.column(0).as_string::<i32>();
        found.extend(ids.iter().flatten().map(str::to_owned));
    }
    found.sort();
    assert_eq!(found, (0..300).map(|n| id('a', n)).collect::<Vec<_>>());
    let simulator = engine.simulator().unwrap();
    assert_eq!(sent(simulator), (300 / PARTS, 0));
    assert!((2..=MOST).contains(&simulator.most_open()), "{}", simulator.most_open());
}

#[tokio::test]
async fn the_tables_of_a_union_are_read_side_by_side() {
    let groups = Groups(vec![5; 7]);
    let engine = groups.engine(script("/v1.0/", 1, 2, &json!({"gather": {"requests": 2}}))).await;
    let sql = "SELECT id FROM users UNION ALL SELECT id FROM groups";
    assert_eq!(count(&engine, sql).await, 5 + 7);
    let simulator = engine.simulator().unwrap();
    assert_eq!((sent(simulator), simulator.most_open()), ((0, 2), 2));
}
