//! What the scans of one query did: the ground of its receipt.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::decode::Misfit;
use crate::graph::Meter;

/// What one scan did.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about one scan")]
pub struct ScanReceipt {
    /// The table read.
    pub table: String,
    /// The first request's target.
    pub target: String,
    /// Rows handed on.
    pub rows: u64,
    /// Pages decoded.
    pub pages: u64,
    /// Filters sent to Graph.
    pub pushed: Vec<String>,
    /// Predicates DataFusion evaluates, again or alone.
    pub rechecked: Vec<String>,
    /// The newest and oldest instant of the table's time column, in microseconds.
    pub span: Option<(i64, i64)>,
    /// The reader took every row there was, or all it wanted.
    pub finished: bool,
    /// The scan is one listing without a limit of its own.
    pub is_listing: bool,
    /// Graph was asked for the number of rows only.
    pub is_counted: bool,
    /// How often a listing began anew from where it broke off.
    pub restarts: u64,
    /// The spans of its time that a log was read in; 0 for one listing.
    pub spans: u64,
    /// The rows came from the cache, without a request.
    pub cached: Option<CacheHit>,
    /// The rows came from what another scan of the query has fetched, without a request.
    pub shared: bool,
}

/// When rows from the cache were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheHit {
    /// When the scan that read them began.
    pub read_at: DateTime<Utc>,
    /// How long before their use that was.
    pub age: Duration,
}

impl fmt::Display for CacheHit {
    /// `read 40 s ago`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.age.as_secs() {
            seconds @ 0..=119 => write!(f, "read {seconds} s ago"),
            seconds @ 120..=7_199 => write!(f, "read {} min ago", seconds / 60),
            seconds => write!(f, "read {} h ago", seconds / 3_600),
        }
    }
}

impl ScanReceipt {
    /// Tells whether the pages counted are all the first request leads to.
    pub fn is_whole_listing(&self) -> bool {
        let one_listing = self.is_listing && self.restarts == 0 && self.spans == 0;
        self.finished && one_listing && self.cached.is_none() && !self.shared
    }
}

/// Rows that are named where many are odd in the same way; the others are counted.
const NAMED: u64 = 20;

/// The place of a receipt that several scans write one after the other, once one has begun.
pub(super) type Account = Arc<OnceLock<usize>>;

/// Collects what the scans of one query report. One per query, shared by its scans.
#[derive(Debug, Default)]
pub struct Ledger {
    meter: Meter,
    scans: Mutex<Vec<ScanReceipt>>,
    warnings: Mutex<Vec<String>>,
    /// How many rows are odd in which way.
    odd: Mutex<BTreeMap<String, u64>>,
}

impl Ledger {
    /// Creates a ledger whose requests are counted by `meter`.
    pub fn new(meter: Meter) -> Self {
        Self { meter, ..Self::default() }
    }

    /// Returns the counters of the query.
    pub fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Returns what each scan did so far, in the order they started.
    pub fn scans(&self) -> Vec<ScanReceipt> {
        lock(&self.scans).clone()
    }

    /// Returns what the reader should know, each once.
    pub fn warnings(&self) -> Vec<String> {
        let more = |(what, rows): (&String, &u64)| match rows.saturating_sub(NAMED) {
            0 => None,
            1 => Some(format!("{what} in 1 more row")),
            rows => Some(format!("{what} in {rows} more rows")),
        };
        let mut warnings = lock(&self.warnings).clone();
        warnings.extend(lock(&self.odd).iter().filter_map(more));
        warnings.extend(self.meter.slowed());
        warnings
    }

    pub(super) fn open(&self, receipt: ScanReceipt) -> usize {
        let mut scans = lock(&self.scans);
        scans.push(receipt);
        scans.len() - 1
    }

    pub(super) fn update(&self, scan: usize, change: impl FnOnce(&mut ScanReceipt)) {
        if let Some(receipt) = lock(&self.scans).get_mut(scan) {
            change(receipt);
        }
    }

    /// Keeps what the reader should know.
    pub(crate) fn warn(&self, warning: String) {
        let mut warnings = lock(&self.warnings);
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }

    /// Keeps what a value that does not fit was read as, and in which row: of the first rows
    /// only, because all of a log may be odd in the same way.
    pub(super) fn warn_of_misfit(&self, table: &str, misfit: &Misfit) {
        let what = format!("{table}.{} holds {}", misfit.column, misfit.found);
        let mut odd = lock(&self.odd);
        let rows = odd.get(&what).copied().unwrap_or_default();
        if rows < NAMED {
            let row = misfit.key.as_deref().unwrap_or("without a key");
            let read = if misfit.kept_first { "its first value was read" } else { "read as null" };
            let warning = format!("{what} in row {row}: {read}");
            let mut warnings = lock(&self.warnings);
            if warnings.contains(&warning) {
                return;
            }
            warnings.push(warning);
        }
        odd.insert(what, rows + 1);
    }
}

/// A ledger is plain data: a panic elsewhere leaves it readable.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rows_of_a_kind_are_named_and_the_others_counted() {
        let ledger = Ledger::default();
        let odd = |column: &str, row: u64| {
            let (column, key) = (column.to_owned(), Some(row.to_string()));
            ledger.warn_of_misfit("t", &Misfit { column, key, found: "a text", kept_first: false });
        };
        (0..NAMED + 3).for_each(|row| odd("a", row));
        odd("b", 7);
        odd("b", 7);
        let warnings = ledger.warnings();
        assert_eq!(warnings.len() as u64, NAMED + 2);
        assert_eq!(warnings[0], "t.a holds a text in row 0: read as null");
        assert!(warnings.contains(&"t.b holds a text in row 7: read as null".to_owned()));
        assert_eq!(warnings.last().unwrap(), "t.a holds a text in 3 more rows");
    }
}
