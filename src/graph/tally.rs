//! What the parts of a `$batch` say about their bucket, as one verdict.

use std::time::Duration;

use crate::graph::Request;
use crate::graph::retry::Verdict;
use crate::graph::throttle::{Permit, Signs};

/// Collects part by part.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Resource units of all parts, and the highest use of the limit any of them names.
    signs: Signs,
    /// The longest pause a part asks for.
    worst: Option<(Duration, Verdict)>,
}

impl Tally {
    /// Counts a part; one that names no units costs what was reckoned.
    pub(crate) fn add(&mut self, request: &Request, signs: &Signs) {
        let units = signs.units.unwrap_or_else(|| f64::from(request.units.max(1)));
        self.signs.units = Some(self.signs.units.unwrap_or_default() + units);
        self.signs.used = [self.signs.used, signs.used].into_iter().flatten().reduce(f64::max);
    }

    /// Hears what a failed part means for the bucket.
    pub(crate) fn hear(&mut self, verdict: Verdict) {
        let wait = verdict.pause();
        let known = self.worst.as_ref().map(|(known, _)| *known);
        if wait.is_some() && wait > known {
            self.worst = wait.map(|wait| (wait, verdict));
        }
    }

    /// Tells the bucket once, for all parts.
    pub(crate) fn settle(self, permit: Permit) {
        match self.worst {
            Some((_, verdict)) => verdict.settle(permit),
            None => permit.served(&self.signs),
        }
    }
}
