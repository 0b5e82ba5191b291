//! Logs in parts: what goes on after a listing breaks off, what is read side by side, and
//! what both cost.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use entraql::ErrorKind::{Budget, Malformed, PageExpired, Unavailable};
use entraql::graph::{Clock, RecorderClock};
use entraql::sim::{Edition, FaultScript, Options};
use entraql::{Engine, Settings};
use serde_json::{Value, json};

use crate::faults::rig::{PAGE, Rig, graph_of, now, options, run, settings};

const EXPIRED: &str =
    r#"{"reply": {"status": 400, "code": "Directory_ExpiredPageToken", "message": "gone"}}"#;
const TIMED_OUT: &str = r#"{"reply": {"status": 504, "code": "UnknownError", "message": "late"}}"#;

const SCAN: &str = "SELECT id FROM sign_ins";

/// A log of sign-ins, each so many microseconds before now, newest first.
#[derive(Debug, Clone)]
struct World(Vec<i64>);

impl World {
    /// Rows a minute apart, and a fifth of them in one second of the middle.
    fn of(rows: i64) -> Self {
        let crowd = rows * 2 / 5..rows * 3 / 5;
        let minutes = |row: i64| if crowd.contains(&row) { crowd.start } else { row };
        let micros = |row: i64| minutes(row) * 60_000_000 + row % 3 * 300_000;
        let mut ages: Vec<_> = (0..rows).map(micros).collect();
        ages.sort_unstable();
        Self(ages)
    }

    fn rows(&self) -> Vec<Value> {
        let row = |(at, age): (usize, &i64)| {
            let time = now() - TimeDelta::microseconds(*age);
            let time = time.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string();
            json!({"id": id(at), "createdDateTime": time, "signInEventTypes": ["interactiveUser"],
                   "userPrincipalName": if at % 2 == 0 { "even" } else { "odd" }})
        };
        self.0.iter().enumerate().map(row).collect()
    }

    fn ids(&self) -> Vec<String> {
        (0..self.0.len()).map(id).collect()
    }

    fn options(&self, steps: &str) -> Options {
        let script = format!(r#"{{"about": "written by a test", "steps": [{steps}]}}"#);
        let faults = Some(FaultScript::from_json(&script).unwrap());
        let own = Some(json!({"rows": {"signIns": self.rows()}}).to_string());
        Options { own, faults, ..options() }
    }

    async fn rig(&self, steps: &str) -> Rig {
        Rig::with(self.options(steps), settings()).await
    }

    /// An engine that reads three spans at once.
    async fn sliced(&self, steps: &str) -> Rig {
        let rig = self.rig(steps).await;
        rig.rows("SET entra.parallel_slices = 3").await;
        rig
    }

    fn pages(&self) -> usize {
        self.0.len().div_ceil(PAGE)
    }
}

fn id(at: usize) -> String {
    format!("{at:08}-5a5a-4c0f-9b8e-0e6a4d2c9f10")
}

/// A step: pages of this number fail from the `nth` on, so many times.
fn fails(page: usize, nth: usize, times: usize, how: &str) -> String {
    format!(r#"{{"when": {{"page": {page}, "nth": {nth}, "times": {times}}}, "do": {how}}}"#)
}

/// The bounds each request sends.
fn bounds(rig: &Rig) -> Vec<String> {
    let bound = |target: &str| {
        let target = target.replace("%20", " ");
        let at = target.find("createdDateTime le ").map(|at| at + 19);
        at.map_or_else(String::new, |at| target[at..].chars().take(20).collect())
    };
    rig.graph().iter().map(|seen| bound(&seen.target)).collect()
}

#[tokio::test]
async fn an_expired_page_token_costs_one_request_and_the_rows_already_read_stay_read() {
    let world = World::of(30);
    let rig = world.rig(&fails(3, 1, 1, EXPIRED)).await;
    let outcome = rig.run(SCAN).await;
    let ids: Vec<_> = outcome.result.unwrap().into_iter().map(|row| row[0].clone()).collect();
    assert_eq!(ids, world.ids());
    // Two pages, the refusal, and the rest.
    let bounds = bounds(&rig);
    assert_eq!(bounds.len(), 30_usize.div_ceil(PAGE) + 1, "{bounds:?}");
    assert_eq!(&bounds[..3], [""; 3]);
    let last = now() - TimeDelta::microseconds(world.0[2 * PAGE - 1]);
    let whole = last.timestamp() + 1;
    let whole = DateTime::from_timestamp(whole, 0).unwrap();
    assert!(bounds[3].starts_with(&whole.format("%Y-%m-%dT%H:%M:%SZ").to_string()), "{bounds:?}");
    assert_eq!((outcome.receipt.scans[0].restarts, outcome.receipt.warnings.len()), (1, 1));
}

#[tokio::test]
async fn a_page_that_times_out_for_good_is_asked_for_anew() {
    let world = World::of(30);
    let rig = world.rig(&fails(2, 1, 8, TIMED_OUT)).await;
    assert_eq!(rig.ids(SCAN).await, world.ids());
    assert_eq!(rig.graph().len(), 1 + 8 + 4);
    // A service that stays down is believed the second time.
    let down = format!(r#"{{"when": {{"nth": 2, "times": 0}}, "do": {TIMED_OUT}}}"#);
    let rig = world.rig(&down).await;
    assert_eq!(rig.error(SCAN).await.kind(), Unavailable);
    assert_eq!(rig.graph().len(), 1 + 8 + 8);
}

#[tokio::test]
async fn a_token_that_never_lives_ends_the_query_when_nothing_new_comes() {
    let crowd = World(vec![5_000_000; 30]);
    let rig = crowd.rig(&fails(2, 1, 0, EXPIRED)).await;
    assert_eq!(rig.error(SCAN).await.kind(), PageExpired);
    assert_eq!(rig.graph().len(), 3 * 2);
    // As long as every listing brings something new, it goes on.
    let world = World((0..30).map(|row| row * 60_000_000).collect());
    let rig = world.rig(&fails(2, 1, 0, EXPIRED)).await;
    assert_eq!(rig.ids(SCAN).await, world.ids());
}

#[tokio::test]
async fn a_log_whose_order_is_not_trusted_is_read_again_from_its_beginning() {
    let world = World::of(30);
    let rig = world.rig(&fails(3, 1, 1, EXPIRED)).await;
    rig.rows("SET entra.trust_order = false").await;
    assert_eq!(rig.ids(SCAN).await, world.ids());
    let bounds = bounds(&rig);
    assert_eq!(bounds.len(), 3 + 5, "{bounds:?}");
    assert!(bounds.iter().all(String::is_empty), "{bounds:?}");
}

#[tokio::test]
async fn a_log_read_from_its_end_goes_on_towards_now() {
    let world = World::of(30);
    let rig = world.rig(&fails(2, 1, 1, EXPIRED)).await;
    let sql = "SELECT id FROM sign_ins WHERE length(id) > 0 ORDER BY created_date_time LIMIT 12";
    let found = rig.ids(sql).await;
    let all: Vec<_> = world.ids().into_iter().rev().collect();
    // Rows of one instant have no order among each other: the crowd begins after these.
    assert_eq!(found[..10], all[..10]);
    let again = rig.graph()[2].target.replace("%20", " ");
    assert!(again.contains("createdDateTime ge "), "{again}");
}

#[tokio::test]
async fn what_is_counted_or_aggregated_is_counted_once() {
    let world = World::of(30);
    for fault in [EXPIRED, r#"{"page": {"duplicate": true}}"#] {
        let rig = world.rig(&fails(2, 1, 1, fault)).await;
        assert_eq!(rig.ids("SELECT count(*) FROM sign_ins").await, ["30"], "{fault}");
        let rig = world.rig(&fails(2, 1, 1, fault)).await;
        let sql = "SELECT count(*) FROM sign_ins WHERE user_principal_name = 'even'";
        assert_eq!(rig.ids(sql).await, ["15"], "{fault}");
        let rig = world.rig(&fails(2, 1, 1, fault)).await;
        let raw = "SELECT raw FROM sign_ins";
        assert_eq!(rig.rows(raw).await.len(), 30, "{fault}");
    }
}

#[tokio::test]
async fn a_table_that_is_no_log_fails_as_it_did() {
    let rig = Rig::written(&format!("[{}]", fails(2, 1, 1, EXPIRED))).await;
    assert_eq!(rig.error("SELECT id FROM users").await.kind(), PageExpired);
    assert_eq!(rig.graph().len(), 2);
}

/// Logs whose rows lie on the borders of spans, or crowd, or thin out.
fn worlds() -> Vec<World> {
    let seconds = (0..160).map(|row| row * 1_000_000).collect();
    let pairs = (0..160).map(|row| row / 2 * 1_000_000).collect();
    let thinning = (0..160).map(|row: i64| row * row * 7_000_000 + row % 10 * 100_000).collect();
    let thickening = (0..160_i64).rev().map(|row| (25_600 - row * row) * 20_000_000).collect();
    vec![World::of(160), World(seconds), World(pairs), World(thinning), World(thickening)]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spans_have_the_rows_of_one_listing_in_its_order() {
    let bounded = "WHERE created_date_time >= TIMESTAMP '2026-11-14T11:57:30Z'";
    for world in worlds() {
        for tail in ["", "ORDER BY created_date_time DESC", bounded] {
            let sql = format!("SELECT id, created_date_time FROM sign_ins {tail}");
            let (one, several) = (world.rig("").await, world.sliced("").await);
            let outcome = several.run(&sql).await;
            let rows = outcome.result.unwrap();
            assert_eq!(rows, one.rows(&sql).await, "{sql}");
            if tail != bounded {
                assert!(rows.iter().map(|row| &row[0]).eq(&world.ids()), "{sql}");
                assert!(outcome.receipt.scans[0].spans > 2, "{sql}");
            }
            let spans = usize::try_from(outcome.receipt.scans[0].spans).unwrap();
            let told = format!("read in {spans} spans");
            assert!(outcome.receipt.details()[0].contains(&told) || spans < 2, "{sql}");
            let (fewest, sent) = (one.graph().len(), several.graph().len());
            assert!(sent <= fewest + spans + 2, "{sent} for {fewest} in {spans} spans: {sql}");
            assert!(several.simulator().refusals().is_empty(), "{sql}");
        }
    }
}

#[tokio::test]
async fn a_limit_is_never_read_in_spans() {
    let world = World::of(300);
    let rig = world.sliced("").await;
    for (limit, requests) in [(1, 1), (20, 3)] {
        let before = rig.graph().len();
        let outcome = rig.run(&format!("{SCAN} LIMIT {limit}")).await;
        assert_eq!((outcome.result.unwrap().len(), outcome.receipt.scans[0].spans), (limit, 0));
        assert_eq!(rig.graph().len() - before, requests);
    }
}

#[tokio::test]
async fn a_reader_that_stops_keeps_spans_from_reading_on() {
    let world = World::of(300);
    let rig = world.sliced("").await;
    let mut query = rig.engine.query(SCAN).await.unwrap();
    for _ in 0..4 {
        query.next().await.unwrap().unwrap();
    }
    drop(query);
    assert!(rig.graph().len() < world.pages() / 2, "{} requests", rig.graph().len());
}

#[tokio::test]
async fn an_expired_token_begins_only_its_own_span_anew() {
    let world = World::of(300);
    let sound = world.sliced("").await;
    assert_eq!(sound.ids(SCAN).await, world.ids());
    let rig = world.sliced(&fails(3, 3, 1, EXPIRED)).await;
    let outcome = rig.run(SCAN).await;
    assert!(outcome.result.unwrap().iter().map(|row| &row[0]).eq(&world.ids()));
    assert_eq!(outcome.receipt.scans[0].restarts, 1);
    let more = rig.graph().len() - sound.graph().len();
    assert!(more <= 3, "{more} requests more");
}

#[tokio::test]
async fn spans_that_time_out_are_halved_until_graph_answers() {
    let world = World::of(300);
    let sound = world.sliced("").await.run(SCAN).await.receipt.scans[0].spans;
    let bounded = "createdDateTime%20le";
    let storm = format!(
        r#"{{"when": {{"query": "{bounded}", "page": 1, "times": 26}}, "do": {TIMED_OUT}}}"#
    );
    let rig = world.sliced(&storm).await;
    let outcome = rig.run(SCAN).await;
    assert!(outcome.result.unwrap().iter().map(|row| &row[0]).eq(&world.ids()));
    assert!(outcome.receipt.scans[0].spans > sound);
    let down = format!(r#"{{"when": {{"query": "{bounded}", "times": 0}}, "do": {TIMED_OUT}}}"#);
    let rig = world.sliced(&down).await;
    assert_eq!(rig.error(SCAN).await.kind(), Unavailable);
    assert!(rig.graph().len() < 100, "{} requests", rig.graph().len());
}

#[tokio::test]
async fn a_row_that_comes_twice_in_a_span_is_one_row() {
    let world = World::of(300);
    for page in [2, 3] {
        let rig = world.sliced(&fails(page, 1, 0, r#"{"page": {"duplicate": true}}"#)).await;
        assert_eq!(rig.ids(SCAN).await, world.ids());
    }
}

#[tokio::test]
async fn a_row_nobody_can_place_ends_a_scan_in_spans_and_no_other() {
    let world = World::of(300);
    let spoiled = r#"{"page": {"row": {"createdDateTime": "\"soon\""}}}"#;
    let rig = world.sliced(&fails(4, 1, 1, spoiled)).await;
    let error = rig.error(SCAN).await;
    assert_eq!(error.kind(), Malformed);
    assert_eq!(error.hint(), Some("`SET entra.parallel_slices = 1` reads the log as one listing"));
    let rig = world.rig(&fails(4, 1, 1, spoiled)).await;
    assert_eq!(rig.ids(SCAN).await, world.ids());
}

#[tokio::test]
async fn a_span_whose_rows_come_out_of_order_is_bounded_by_graph_instead() {
    let world = World::of(300);
    let late = r#"{"page": {"row": {"createdDateTime": "\"2026-11-14T11:59:30Z\""}}}"#;
    let rig = world.sliced(&fails(4, 1, 1, late)).await;
    let mut found = rig.ids(SCAN).await;
    found.sort();
    found.dedup();
    assert_eq!(found, world.ids());
}

/// Seven days of audits in a tenant without a license, which refuses bounds before them.
#[tokio::test]
async fn a_log_that_ends_before_it_was_thought_to_is_read_to_its_end() {
    let rows = World((0..300).map(|row| row * 2_000_000_000).collect()).rows();
    let as_audit =
        |row: &Value| json!({"id": row["id"], "activityDateTime": row["createdDateTime"]});
    let audits: Vec<_> = rows.iter().map(as_audit).collect();
    let own = Some(json!({"rows": {"directoryAudits": audits}}).to_string());
    let options = Options { own, edition: Edition::Free, ..options() };
    let rig = Rig::with(options, settings()).await;
    let sql = "SELECT id FROM audits";
    let one = rig.rows(sql).await;
    let requests = rig.graph().len();
    rig.rows("SET entra.parallel_slices = 3").await;
    let outcome = rig.run(sql).await;
    assert_eq!(outcome.result.unwrap(), one);
    assert!(outcome.receipt.scans[0].spans > 2 && !rig.simulator().refusals().is_empty());
    let spans = usize::try_from(outcome.receipt.scans[0].spans).unwrap();
    assert!(rig.graph().len() <= 2 * requests + spans + 4, "{} requests", rig.graph().len());
}

#[tokio::test]
async fn a_budget_holds_for_all_spans_together() {
    let world = World::of(300);
    let rig = world.sliced("").await;
    rig.rows("SET entra.max_requests = 20").await;
    assert_eq!(rig.error(SCAN).await.kind(), Budget);
    // What was under way when the twenty were spent is dropped, sent or not.
    assert!((17..=20).contains(&rig.graph().len()), "{} requests", rig.graph().len());
}

/// A clock on which every look takes so long: a reply takes one of them.
#[derive(Debug)]
struct Slow(Arc<RecorderClock>, Duration);

#[async_trait]
impl Clock for Slow {
    fn now(&self) -> Instant {
        self.0.advance(self.1);
        self.0.now()
    }

    fn utc(&self) -> DateTime<Utc> {
        now()
    }

    async fn sleep(&self, wait: Duration, why: &'static str) {
        self.0.sleep(wait, why).await;
    }
}

#[tokio::test]
async fn without_being_asked_spans_are_read_where_graph_is_slow_and_all_rows_are_wanted() {
    let world = World::of(350);
    for (millis, tail, in_spans) in [
        (100, "", false),
        (5_000, "", true),
        (5_000, "ORDER BY created_date_time DESC", true),
        (5_000, "WHERE length(id) > 0 LIMIT 400", false),
        (5_000, "WHERE created_date_time > TIMESTAMP '2026-11-14T10:00:00Z'", false),
    ] {
        let clock =
            Arc::new(Slow(RecorderClock::starting_at(now()), Duration::from_millis(millis)));
        let settings = Settings { clock, ..settings() };
        let engine = Engine::simulated(world.options(""), settings).await.unwrap();
        let outcome = run(&engine, &format!("{SCAN} {tail}")).await;
        outcome.result.unwrap();
        let scan = &outcome.receipt.scans[0];
        assert_eq!(scan.spans > 0, in_spans, "{millis} ms, {tail}: {scan:?}");
        let sent = graph_of(engine.simulator().unwrap()).len();
        let bound = world.pages() + usize::try_from(scan.spans).unwrap() + 2;
        assert!(sent <= bound, "{sent} requests");
    }
}

#[tokio::test]
async fn more_parts_at_once_than_are_of_use_are_refused() {
    let rig = Rig::sound().await;
    rig.rows("SET entra.parallel_slices = 8").await;
    let error = rig.error("SET entra.parallel_slices = 9").await;
    assert!(error.to_string().contains("parallel_slices"), "{error}");
    assert_eq!(rig.rows("SHOW entra.parallel_slices").await[0][1], "8");
}
