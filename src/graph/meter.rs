//! What one query costs, counted while it runs.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::error::{Error, ErrorKind, Result};
use crate::spec::Bucket;

/// Counters shared by all requests of a query, with an optional budget.
///
/// Token requests are not counted here, because queries share tokens; the request
/// log shows them. Cloning shares the counters.
#[derive(Debug, Clone, Default)]
pub struct Meter(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    requests: AtomicU64,
    retries: AtomicU64,
    transient: AtomicU64,
    throttled_nanos: AtomicU64,
    bytes: AtomicU64,
    pages: AtomicU64,
    waiting: AtomicU64,
    /// Zero means none.
    max_requests: AtomicU64,
    /// The reader has paused, and requests wait for it to come back.
    held: watch::Sender<bool>,
    /// Milliseconds; zero leaves it to the client.
    max_wait: AtomicU64,
    /// Why a bucket ran slower than documented: the first reason of each.
    slowed: Mutex<Vec<(Bucket, String)>>,
}

/// A [`Meter`] read at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// HTTP requests sent to Graph, retries included; a `$batch` is one.
    pub requests: u64,
    /// Those that repeated an earlier one.
    pub retries: u64,
    /// Time spent waiting for a turn, summed over requests that waited side by side.
    pub throttled: Duration,
    /// Decoded bytes of all bodies.
    pub bytes: u64,
    /// Replies that were used.
    pub pages: u64,
}

impl Meter {
    /// Creates a meter that refuses request `max_requests + 1` before it is sent.
    pub fn with_budget(max_requests: u64) -> Self {
        let meter = Self::default();
        // Zero stands for no budget inside; a budget of none at all still admits nothing.
        meter.0.max_requests.store(max_requests.saturating_add(1), Relaxed);
        meter
    }

    /// Sets the longest one request may wait because Graph throttles it.
    #[must_use]
    pub fn with_max_wait(self, wait: Duration) -> Self {
        self.0.max_wait.store(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX), Relaxed);
        self
    }

    /// Returns the longest throttled wait of one request, where the query sets one.
    pub(crate) fn max_wait(&self) -> Option<Duration> {
        let millis = self.0.max_wait.load(Relaxed);
        (millis > 0).then(|| Duration::from_millis(millis))
    }

    /// Reads all counters.
    pub fn counts(&self) -> Counts {
        Counts {
            requests: self.0.requests.load(Relaxed),
            retries: self.0.retries.load(Relaxed),
            throttled: Duration::from_nanos(self.0.throttled_nanos.load(Relaxed)),
            bytes: self.0.bytes.load(Relaxed),
            pages: self.0.pages.load(Relaxed),
        }
    }

    /// Returns a line for each bucket that ran slower than documented, and why.
    pub fn slowed(&self) -> Vec<String> {
        let slowed = self.0.slowed.lock().unwrap_or_else(PoisonError::into_inner);
        slowed.iter().map(|(_, line)| line.clone()).collect()
    }

    /// Keeps why a bucket ran slower than documented.
    pub(crate) fn slow(&self, bucket: Bucket, line: String) {
        let mut slowed = self.0.slowed.lock().unwrap_or_else(PoisonError::into_inner);
        if !slowed.iter().any(|(known, _)| *known == bucket) {
            slowed.push((bucket, line));
        }
    }

    /// Returns what tells this query from all that run beside it.
    pub(crate) fn id(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    /// Keeps requests from being sent until [`Meter::release`]. What is on its way arrives.
    pub fn hold(&self) {
        self.0.held.send_replace(true);
    }

    /// Lets requests go on.
    pub fn release(&self) {
        self.0.held.send_replace(false);
    }

    /// Tells whether requests have to wait for a release.
    pub(crate) fn is_held(&self) -> bool {
        *self.0.held.borrow()
    }

    /// Waits while the query is held.
    pub(crate) async fn until_released(&self) {
        // The sender lives as long as this meter, so waiting ends with a release only.
        let _ = self.0.held.subscribe().wait_for(|held| !held).await;
    }

    /// Takes one request out of the budget.
    pub(crate) fn spend(&self) -> Result<()> {
        let limit = self.0.max_requests.load(Relaxed);
        let take = |n: u64| (limit == 0 || n + 1 < limit).then_some(n + 1);
        self.0.requests.fetch_update(Relaxed, Relaxed, take).map(drop).map_err(spent)
    }

    pub(crate) fn retried(&self) {
        self.0.retries.fetch_add(1, Relaxed);
    }

    /// Counts a transient failure; false when a query has seen too many of them.
    ///
    /// An outage must not multiply its own load: a tenth of the requests, at least 20.
    pub(crate) fn may_retry(&self) -> bool {
        let failures = self.0.transient.fetch_add(1, Relaxed);
        failures < (self.0.requests.load(Relaxed) / 10).max(20)
    }

    pub(crate) fn waited(&self, wait: Duration) {
        let nanos = u64::try_from(wait.as_nanos()).unwrap_or(u64::MAX);
        self.0.throttled_nanos.fetch_add(nanos, Relaxed);
    }

    /// Counts a request as standing in line until the guard is dropped.
    pub(crate) fn stand_in_line(&self) -> Waiting<'_> {
        self.0.waiting.fetch_add(1, Relaxed);
        Waiting(self)
    }

    /// Returns how many requests stand in line for their turn now.
    pub fn waiting(&self) -> u64 {
        self.0.waiting.load(Relaxed)
    }

    pub(crate) fn received(&self, bytes: usize) {
        self.0.bytes.fetch_add(bytes as u64, Relaxed);
    }

    pub(crate) fn used_page(&self) {
        self.0.pages.fetch_add(1, Relaxed);
    }
}

/// A request that stands in line.
#[derive(Debug)]
pub(crate) struct Waiting<'a>(&'a Meter);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.0.waiting.fetch_sub(1, Relaxed);
    }
}

fn spent(sent: u64) -> Error {
    let noun = if sent == 1 { "request" } else { "requests" };
    Error::new(ErrorKind::Budget, format!("the budget of {sent} {noun} is used up"))
        .with_hint("raise `--max-requests`, or narrow the query: EXPLAIN GRAPH shows its requests")
}
