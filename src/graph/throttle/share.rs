//! Which share of the documented limit is used: what Graph says decides.
//!
//! A refusal halves it, and every while without one adds a tenth. A pace that was
//! refused is not tried again for some minutes, and for longer each time: somebody
//! else lives on the same budget, and will not have gone.

use std::time::{Duration, Instant};

/// Added after a while of success.
const STEP: f64 = 0.1;

/// The slowest pace.
const LEAST: f64 = 0.05;

/// A reply names the use of the limit from here on; below, nothing is amiss.
/// <https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits>
const BUSY: f64 = 0.8;

/// Below a pace that was refused by as much.
const BELOW: f64 = 0.9;

/// How long a pace that was refused is not tried again: the first time, and at most.
const HOLD: (Duration, Duration) = (Duration::from_secs(120), Duration::from_secs(32 * 60));

/// Why a pace is lower than documented.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cause {
    /// Graph refused a request; perhaps because of other apps.
    Refused { tenant_wide: bool },
    /// Graph said that so much of the limit was used.
    Busy(f64),
}

/// The share, and what is known about it.
#[derive(Debug)]
pub(super) struct Share {
    now: f64,
    changed: Instant,
    /// Not above this until then.
    ceiling: Option<(f64, Instant)>,
    hold: Duration,
    cause: Option<Cause>,
}

impl Share {
    pub(super) fn new(now: Instant) -> Self {
        Self { now: 1.0, changed: now, ceiling: None, hold: HOLD.0, cause: None }
    }

    pub(super) fn get(&self) -> f64 {
        self.now
    }

    /// Returns why the share is less than all of it.
    pub(super) fn cause(&self) -> Option<Cause> {
        self.cause.filter(|_| self.now < 1.0)
    }

    /// Graph refused a request sent at the effective share; nobody goes before `until`.
    pub(super) fn refused(&mut self, effective: f64, tenant_wide: bool, until: Instant) {
        self.ceiling = Some((effective * BELOW, until + self.hold));
        self.hold = (self.hold * 2).min(HOLD.1);
        self.set(self.now / 2.0, until);
        self.cause = Some(Cause::Refused { tenant_wide });
    }

    /// Graph served a request, and may have said how much of the limit is used. Changes no
    /// sooner than the last change can have shown, after `span`; returns whether it did.
    pub(super) fn served(&mut self, used: Option<f64>, span: Duration, now: Instant) -> bool {
        let whiles = now.saturating_duration_since(self.changed).as_secs_f64() / span.as_secs_f64();
        match used {
            Some(used) if used >= BUSY => {
                // The first word is heard at once: there was no change that has yet to show.
                if whiles >= 1.0 || self.now >= 1.0 {
                    self.set(self.now * BUSY / used, now);
                    self.cause = Some(Cause::Busy(used));
                }
            }
            _ if whiles >= 1.0 => self.rise(whiles.floor(), now),
            _ => return false,
        }
        true
    }

    fn rise(&mut self, steps: f64, now: Instant) {
        if self.ceiling.is_some_and(|(_, until)| until <= now) {
            self.ceiling = None;
        }
        let most = self.ceiling.map_or(1.0, |(most, _)| most).max(self.now);
        self.set((self.now + STEP * steps).min(most), now);
        if self.now >= 1.0 {
            (self.hold, self.cause) = (HOLD.0, None);
        }
    }

    fn set(&mut self, share: f64, now: Instant) {
        (self.now, self.changed) = (share.clamp(LEAST, 1.0), now);
    }
}
