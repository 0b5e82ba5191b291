//! One bucket: who goes now, who waits and for how long.
//!
//! The head of the line waits for its turn on the clock; everybody else waits for the
//! head. After a refusal one request goes first, and the others wait for what becomes
//! of it: nobody tests the water twice.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use futures::future::{Either, select};
use tokio::sync::watch;

use crate::auth::Clock;
use crate::graph::Pacing;
use crate::graph::throttle::limits::Limit;
use crate::graph::throttle::line::{Line, Waiter};
use crate::graph::throttle::pace::Pace;
use crate::graph::throttle::permit::Permit;
use crate::graph::throttle::share::Share;
use crate::graph::throttle::{Admitted, Load, Pause, Signs, TooLong, slowed};
use crate::spec::Bucket;

/// Where waits are shown.
pub(super) type Shown = watch::Sender<Option<Pause>>;

#[derive(Debug)]
pub(crate) struct Gate {
    bucket: Bucket,
    clock: Arc<dyn Clock>,
    shown: Shown,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    line: Line,
    pace: Pace,
    share: Share,
    /// How often the pace was lowered by a refusal.
    era: u64,
    paused_until: Option<Instant>,
    /// All pauses so far and the rest of the present one, each moment once.
    paused: Duration,
    restart: Restart,
}

/// How a bucket comes back after a refusal.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Restart {
    Done,
    /// The next request goes alone.
    Due,
    /// It is on its way.
    Probing,
}

/// What a waiter does next.
enum Next {
    Go(Permit),
    /// Until the bell rings.
    Listen,
    /// Until then, or the bell.
    Sleep(Duration, &'static str),
}

impl Gate {
    pub(super) fn new(bucket: Bucket, pacing: Pacing, clock: Arc<dyn Clock>, shown: Shown) -> Self {
        let now = clock.now();
        let pace = match pacing {
            Pacing::Off => Pace::Off,
            Pacing::Graph => Pace::new(Limit::of(bucket), now),
        };
        let state = Mutex::new(State {
            line: Line::default(),
            pace,
            share: Share::new(now),
            era: 0,
            paused_until: None,
            paused: Duration::ZERO,
            restart: Restart::Done,
        });
        Self { bucket, clock, shown, state }
    }

    /// Waits for a turn. Dropping the future gives the place up. Pauses longer than
    /// `patience`, all in all, are an error as soon as they are known.
    pub(super) async fn admit(
        self: &Arc<Self>,
        load: Load,
        patience: Duration,
    ) -> Result<Admitted, TooLong> {
        let place = Place::take(self, load, patience);
        let mut note = None;
        loop {
            let wait = match place.look(&mut note)? {
                Next::Go(permit) => return Ok(place.leave_with(permit, note)),
                Next::Listen => None,
                Next::Sleep(wait, why) => Some((wait, why)),
            };
            let bell = place.waiter.bell.notified();
            match wait {
                None => bell.await,
                Some((wait, why)) => {
                    self.show(wait);
                    let bell = std::pin::pin!(bell);
                    match select(bell, self.clock.sleep(wait, why)).await {
                        Either::Left(_) | Either::Right(_) => {}
                    }
                }
            }
        }
    }

    /// Returns how many requests may go at once.
    pub(super) fn burst(&self) -> usize {
        let state = self.state();
        state.pace.burst(state.share.get())
    }

    pub(super) fn served(&self, permit: &Permit, signs: &Signs) {
        let now = self.clock.now();
        let mut state = self.state();
        if let Some(units) = signs.units {
            state.pace.charge(units - f64::from(permit.load().units.max(1)));
        }
        if permit.is_probe() {
            state.restart = Restart::Done;
        }
        if permit.era() == state.era {
            let span = state.pace.span();
            if state.share.served(signs.used, span, now) && state.share.get() >= 1.0 {
                state.pace.recovered();
            }
        }
        state.line.ring();
    }

    /// Stops the bucket. Without signs the pace is not to blame.
    pub(super) fn refused(&self, permit: &Permit, wait: Duration, signs: Option<&Signs>) {
        let now = self.clock.now();
        let until = now + wait;
        let mut state = self.state();
        let begin = state.paused_until.map_or(now, |until| until.max(now));
        state.paused += until.saturating_duration_since(begin);
        state.paused_until = Some(begin.max(until));
        if permit.is_probe() || state.restart == Restart::Done {
            state.restart = Restart::Due;
        }
        if let Some(signs) = signs {
            state.refuse(permit.era(), signs, until, now);
        }
        state.line.ring_all();
        drop(state);
        self.show(wait);
    }

    /// Nothing is known of the request; if it was to go first, another has to.
    pub(super) fn dropped(&self, permit: &Permit, sent: bool) {
        let mut state = self.state();
        if !sent {
            state.pace.give_back(permit.load(), permit.at());
        }
        if permit.is_probe() {
            state.restart = Restart::Due;
        }
        state.line.ring();
    }

    fn show(&self, wait: Duration) {
        let until = self.clock.utc() + TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX);
        self.shown.send_replace(Some(Pause { bucket: self.bucket, until }));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// One refusal lowers the pace once, however many requests were under way.
    fn refuse(&mut self, era: u64, signs: &Signs, until: Instant, now: Instant) {
        if era == self.era {
            let effective = self.pace.effective(self.share.get());
            self.share.refused(effective, signs.is_tenant_wide(), until);
            self.era += 1;
        }
        self.pace.refused(until, now);
    }

    fn pause_left(&self, now: Instant) -> Duration {
        self.paused_until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now))
    }
}

/// A place in line; it is given up when dropped.
struct Place<'a> {
    gate: &'a Arc<Gate>,
    waiter: Waiter,
    load: Load,
    patience: Duration,
    arrived: Instant,
    /// The pauses that were over by then.
    paused: Duration,
    served: bool,
}

impl<'a> Place<'a> {
    fn take(gate: &'a Arc<Gate>, load: Load, patience: Duration) -> Self {
        let arrived = gate.clock.now();
        let mut state = gate.state();
        let waiter = state.line.join(load.query);
        let paused = state.paused.saturating_sub(state.pause_left(arrived));
        drop(state);
        Self { gate, waiter, load, patience, arrived, paused, served: false }
    }

    fn look(&self, note: &mut Option<String>) -> Result<Next, TooLong> {
        let now = self.gate.clock.now();
        let mut state = self.gate.state();
        let left = state.pause_left(now);
        let paused = state.paused.saturating_sub(self.paused);
        if !left.is_zero() && paused > self.patience {
            return Err(TooLong { wait: left, paused: paused.saturating_sub(left) });
        }
        if !state.line.is_next(&self.waiter) || state.restart == Restart::Probing {
            return Ok(Next::Listen);
        }
        if !left.is_zero() {
            return Ok(Next::Sleep(left, "throttled"));
        }
        let share = state.share.get();
        if let Some(wait) = state.pace.take(self.load, share, now) {
            let cause = state.share.cause();
            *note = note.take().or_else(|| Some(slowed(self.load.bucket, share, cause?)));
            return Ok(Next::Sleep(wait, "pacing"));
        }
        let probe = state.restart == Restart::Due;
        if probe {
            state.restart = Restart::Probing;
        }
        Ok(Next::Go(Permit::new(Arc::clone(self.gate), self.load, now, state.era, probe)))
    }

    fn leave_with(mut self, permit: Permit, note: Option<String>) -> Admitted {
        self.served = true;
        let mut state = self.gate.state();
        state.line.advance();
        let paused = state.paused.saturating_sub(self.paused);
        drop(state);
        let waited = permit.at().saturating_duration_since(self.arrived);
        Admitted { permit, waited, paused: paused.min(waited), note }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if !self.served {
            self.gate.state().line.leave(&self.waiter);
        }
    }
}
