//! Tokens that end while a scan runs: one refresh, the same page again, no row lost.

use std::time::Duration;

use entraql::sim::Options;

use crate::faults::rig::{Rig, options, settings};
use crate::faults::world::ids;

const SCAN: &str = "SELECT id FROM users";
const HOUR: Duration = Duration::from_secs(3_600);

/// Reads one page, lets `happen`, reads on; all rows must come.
async fn interrupted(rig: &Rig, happen: impl FnOnce(&Rig)) {
    let mut query = rig.engine.query(SCAN).await.unwrap();
    let mut rows = query.next().await.unwrap().unwrap().num_rows();
    happen(rig);
    while let Some(batch) = query.next().await.unwrap() {
        rows += batch.num_rows();
    }
    assert_eq!(rows, ids(rig.simulator().world().rows("users").iter()).len());
    assert!(query.receipt().complete);
}

fn refused(rig: &Rig) -> usize {
    rig.graph().iter().filter(|seen| seen.status == 401).count()
}

#[tokio::test]
async fn a_token_revoked_between_pages_is_replaced_once() {
    let rig = Rig::sound().await;
    interrupted(&rig, |rig| rig.simulator().expire_tokens()).await;
    assert_eq!((rig.tokens(), refused(&rig), rig.graph().len()), (2, 1, 5));
}

#[tokio::test]
async fn a_token_that_ends_by_a_clock_ahead_of_ours_is_replaced_once() {
    let rig = Rig::sound().await;
    interrupted(&rig, |rig| rig.simulator().advance(HOUR)).await;
    assert_eq!((rig.tokens(), refused(&rig), rig.graph().len()), (2, 1, 5));
}

#[tokio::test]
async fn a_token_known_to_have_ended_is_replaced_before_it_is_refused() {
    let rig = Rig::sound().await;
    interrupted(&rig, |rig| {
        rig.clock.advance(HOUR);
        rig.simulator().advance(HOUR);
    })
    .await;
    assert_eq!((rig.tokens(), refused(&rig), rig.graph().len()), (2, 0, 4));
}

#[tokio::test]
async fn a_clock_set_back_during_a_scan_loses_nothing() {
    let rig = Rig::sound().await;
    interrupted(&rig, |rig| {
        rig.clock.step_wall(chrono::TimeDelta::hours(-2));
        rig.simulator().advance(HOUR);
    })
    .await;
    assert_eq!((rig.tokens(), refused(&rig)), (2, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scans_side_by_side_share_one_refresh() {
    let rig = Rig::sound().await;
    rig.rows(SCAN).await;
    rig.simulator().expire_tokens();
    let scans = (0..8).map(|_| rig.rows(SCAN));
    for rows in futures::future::join_all(scans).await {
        assert_eq!(rows.len(), 27);
    }
    assert_eq!(rig.tokens(), 2);
}

#[tokio::test]
async fn a_token_shorter_than_the_margin_serves_ten_seconds() {
    let options = Options { token_lifetime: 30, ..options() };
    let rig = Rig::with(options, settings()).await;
    for _ in 0..3 {
        rig.rows(SCAN).await;
    }
    assert_eq!(rig.tokens(), 1);
    rig.clock.advance(Duration::from_secs(11));
    rig.rows(SCAN).await;
    assert_eq!((rig.tokens(), refused(&rig)), (2, 0));
}
