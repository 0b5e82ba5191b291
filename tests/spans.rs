//! Logs in parts: what goes on after a listing breaks off, and what it costs.

use chrono::{DateTime, TimeDelta};
use entraql::ErrorKind::{PageExpired, Unavailable};
use entraql::sim::{FaultScript, Options};
use serde_json::{Value, json};

use crate::faults::rig::{PAGE, Rig, now, options, settings};

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

    async fn rig(&self, steps: &str) -> Rig {
        let script = format!(r#"{{"about": "written by a test", "steps": [{steps}]}}"#);
        let faults = Some(FaultScript::from_json(&script).unwrap());
        let own = Some(json!({"rows": {"signIns": self.rows()}}).to_string());
        Rig::with(Options { own, faults, ..options() }, settings()).await
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
