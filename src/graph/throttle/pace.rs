//! How fast a bucket may be used: what was taken, and when there is room again.
//!
//! A pace runs at a share of the limit, from 1 down to nearly nothing. A window gives
//! up whole requests before it grows longer, so that no burst is larger than the share.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::graph::throttle::Load;
use crate::graph::throttle::limits::{Limit, MARGIN};

/// Over this much time the use of a bucket without a limit is measured.
const MEASURED: Duration = Duration::from_secs(10);

/// What was taken from a bucket.
#[derive(Debug)]
pub(super) enum Pace {
    /// Nothing is counted.
    Off,
    Window(Window),
    Units(Units),
    /// No limit is known; the use is measured in case Graph shows that there is one.
    Open(VecDeque<Instant>),
}

#[derive(Debug)]
pub(super) struct Window {
    limit: usize,
    span: Duration,
    /// In order; those of a burst that was too large lie in the future.
    sent: VecDeque<Instant>,
    /// The limit is what was measured, not what is documented.
    measured: bool,
}

#[derive(Debug)]
pub(super) struct Units {
    most: f64,
    span: Duration,
    level: f64,
    /// When the level was that; after a pause it lies ahead.
    at: Instant,
}

impl Pace {
    pub(super) fn new(limit: Limit, now: Instant) -> Self {
        match limit {
            Limit::Requests(limit, span) => {
                Self::Window(Window { limit, span, sent: VecDeque::new(), measured: false })
            }
            Limit::Units(most, span) => Self::Units(Units { most, span, level: most, at: now }),
            Limit::Unknown => Self::Open(VecDeque::new()),
        }
    }

    /// Takes what the load needs, or says how long until it may try again.
    pub(super) fn take(&mut self, load: Load, share: f64, now: Instant) -> Option<Duration> {
        match self {
            Self::Off => None,
            Self::Window(window) => window.take(load.requests.max(1), share, now),
            Self::Units(units) => units.take(load.units, share, now),
            Self::Open(sent) => {
                forget(sent, MEASURED, now);
                sent.extend(std::iter::repeat_n(now, load.requests.max(1)));
                None
            }
        }
    }

    /// Gives back what was taken at `at` and not used.
    pub(super) fn give_back(&mut self, load: Load, at: Instant) {
        match self {
            Self::Off => {}
            Self::Window(Window { sent, .. }) | Self::Open(sent) => {
                for _ in 0..load.requests.max(1) {
                    // The newest went last; of equal ones any will do.
                    if let Some(place) = sent.iter().rposition(|s| *s >= at) {
                        sent.remove(place);
                    }
                }
            }
            Self::Units(units) => units.charge(-f64::from(load.units.max(1))),
        }
    }

    /// Takes units that turned out to be needed beyond those taken, or gives some back.
    pub(super) fn charge(&mut self, more: f64) {
        if let Self::Units(units) = self {
            units.charge(more);
        }
    }

    /// After a refusal the stock is gone and fills up from `until` on; a bucket whose limit
    /// nobody knows is taken to allow what was sent, and no more.
    pub(super) fn refused(&mut self, until: Instant, now: Instant) {
        match self {
            Self::Off | Self::Window(_) => {}
            Self::Units(units) => (units.level, units.at) = (units.level.min(0.0), until),
            Self::Open(sent) => {
                forget(sent, MEASURED, now);
                let (limit, sent) = (sent.len().max(1), std::mem::take(sent));
                *self = Self::Window(Window { limit, span: MEASURED, sent, measured: true });
            }
        }
    }

    /// Back at full pace: a limit that was only measured has had its day.
    pub(super) fn recovered(&mut self) {
        if let Self::Window(Window { sent, measured: true, .. }) = self {
            *self = Self::Open(std::mem::take(sent));
        }
    }

    /// Returns how long a change takes to show.
    pub(super) fn span(&self) -> Duration {
        match self {
            Self::Off | Self::Open(_) => MEASURED,
            Self::Window(Window { span, .. }) | Self::Units(Units { span, .. }) => {
                MEASURED.max(*span)
            }
        }
    }

    /// Returns the share that is really used: whole requests are less than the share says.
    pub(super) fn effective(&self, share: f64) -> f64 {
        match self {
            Self::Window(window) => window.at_share(share).2,
            _ => share,
        }
    }

    /// Returns how many requests may go at once.
    pub(super) fn burst(&self, share: f64) -> usize {
        match self {
            Self::Window(window) => window.at_share(share).0,
            _ => usize::MAX,
        }
    }
}

impl Window {
    /// Returns the requests a span may hold, that span, and the share this comes to.
    fn at_share(&self, share: f64) -> (usize, Duration, f64) {
        #[expect(clippy::cast_precision_loss, reason = "at most a few thousand")]
        let limit = self.limit as f64;
        // A tenth added ten times is not quite one.
        let wanted = limit * share + 1e-6;
        let span = self.span + MARGIN;
        if wanted < 1.0 {
            return (1, span.div_f64(wanted), share);
        }
        let whole = wanted.floor();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 1 and the limit"
        )]
        let requests = whole as usize;
        (requests, span, whole / limit)
    }

    fn take(&mut self, wanted: usize, share: f64, now: Instant) -> Option<Duration> {
        let (limit, span, _) = self.at_share(share);
        forget(&mut self.sent, span, now);
        // The request that has to leave the window before there is room.
        let blocking = (self.sent.len() + wanted.min(limit)).checked_sub(limit + 1);
        if let Some(at) = blocking.and_then(|i| self.sent.get(i)) {
            return Some((*at + span).duration_since(now));
        }
        let mut at = now;
        for number in 0..wanted {
            if number > 0 && number % limit == 0 {
                at += span;
            }
            self.sent.push_back(at);
        }
        None
    }
}

impl Units {
    fn take(&mut self, units: u32, share: f64, now: Instant) -> Option<Duration> {
        let most = self.most * share;
        let rate = most / self.span.as_secs_f64();
        // `at` lies ahead after a pause; until then nothing fills up.
        let filled = now.saturating_duration_since(self.at).as_secs_f64() * rate;
        self.level = (self.level + filled).min(most);
        self.at = now.max(self.at);
        let wanted = f64::from(units.max(1)).min(most);
        if self.level + 1e-6 >= wanted {
            self.level -= f64::from(units.max(1)).min(self.most);
            return None;
        }
        Some(Duration::from_secs_f64((wanted - self.level) / rate))
    }

    /// A reply that names absurd units must not stop a bucket for good.
    fn charge(&mut self, more: f64) {
        self.level = (self.level - more).clamp(-self.most, self.most);
    }
}

/// Drops what has left the span.
fn forget(sent: &mut VecDeque<Instant>, span: Duration, now: Instant) {
    while sent.front().is_some_and(|at| *at + span <= now) {
        sent.pop_front();
    }
}
