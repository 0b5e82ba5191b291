//! A query that is dropped sends nothing more, whatever it was doing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use entraql::graph::{Clock, RecorderClock};
use entraql::sim::{FaultScript, Options, Simulator};
use entraql::{Engine, Query, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Notify, Semaphore};

use crate::faults::rig::{Rig, graph_of, now, options, settings};

const SCAN: &str = "SELECT id FROM users";

/// A clock on which every wait lasts until it is released, and which tells that one began.
#[derive(Debug)]
struct Parked {
    clock: Arc<RecorderClock>,
    began: Notify,
    released: Semaphore,
}

#[async_trait]
impl Clock for Parked {
    fn now(&self) -> Instant {
        self.clock.now()
    }

    fn utc(&self) -> DateTime<Utc> {
        self.clock.utc()
    }

    async fn sleep(&self, wait: Duration, why: &'static str) {
        self.began.notify_one();
        drop(self.released.acquire().await);
        self.clock.sleep(wait, why).await;
    }
}

impl Parked {
    fn new() -> Arc<Self> {
        let (clock, released) = (RecorderClock::starting_at(now()), Semaphore::new(0));
        Arc::new(Self { clock, began: Notify::new(), released })
    }

    /// Ends every wait: whoever still waits goes on.
    fn release(&self) {
        self.released.close();
    }
}

/// An engine that stops as soon as it waits.
async fn parked(script: &str, settings: Settings) -> (Engine, Arc<Parked>) {
    let clock = Parked::new();
    let settings = Settings { clock: Arc::clone(&clock) as Arc<dyn Clock>, ..settings };
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

/// Reads until the engine waits for its clock.
async fn until_it_waits(query: &mut Query, clock: &Parked) {
    let read = async {
        while query.next().await?.is_some() {}
        Ok::<_, entraql::Error>(())
    };
    let limit = Duration::from_secs(20);
    tokio::select! {
        biased;
        () = clock.began.notified() => {}
        end = tokio::time::timeout(limit, read) => panic!("it did not wait but: {end:?}"),
    }
}

/// Drops a query in the middle of its first wait, and counts what was sent when that wait
/// is long over.
async fn sent_when_dropped_in_a_wait(script: &str) -> usize {
    let (engine, clock) = parked(script, settings()).await;
    let mut query = engine.query(SCAN).await.unwrap();
    until_it_waits(&mut query, &clock).await;
    drop(query);
    clock.release();
    settled(engine.simulator().unwrap()).await
}

#[tokio::test]
async fn a_query_dropped_while_it_is_throttled_sends_nothing_more() {
    for script in ["429_seconds", "429_no_header", "503_retry_after"] {
        assert_eq!(sent_when_dropped_in_a_wait(script).await, 2, "{script}");
    }
    assert_eq!(sent_when_dropped_in_a_wait("429_first").await, 1);
}

#[tokio::test]
async fn a_query_dropped_before_a_retry_sends_nothing_more() {
    for (script, sent) in [("500_once", 2), ("reset_before", 2), ("500_always", 1)] {
        assert_eq!(sent_when_dropped_in_a_wait(script).await, sent, "{script}");
    }
}

#[tokio::test]
async fn a_wait_that_is_not_dropped_goes_on_when_it_is_released() {
    let (engine, clock) = parked("429_seconds", settings()).await;
    let mut query = engine.query(SCAN).await.unwrap();
    until_it_waits(&mut query, &clock).await;
    clock.release();
    while query.next().await.unwrap().is_some() {}
    assert_eq!(graph_of(engine.simulator().unwrap()).len(), 5);
}

#[tokio::test]
async fn nobody_gets_past_a_pause_and_a_dropped_waiter_does_not_end_it() {
    let (engine, clock) = parked("429_seconds", settings()).await;
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
    let deadline = Duration::from_millis(200);
    let settings = Settings { page_deadline: deadline, ..settings() };
    let (engine, clock) = parked("stall", settings).await;
    let simulator = engine.simulator().unwrap();
    let mut query = engine.query(SCAN).await.unwrap();
    query.next().await.unwrap().unwrap();
    tokio::select! {
        biased;
        _ = query.next() => panic!("the second page takes two minutes"),
        count = settled(simulator) => assert_eq!(count, 2),
    }
    drop(query);
    clock.release();
    // A page nobody wants any more would be given up and asked for again.
    let dropped = Instant::now();
    while dropped.elapsed() < deadline * 2 {
        assert_eq!(settled(simulator).await, 2);
    }
}
