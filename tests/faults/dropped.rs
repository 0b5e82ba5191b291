//! A query that is dropped sends nothing more, whatever it was doing.

use std::future::pending;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use entraql::graph::{Clock, RecorderClock};
use entraql::sim::{FaultScript, Options, Simulator};
use entraql::{Engine, Query, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::faults::rig::{Rig, graph_of, now, options, settings};

const SCAN: &str = "SELECT id FROM users";

/// A clock on which every wait lasts for ever, and which tells that one began.
#[derive(Debug)]
struct Parked {
    clock: Arc<RecorderClock>,
    began: Notify,
}

#[async_trait]
impl Clock for Parked {
    fn now(&self) -> Instant {
        self.clock.now()
    }

    fn utc(&self) -> DateTime<Utc> {
        self.clock.utc()
    }

    async fn sleep(&self, _: Duration, _: &'static str) {
        self.began.notify_one();
        pending::<()>().await;
    }
}

/// An engine that waits for ever as soon as it waits at all.
async fn parked(script: &str) -> (Engine, Arc<Parked>) {
    let clock = RecorderClock::starting_at(now());
    let clock = Arc::new(Parked { clock, began: Notify::new() });
    let settings = Settings { clock: Arc::clone(&clock) as Arc<dyn Clock>, ..settings() };
    let options = Options { faults: FaultScript::named(script), ..options() };
    (Engine::simulated(options, settings).await.unwrap(), clock)
}

/// Lets the simulator answer twenty requests of somebody else: whatever was still on its
/// way to it has arrived by then.
async fn settle(simulator: &Simulator) {
    let address = simulator.origin().trim_start_matches("http://").to_owned();
    for _ in 0..20 {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        let request = "GET /barrier HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.read_to_end(&mut Vec::new()).await.unwrap();
        tokio::task::yield_now().await;
    }
}

async fn settled(simulator: &Simulator) -> usize {
    settle(simulator).await;
    graph_of(simulator).len()
}

async fn until_it_waits(query: &mut Query, clock: &Parked) {
    tokio::select! {
        biased;
        () = clock.began.notified() => {}
        end = async { while query.next().await?.is_some() {} Ok::<_, entraql::Error>(()) } => {
            panic!("the query ended instead of waiting: {end:?}");
        }
    }
}

#[tokio::test]
async fn a_query_dropped_while_it_is_throttled_sends_nothing_more() {
    for script in ["429_seconds", "429_no_header", "503_retry_after"] {
        let (engine, clock) = parked(script).await;
        let mut query = engine.query(SCAN).await.unwrap();
        until_it_waits(&mut query, &clock).await;
        drop(query);
        assert_eq!(settled(engine.simulator().unwrap()).await, 2, "{script}");
    }
}

#[tokio::test]
async fn a_query_dropped_before_a_retry_sends_nothing_more() {
    for (script, sent) in [("500_once", 2), ("reset_before", 2), ("500_always", 1)] {
        let (engine, clock) = parked(script).await;
        let mut query = engine.query(SCAN).await.unwrap();
        until_it_waits(&mut query, &clock).await;
        drop(query);
        assert_eq!(settled(engine.simulator().unwrap()).await, sent, "{script}");
    }
}

#[tokio::test]
async fn nobody_gets_past_a_pause_and_a_dropped_waiter_does_not_end_it() {
    let (engine, clock) = parked("429_seconds").await;
    let mut first = engine.query(SCAN).await.unwrap();
    until_it_waits(&mut first, &clock).await;
    let mut second = engine.query(SCAN).await.unwrap();
    drop(first);
    until_it_waits(&mut second, &clock).await;
    assert_eq!(settled(engine.simulator().unwrap()).await, 2);
}

#[tokio::test]
async fn a_query_dropped_after_its_first_page_has_sent_one_request() {
    let rig = Rig::sound().await;
    let mut query = rig.engine.query(SCAN).await.unwrap();
    query.next().await.unwrap().unwrap();
    assert_eq!(settled(rig.simulator()).await, 1, "the second page waits for a reader");
    drop(query);
    assert_eq!(settled(rig.simulator()).await, 1);
}

#[tokio::test]
async fn a_reader_that_stops_between_pages_is_one_page_ahead_at_the_most() {
    let rig = Rig::sound().await;
    let mut query = rig.engine.query(SCAN).await.unwrap();
    query.next().await.unwrap().unwrap();
    query.next().await.unwrap().unwrap();
    assert_eq!(settled(rig.simulator()).await, 3, "two pages read, one on its way");
    drop(query);
    assert_eq!(settled(rig.simulator()).await, 3);
}

#[tokio::test]
async fn a_query_dropped_while_a_page_is_awaited_sends_nothing_more() {
    let (engine, _) = parked("stall").await;
    let mut query = engine.query(SCAN).await.unwrap();
    query.next().await.unwrap().unwrap();
    tokio::select! {
        biased;
        _ = query.next() => panic!("the second page takes two minutes"),
        count = settled(engine.simulator().unwrap()) => assert_eq!(count, 2),
    }
    drop(query);
    assert_eq!(settled(engine.simulator().unwrap()).await, 2);
}
