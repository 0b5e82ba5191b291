//! How long a refusal makes the engine wait, and when it is too long to wait at all.

use std::time::Duration;

use chrono::TimeDelta;
use entraql::ErrorKind;
use entraql::graph::Pacing;

use crate::faults::pace::Limited;
use crate::faults::rig::{Rig, graph_of, run};

const SCAN: &str = "SELECT id FROM sign_ins";

#[tokio::test]
async fn a_wait_beyond_the_patience_is_an_error_at_once_that_names_the_time() {
    for (script, at) in
        [("429_day", "2026-11-15T12:0"), ("429_date", "2027-11-1"), ("429_huge", "2027-11-1")]
    {
        let rig = Rig::scripted(script).await;
        let error = rig.error(SCAN).await;
        let hint = error.hint().unwrap();
        assert_eq!(error.kind(), ErrorKind::Throttled, "{script}");
        assert!(hint.contains(&format!("try again at {at}")), "{script}: {hint}");
        assert!(rig.clock.sleeps().is_empty(), "{script} slept");
    }
}

#[tokio::test]
async fn an_endless_refusal_says_how_long_it_was_waited_for() {
    let rig = Rig::scripted("429_always").await;
    let error = rig.error(SCAN).await;
    assert_eq!(error.kind().exit_code(), 5);
    let waited = ["waited 57 s", "waited 58 s", "waited 59 s", "waited 60 s"];
    assert!(waited.iter().any(|w| error.message().contains(w)), "{error}");
    assert!(error.hint().unwrap().contains("try again at 2026-11-14T12:0"), "{error:?}");
}

/// `Retry-After` as a date, 30 s after the `Date` of the same reply.
const DATED: &str = r#"[{"when": {"nth": 2}, "do": {"reply": {"status": 429,
    "code": "TooManyRequests", "message": "x",
    "headers": {"retry-after": "Sat, 14 Nov 2026 12:00:30 GMT"}}}}]"#;

#[tokio::test]
async fn a_date_counts_from_the_date_of_the_reply_and_not_from_our_clock() {
    for minutes in [-10, 0, 10] {
        let rig = Rig::written(DATED).await;
        rig.clock.step_wall(TimeDelta::minutes(minutes));
        assert_eq!(rig.ids(SCAN).await.len(), 20);
        let waits = rig.waits("throttled");
        assert_eq!(waits.len(), 1, "{minutes}");
        assert!((29.0..=31.0).contains(&waits[0]), "{waits:?} with {minutes} minutes of skew");
    }
}

#[tokio::test]
async fn waits_of_our_own_choice_differ_from_run_to_run() {
    let mut waits = Vec::new();
    for _ in 0..4 {
        let rig = Rig::scripted("429_no_header").await;
        rig.rows(SCAN).await;
        waits.extend(rig.waits("throttled"));
    }
    assert_eq!(waits.len(), 4);
    assert!(waits.iter().any(|w| (w - waits[0]).abs() > 1e-6), "no jitter: {waits:?}");
}

#[tokio::test]
async fn the_receipt_tells_retries_and_waits() {
    let rig = Rig::scripted("429_seconds").await;
    let receipt = rig.run(SCAN).await.receipt;
    assert_eq!((receipt.requests, receipt.retries, receipt.pages, receipt.rows), (4, 1, 3, 20));
    assert!(receipt.throttled >= Duration::from_secs(7), "{receipt}");
    assert!(receipt.to_string().contains("throttled 7."), "{receipt}");
}

#[tokio::test]
async fn a_refusal_holds_back_every_scan_of_the_same_service() {
    let rig = Rig::written(&DATED.replace("\"nth\": 2", "\"nth\": 1")).await;
    let scans = (0..4).map(|_| rig.run(SCAN));
    for outcome in futures::future::join_all(scans).await {
        assert_eq!(outcome.result.unwrap().len(), 20);
    }
    assert_eq!(rig.waits("throttled").len(), 1, "one refusal, one wait for all");
    assert_eq!(rig.graph().len(), 4 * 3 + 1);
}

#[tokio::test]
async fn an_engine_that_keeps_pace_is_never_refused() {
    let limited = Limited::start(|_| ()).await;
    let (engine, Limited { simulator, clock, .. }) =
        (limited.engine(Pacing::Graph).await, &limited);
    for _ in 0..5 {
        assert_eq!(run(&engine, SCAN).await.result.unwrap().len(), 20);
        assert_eq!(run(&engine, "SELECT id FROM risky_users").await.result.unwrap().len(), 9);
    }
    assert!(simulator.seen().iter().all(|s| s.status == 200), "{:#?}", simulator.seen());
    assert_eq!(graph_of(simulator).len(), 5 * (3 + 2));
    assert!(clock.sleeps().iter().all(|s| s.1 == "pacing"));
    // Fifteen requests at five in ten seconds: two windows are waited out.
    let waited = clock.elapsed().as_secs_f64();
    assert!((20.0..40.0).contains(&waited), "{waited}");
}

#[tokio::test]
async fn an_engine_that_is_refused_waits_and_misses_no_row() {
    let limited = Limited::start(|_| ()).await;
    let (engine, Limited { simulator, clock, .. }) = (limited.engine(Pacing::Off).await, &limited);
    for _ in 0..5 {
        assert_eq!(run(&engine, SCAN).await.result.unwrap().len(), 20);
    }
    assert!(simulator.seen().iter().any(|s| s.status == 429));
    assert!(clock.sleeps().iter().all(|s| s.1 == "throttled"), "{:?}", clock.sleeps());
}
