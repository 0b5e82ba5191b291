//! The rows handed out, so that one that comes again is handed out once.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use crate::provider::spans::log::SECOND;

/// Rows after which older ones may be forgotten.
const GENERATION: usize = 16_384;

/// Key and time of rows as two hashes each, so that many rows take little room.
#[derive(Debug, Default)]
pub(super) struct Seen {
    hashers: (RandomState, RandomState),
    recent: HashSet<(u64, u64)>,
    earlier: HashSet<(u64, u64)>,
    /// The time at which `earlier` ends.
    turned: Option<i64>,
    forgot: bool,
}

impl Seen {
    /// Takes a row in; false when it was there before.
    pub(super) fn insert(&mut self, key: &str, time: Option<i64>) -> bool {
        let row = (key, time);
        let hash = (self.hashers.0.hash_one(row), self.hashers.1.hash_one(row));
        !self.earlier.contains(&hash) && self.recent.insert(hash)
    }

    /// Forgets rows that lie whole seconds before `edge`, the time of the last row, in a log
    /// that comes in order: no listing that goes on from there brings them again.
    pub(super) fn forget_before(&mut self, edge: i64) {
        let far = |turned: i64| turned.abs_diff(edge) > 2 * SECOND.unsigned_abs();
        if self.recent.len() < GENERATION || !self.turned.is_none_or(far) {
            return;
        }
        self.forgot |= !self.earlier.is_empty();
        self.earlier = std::mem::take(&mut self.recent);
        self.turned = Some(edge);
    }

    /// Tells whether every row taken in is still known.
    pub(super) fn is_whole(&self) -> bool {
        !self.forgot
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_new_once_and_another_at_its_time_is_another() {
        let mut seen = Seen::default();
        assert!(seen.insert("a", Some(1)));
        assert!(!seen.insert("a", Some(1)));
        assert!(seen.insert("b", Some(1)) && seen.insert("a", Some(2)) && seen.insert("a", None));
    }

    #[test]
    fn rows_of_the_last_seconds_are_never_forgotten() {
        let mut seen = Seen::default();
        for row in 0..10 * GENERATION {
            seen.insert(&row.to_string(), Some(7));
            seen.forget_before(7);
        }
        assert!(seen.is_whole());
        assert!((0..10 * GENERATION).all(|row| !seen.insert(&row.to_string(), Some(7))));
    }

    #[test]
    fn a_long_log_takes_no_more_room_than_two_generations() {
        let mut seen = Seen::default();
        for row in (0..10 * GENERATION).rev() {
            let time = i64::try_from(row).unwrap() * SECOND;
            seen.insert("a", Some(time));
            seen.forget_before(time);
            assert!(seen.recent.len() + seen.earlier.len() <= 2 * GENERATION);
        }
        assert!(!seen.is_whole());
    }
}
