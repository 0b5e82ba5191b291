//! The right to send one request, held until its reply is known.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::graph::throttle::gate::Gate;
use crate::graph::throttle::{Load, Signs};

/// A turn. Dropped unsent it is given back; dropped without a verdict it says nothing
/// about the limit.
#[derive(Debug)]
pub(crate) struct Permit {
    gate: Arc<Gate>,
    load: Load,
    /// When the turn came.
    at: Instant,
    /// How often the pace had been lowered by then: a later refusal is news, an earlier is not.
    era: u64,
    /// The first request after a refusal; everybody waits for what becomes of it.
    probe: bool,
    state: State,
}

#[derive(Debug, PartialEq)]
enum State {
    Unsent,
    Sent,
    Settled,
}

impl Permit {
    pub(super) fn new(gate: Arc<Gate>, load: Load, at: Instant, era: u64, probe: bool) -> Self {
        Self { gate, load, at, era, probe, state: State::Unsent }
    }

    pub(super) fn load(&self) -> Load {
        self.load
    }

    pub(super) fn at(&self) -> Instant {
        self.at
    }

    pub(super) fn era(&self) -> u64 {
        self.era
    }

    pub(super) fn is_probe(&self) -> bool {
        self.probe
    }

    /// The request is on its way, and counts from now on.
    pub(crate) fn sent(&mut self) {
        self.state = State::Sent;
    }

    /// Graph did not refuse it for its pace, whatever else it said.
    pub(crate) fn served(mut self, signs: &Signs) {
        self.state = State::Settled;
        self.gate.served(&self, signs);
    }

    /// Graph refused it for its pace (429): nobody goes for `wait`, then one, then all at half
    /// the pace.
    pub(crate) fn refused(mut self, wait: Duration, signs: &Signs) {
        self.state = State::Settled;
        self.gate.refused(&self, wait, Some(signs));
    }

    /// The service asks for a pause and gives no reason: the pace is not to blame.
    pub(crate) fn paused(mut self, wait: Duration) {
        self.state = State::Settled;
        self.gate.refused(&self, wait, None);
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if self.state != State::Settled {
            self.gate.dropped(self, self.state == State::Sent);
        }
    }
}
