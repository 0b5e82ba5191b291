//! Engines that share a budget with each other, or with somebody they do not know.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use entraql::graph::{Clock, Pacing, RecorderClock};
use entraql::sim::{Options, Simulator};
use entraql::{Engine, Settings};

use crate::faults::rig::{graph_of, now, options, run, settings, tenant};

const SIGN_INS: &str = "SELECT id FROM sign_ins";
const RISKY_USERS: &str = "SELECT id FROM risky_users";

/// A clock whose waits pass for the simulator as well, so that its limits keep in step.
#[derive(Debug)]
pub struct Shared {
    pub clock: Arc<RecorderClock>,
    pub simulator: Arc<Simulator>,
}

#[async_trait]
impl Clock for Shared {
    fn now(&self) -> Instant {
        self.clock.now()
    }

    fn utc(&self) -> DateTime<Utc> {
        self.clock.utc()
    }

    async fn sleep(&self, wait: Duration, why: &'static str) {
        self.simulator.advance(wait);
        self.clock.sleep(wait, why).await;
    }
}

/// A simulator that enforces its limits, and the clock of whoever reads it.
pub struct Limited {
    pub simulator: Arc<Simulator>,
    pub clock: Arc<RecorderClock>,
    shared: Arc<Shared>,
}

impl Limited {
    pub async fn start(change: impl FnOnce(&mut Options)) -> Self {
        let mut options = Options { throttle: true, ..options() };
        change(&mut options);
        let simulator = Arc::new(Simulator::start(options).await.unwrap());
        let clock = RecorderClock::starting_at(now());
        let shared = Shared { clock: Arc::clone(&clock), simulator: Arc::clone(&simulator) };
        Self { simulator, clock, shared: Arc::new(shared) }
    }

    pub async fn engine(&self, pacing: Pacing) -> Engine {
        let clock = Arc::clone(&self.shared) as _;
        let settings = Settings { pacing, clock, max_wait: Duration::from_secs(900), ..settings() };
        Engine::open_with(tenant(&self.simulator.origin()), settings).await.unwrap()
    }

    fn refused(&self) -> usize {
        graph_of(&self.simulator).iter().filter(|seen| seen.status == 429).count()
    }
}

#[tokio::test]
async fn two_engines_on_one_tenant_are_never_refused() {
    let limited = Limited::start(|_| ()).await;
    let engines = [limited.engine(Pacing::Graph).await, limited.engine(Pacing::Graph).await];
    // One after the other: this clock runs while a request is on the road.
    for (sql, rows) in [(SIGN_INS, 20), (RISKY_USERS, 9), (SIGN_INS, 20), (RISKY_USERS, 9)] {
        for engine in &engines {
            assert_eq!(run(engine, sql).await.result.unwrap().len(), rows);
        }
    }
    assert_eq!((limited.refused(), graph_of(&limited.simulator).len()), (0, 4 * (3 + 2)));
    assert!(limited.clock.sleeps().iter().all(|sleep| sleep.1 == "pacing"));
}

#[tokio::test]
async fn a_short_query_does_not_wait_for_a_long_one() {
    let limited = Limited::start(|options| options.max_page = Some(1)).await;
    let engine = limited.engine(Pacing::Graph).await;
    let order = std::sync::Mutex::new(Vec::new());
    let note = |name, sql| {
        let (engine, order) = (&engine, &order);
        async move {
            run(engine, sql).await.result.unwrap();
            order.lock().unwrap().push(name);
        }
    };
    futures::join!(note("long", SIGN_INS), note("short", "SELECT id FROM sign_ins LIMIT 1"));
    assert_eq!(order.into_inner().unwrap(), ["short", "long"]);
}

#[tokio::test]
async fn a_limit_half_used_up_by_somebody_else_is_found_in_a_few_refusals() {
    for (sql, rows, bucket) in
        [(SIGN_INS, 20, "identity-reports"), (RISKY_USERS, 9, "identity-protection")]
    {
        let limited = Limited::start(|options| {
            (options.share, options.max_page) = (0.5, Some(1));
        })
        .await;
        let engine = limited.engine(Pacing::Graph).await;
        let mut refused = Vec::new();
        for _ in 0..4 {
            let before = limited.refused();
            let done = run(&engine, sql).await;
            assert_eq!(done.result.unwrap().len(), rows);
            refused.push(limited.refused() - before);
            let told: Vec<_> =
                done.receipt.warnings.iter().filter(|line| line.contains(bucket)).collect();
            assert_eq!(told.len(), 1, "{:?}", done.receipt.warnings);
        }
        let all: usize = refused.iter().sum();
        assert!((1..=7).contains(&all), "{bucket}: {refused:?}");
        assert!(refused[3] <= 1, "{bucket}: {refused:?}");
    }
}

#[tokio::test]
async fn a_limit_that_all_apps_share_is_called_that() {
    let limited = Limited::start(|options| {
        (options.share, options.max_page) = (0.5, Some(1));
    })
    .await;
    let engine = limited.engine(Pacing::Graph).await;
    let receipt = run(&engine, RISKY_USERS).await.receipt;
    assert_eq!(
        receipt.warnings,
        ["requests to identity-protection went at 50 % of the documented pace: Graph refused a \
             request (429) for the limit that all apps of the tenant share"]
    );
}
