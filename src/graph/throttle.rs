//! One budget per bucket, shared by every scan of a tenant.
//!
//! Scans stand in line. The head of the line waits for its turn, or for the end of
//! a pause Graph asked for, while everybody else waits behind it: after a 429
//! nobody tests the water, and the first request out is followed at the usual pace.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

use crate::auth::Clock;
use crate::graph::Pacing;
use crate::spec::Bucket;

/// A margin for requests that catch up with each other on the road.
const MARGIN: Duration = Duration::from_millis(100);

/// Reporting: 5 requests in 10 s per app and tenant.
/// <https://learn.microsoft.com/graph/throttling-limits#identity-and-access-reports-service-limits>
const REPORTS: (usize, Duration) = (5, Duration::from_secs(10));

/// Identity protection and conditional access: 1 request in 1 s per tenant.
/// <https://learn.microsoft.com/graph/throttling-limits#identity-protection-and-conditional-access-service-limits>
const PROTECTION: (usize, Duration) = (1, Duration::from_secs(1));

/// Alerts and incidents: 150 requests in a minute per app and tenant. Incidents are not named
/// there; they are taken to count with the alerts.
/// <https://learn.microsoft.com/graph/throttling-limits#security-detections-and-incidents-service-limits>
const SECURITY: (usize, Duration) = (150, Duration::from_secs(60));

/// Directory: 8,000 resource units in 10 s for tenants of more than 500 users.
/// <https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits>
const DIRECTORY: (f64, f64) = (8_000.0, 10.0);

/// A wait worth showing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// Whose requests wait.
    pub bucket: Bucket,
    /// Until when; a reader compares with its own clock.
    pub until: DateTime<Utc>,
}

/// Returns the shortest time Microsoft's limits allow for so many requests of so many
/// resource units each, on an idle bucket.
pub fn least_time(bucket: Bucket, requests: u64, units: u32) -> Duration {
    let windows = |(limit, span): (usize, Duration)| {
        let waits = requests.saturating_sub(1) / limit as u64;
        (span + MARGIN).saturating_mul(u32::try_from(waits).unwrap_or(u32::MAX))
    };
    match bucket {
        Bucket::Reports => windows(REPORTS),
        Bucket::IdentityProtection => windows(PROTECTION),
        Bucket::Security => windows(SECURITY),
        Bucket::Intune => Duration::ZERO,
        Bucket::Directory => {
            let (most, span) = DIRECTORY;
            let units = requests.saturating_mul(u64::from(units.max(1)));
            #[expect(clippy::cast_precision_loss, reason = "seconds, for a person")]
            let beyond = (units as f64 - most).max(0.0);
            Duration::try_from_secs_f64(beyond / most * span).unwrap_or(Duration::MAX)
        }
    }
}

/// What a request takes from its bucket.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    pub(crate) bucket: Bucket,
    pub(crate) requests: usize,
    pub(crate) units: u32,
}

/// The wait ahead is longer than the caller can bear.
#[derive(Debug)]
pub(crate) struct TooLong(pub(crate) Duration);

#[derive(Debug)]
pub(crate) struct Throttle {
    clock: Arc<dyn Clock>,
    gates: [Gate; 5],
    shown: watch::Sender<Option<Pause>>,
}

impl Throttle {
    pub(crate) fn new(pacing: Pacing, clock: Arc<dyn Clock>) -> Self {
        let now = clock.now();
        let window = |(limit, span)| match pacing {
            Pacing::Off => Gate::new(Pace::Free),
            Pacing::Graph => Gate::new(Pace::Window { limit, span, sent: VecDeque::new() }),
        };
        let units = match pacing {
            Pacing::Off => Pace::Free,
            Pacing::Graph => Pace::Units { level: DIRECTORY.0, at: now },
        };
        // Without a number there is nothing to keep to but what a 429 says.
        let unpaced = Gate::new(Pace::Free);
        let gates =
            [window(REPORTS), window(PROTECTION), Gate::new(units), window(SECURITY), unpaced];
        Self { clock, gates, shown: watch::channel(None).0 }
    }

    /// Shows the latest wait.
    pub(crate) fn watch(&self) -> watch::Receiver<Option<Pause>> {
        self.shown.subscribe()
    }

    /// Waits for a turn, in order of arrival; returns how long it took.
    ///
    /// Dropping the future gives the place up. A pause longer than `patience` is an
    /// error at once.
    pub(crate) async fn admit(&self, load: Load, patience: Duration) -> Result<Duration, TooLong> {
        let gate = self.gate(load.bucket);
        let arrived = self.clock.now();
        let _turn = gate.line.lock().await;
        loop {
            let now = self.clock.now();
            let turn = gate.state().turn(load, now);
            match turn {
                Turn::Go => return Ok(now - arrived),
                Turn::Paused(wait) if wait > patience => return Err(TooLong(wait)),
                Turn::Paused(wait) => self.wait(load.bucket, wait, "throttled").await,
                Turn::Paced(wait) => self.wait(load.bucket, wait, "pacing").await,
            }
        }
    }

    /// Stops a bucket: nobody is admitted for `wait`.
    pub(crate) fn pause(&self, bucket: Bucket, wait: Duration) {
        let until = self.clock.now() + wait;
        let mut state = self.gate(bucket).state();
        state.paused_until = state.paused_until.max(Some(until));
        state.pace.empty(until);
        drop(state);
        self.show(bucket, wait);
    }

    async fn wait(&self, bucket: Bucket, wait: Duration, why: &'static str) {
        self.show(bucket, wait);
        self.clock.sleep(wait, why).await;
    }

    fn show(&self, bucket: Bucket, wait: Duration) {
        let until = self.clock.utc() + TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX);
        self.shown.send_replace(Some(Pause { bucket, until }));
    }

    fn gate(&self, bucket: Bucket) -> &Gate {
        match bucket {
            Bucket::Reports => &self.gates[0],
            Bucket::IdentityProtection => &self.gates[1],
            Bucket::Directory => &self.gates[2],
            Bucket::Security => &self.gates[3],
            Bucket::Intune => &self.gates[4],
        }
    }
}

#[derive(Debug)]
struct Gate {
    /// Hands the turn over in order of arrival; a waiter that is dropped leaves it.
    line: tokio::sync::Mutex<()>,
    state: Mutex<GateState>,
}

#[derive(Debug)]
struct GateState {
    paused_until: Option<Instant>,
    pace: Pace,
}

#[derive(Debug)]
enum Pace {
    Free,
    Window { limit: usize, span: Duration, sent: VecDeque<Instant> },
    Units { level: f64, at: Instant },
}

enum Turn {
    Go,
    Paused(Duration),
    Paced(Duration),
}

impl Gate {
    fn new(pace: Pace) -> Self {
        let state = GateState { paused_until: None, pace };
        Self { line: tokio::sync::Mutex::default(), state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, GateState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl GateState {
    fn turn(&mut self, load: Load, now: Instant) -> Turn {
        if let Some(until) = self.paused_until.filter(|until| *until > now) {
            return Turn::Paused(until - now);
        }
        match self.pace.take(load, now) {
            None => Turn::Go,
            Some(wait) => Turn::Paced(wait),
        }
    }
}

impl Pace {
    /// Takes what the load needs, or says how long until it may try again.
    fn take(&mut self, load: Load, now: Instant) -> Option<Duration> {
        match self {
            Self::Free => None,
            Self::Window { limit, span, sent } => {
                take_slots(*limit, *span + MARGIN, sent, load.requests, now)
            }
            Self::Units { level, at } => take_units(level, at, load.units, now),
        }
    }

    /// After a refusal the stock is gone; it fills up again from `until` on.
    fn empty(&mut self, until: Instant) {
        if let Self::Units { level, at } = self {
            (*level, *at) = (0.0, until);
        }
    }
}

fn take_slots(
    limit: usize,
    span: Duration,
    sent: &mut VecDeque<Instant>,
    wanted: usize,
    now: Instant,
) -> Option<Duration> {
    while sent.front().is_some_and(|at| now.duration_since(*at) >= span) {
        sent.pop_front();
    }
    let wanted = wanted.clamp(1, limit);
    // The request that has to leave the window before there is room.
    match (sent.len() + wanted).checked_sub(limit + 1).and_then(|i| sent.get(i)) {
        Some(blocking) => Some((*blocking + span).duration_since(now)),
        None => {
            sent.extend(std::iter::repeat_n(now, wanted));
            None
        }
    }
}

fn take_units(level: &mut f64, at: &mut Instant, units: u32, now: Instant) -> Option<Duration> {
    let (most, span) = DIRECTORY;
    let rate = most / span;
    // `at` lies ahead after a pause; until then nothing fills up.
    *level = (*level + now.saturating_duration_since(*at).as_secs_f64() * rate).min(most);
    *at = now.max(*at);
    let wanted = f64::from(units.max(1)).min(most);
    if *level + 1e-6 >= wanted {
        *level -= wanted;
        return None;
    }
    Some(Duration::from_secs_f64((wanted - *level) / rate))
}
