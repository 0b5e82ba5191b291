//! The simulator's clock: it starts at `Options::now`, runs, and can be moved ahead.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

/// A running clock with a chosen start.
#[derive(Debug)]
pub(crate) struct Clock {
    base: DateTime<Utc>,
    started: Instant,
    skipped_ms: AtomicU64,
}

impl Clock {
    pub(crate) fn new(base: DateTime<Utc>) -> Self {
        Self { base, started: Instant::now(), skipped_ms: AtomicU64::new(0) }
    }

    /// Returns the moment at which the logs end; it does not move.
    pub(crate) fn base(&self) -> DateTime<Utc> {
        self.base
    }

    /// Returns the time since the start, including what was skipped.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed() + Duration::from_millis(self.skipped_ms.load(Ordering::Relaxed))
    }

    /// Returns the present.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.base + TimeDelta::from_std(self.elapsed()).unwrap_or_default()
    }

    /// Moves the clock ahead.
    pub(crate) fn advance(&self, by: Duration) {
        let ms = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        self.skipped_ms.fetch_add(ms, Ordering::Relaxed);
    }
}
