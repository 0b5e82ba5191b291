//! The clock every wait and every deadline of a request goes through.
//!
//! Tests replace it by [`RecorderClock`], which advances instead of sleeping.

use std::fmt::Debug;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::future::{Either, select};

/// Monotonic time, wall time and waiting.
#[async_trait]
pub trait Clock: Send + Sync + Debug {
    /// Returns the monotonic time: for measuring and waiting.
    fn now(&self) -> Instant;
    /// Returns the wall clock: for printing, and for dates a server sends.
    fn utc(&self) -> DateTime<Utc>;
    /// Waits; `why` is one word for the record.
    async fn sleep(&self, wait: Duration, why: &'static str);
}

/// Waits for something, at most so long; nothing when time was up first.
pub(crate) async fn within<F: Future + Unpin>(
    clock: &dyn Clock,
    limit: Duration,
    awaited: F,
) -> Option<F::Output> {
    match select(awaited, clock.sleep(limit, "timeout")).await {
        Either::Left((output, _)) => Some(output),
        Either::Right(_) => None,
    }
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl SystemClock {
    /// Returns the clock, always the same: who has it waits in the same line.
    pub fn shared() -> Arc<dyn Clock> {
        static CLOCK: LazyLock<Arc<SystemClock>> = LazyLock::new(Arc::default);
        Arc::<SystemClock>::clone(&CLOCK)
    }
}

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that asks the date")]
    fn utc(&self) -> DateTime<Utc> {
        Utc::now()
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that sleeps")]
    async fn sleep(&self, wait: Duration, _why: &'static str) {
        tokio::time::sleep(wait).await;
    }
}

/// A clock for tests: sleeping advances it at once and is written down.
///
/// Several sleepers at a time each advance it, so time may run faster than on a
/// wall; no waiter ever wakes early.
#[derive(Debug)]
pub struct RecorderClock {
    start: Instant,
    start_utc: DateTime<Utc>,
    state: Mutex<Recorded>,
}

#[derive(Debug, Default)]
struct Recorded {
    elapsed: Duration,
    wall_offset: chrono::TimeDelta,
    sleeps: Vec<(Duration, &'static str)>,
}

impl RecorderClock {
    /// Starts at a wall time; the monotonic side starts now.
    pub fn starting_at(utc: DateTime<Utc>) -> Arc<Self> {
        Arc::new(Self { start: Instant::now(), start_utc: utc, state: Mutex::default() })
    }

    /// Moves both clocks forward.
    pub fn advance(&self, by: Duration) {
        self.lock().elapsed += by;
    }

    /// Moves the wall clock alone, forward or back, as a user or a suspend does.
    pub fn step_wall(&self, by: chrono::TimeDelta) {
        self.lock().wall_offset += by;
    }

    /// Returns the waits so far, in order, each with its reason.
    pub fn sleeps(&self) -> Vec<(Duration, &'static str)> {
        self.lock().sleeps.clone()
    }

    /// Returns the time that passed since the start.
    pub fn elapsed(&self) -> Duration {
        self.lock().elapsed
    }

    fn lock(&self) -> MutexGuard<'_, Recorded> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Clock for RecorderClock {
    fn now(&self) -> Instant {
        self.start + self.elapsed()
    }

    fn utc(&self) -> DateTime<Utc> {
        let state = self.lock();
        let elapsed = chrono::TimeDelta::from_std(state.elapsed).unwrap_or_default();
        self.start_utc + elapsed + state.wall_offset
    }

    async fn sleep(&self, wait: Duration, why: &'static str) {
        {
            let mut state = self.lock();
            state.elapsed += wait;
            state.sleeps.push((wait, why));
        }
        tokio::task::yield_now().await;
    }
}
