//! The receipts of a session, and what its complete listings have shown.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::engine::receipt::Receipt;
use crate::provider::ScanReceipt;

/// Receipts kept; older ones go.
const MOST: usize = 1_000;

/// What a listing was when it was last read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) pages: u64,
    pub(super) rows: u64,
}

/// One query that is over.
#[derive(Debug, Clone)]
pub(super) struct Past {
    pub(super) number: u64,
    pub(super) sql: String,
    pub(super) receipt: Receipt,
}

/// Shared by all queries of an engine.
#[derive(Debug, Default)]
pub(super) struct History(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    ended: u64,
    past: VecDeque<Past>,
    known: HashMap<String, Known>,
}

impl History {
    /// Takes down a query that is over, whether it came to its end or not.
    pub(super) fn add(&self, sql: String, receipt: Receipt) {
        let mut kept = self.lock();
        for scan in receipt.scans.iter().filter(|scan| scan.is_whole_listing()) {
            kept.learn(scan);
        }
        kept.ended += 1;
        let number = kept.ended;
        kept.past.push_back(Past { number, sql, receipt });
        if kept.past.len() > MOST {
            kept.past.pop_front();
        }
    }

    /// Returns the queries that are over, oldest first.
    pub(super) fn past(&self) -> Vec<Past> {
        self.lock().past.iter().cloned().collect()
    }

    /// Returns what this request was when it was last read to its end.
    pub(super) fn known(&self, target: &str) -> Option<Known> {
        self.lock().known.get(target).copied()
    }

    /// Returns the pages of a listing of the same rows, whichever of their columns were read.
    pub(super) fn pages(&self, target: &str) -> Option<u64> {
        let wanted = without_select(target);
        let kept = self.lock();
        let alike = kept.known.iter().filter(|(target, _)| without_select(target) == wanted);
        alike.map(|(_, known)| known.pages).max()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The parts of a target that decide which rows come, and on how many pages.
fn without_select(target: &str) -> Vec<&str> {
    target.split(['?', '&']).filter(|part| !part.starts_with("$select=")).collect()
}

impl Kept {
    fn learn(&mut self, scan: &ScanReceipt) {
        if self.known.len() >= MOST {
            self.known.clear();
        }
        self.known.insert(scan.target.clone(), Known { pages: scan.pages, rows: scan.rows });
    }
}
