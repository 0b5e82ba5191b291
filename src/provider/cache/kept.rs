//! One scan in the cache: its batches as they were decoded, and when it began.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use datafusion::arrow::array::RecordBatch;

use crate::decode::Misfit;
use crate::graph::Clock;
use crate::provider::cache::key::ScanKey;
use crate::provider::ledger::CacheHit;
use crate::spec::Column;

/// When a scan began, on both clocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beginning {
    pub(super) instant: Instant,
    pub(super) utc: DateTime<Utc>,
}

impl Beginning {
    pub(super) fn now(clock: &dyn Clock) -> Self {
        Self { instant: clock.now(), utc: clock.utc() }
    }

    /// The longer of two times: the monotonic clock stands still while a laptop sleeps, and
    /// the wall clock may be set back.
    pub(super) fn age(self, clock: &dyn Clock) -> Duration {
        let wall = (clock.utc() - self.utc).to_std().unwrap_or_default();
        clock.now().saturating_duration_since(self.instant).max(wall)
    }
}

/// A whole scan.
pub(crate) struct KeptScan {
    pub(super) key: ScanKey,
    pub(super) batches: Vec<RecordBatch>,
    pub(super) misfits: Vec<Misfit>,
    pub(super) bytes: usize,
    pub(super) began: Beginning,
    pub(super) hits: AtomicU64,
}

/// The rows are a tenant's: they are not for a log.
impl fmt::Debug for KeptScan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptScan").field("table", &self.key.table).finish_non_exhaustive()
    }
}

/// What is told about a scan in the cache.
#[derive(Debug, Clone)]
pub struct CachedScan {
    /// The table.
    pub table: &'static str,
    /// Path and query of the first request.
    pub request: String,
    /// The columns at hand.
    pub columns: Vec<&'static str>,
    /// Rows kept.
    pub rows: u64,
    /// Bytes they take.
    pub bytes: usize,
    /// When the scan began, and how long ago that is.
    pub read: CacheHit,
    /// How often it stood in for requests.
    pub hits: u64,
}

impl KeptScan {
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn age(&self) -> Duration {
        self.began.age(self.key.client.clock().as_ref())
    }

    pub(super) fn count_hit(&self) {
        self.hits.fetch_add(1, Ordering::Relaxed);
    }

    /// Tells whether a scan of this key would have these rows, and end as well as this did.
    pub(super) fn serves(&self, key: &ScanKey, strict: bool) -> bool {
        self.key.covers(key) && !(strict && self.misfits_of(&key.columns).next().is_some())
    }

    /// Tells whether an older scan is of no more use. Columns of ours with a value that does
    /// not fit serve no strict query, so an older scan without such a value may stay useful.
    pub(super) fn replaces(&self, old: &Self) -> bool {
        self.serves(&old.key, old.misfits.is_empty())
    }

    /// Returns what did not fit in these columns.
    pub(crate) fn misfits_of(&self, columns: &[&'static Column]) -> impl Iterator<Item = &Misfit> {
        let root = |misfit: &Misfit| misfit.column.split('.').next().map(str::to_owned);
        let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
        let of = move |misfit: &&Misfit| root(misfit).is_some_and(|r| names.contains(&r.as_str()));
        self.misfits.iter().filter(of)
    }

    /// Returns the places of the columns in the batches; nothing when one is missing.
    pub(crate) fn places(&self, columns: &[&'static Column]) -> Option<Vec<usize>> {
        columns.iter().map(|column| self.key.place(column)).collect()
    }

    pub(crate) fn batches(&self) -> &[RecordBatch] {
        &self.batches
    }

    /// Returns when the scan began.
    pub(crate) fn hit(&self) -> CacheHit {
        CacheHit { read_at: self.began.utc, age: self.age() }
    }

    pub(super) fn facts(&self) -> CachedScan {
        CachedScan {
            table: self.key.table,
            request: self.key.request.clone(),
            columns: self.key.columns.iter().map(|column| column.name).collect(),
            rows: self.batches.iter().map(|batch| batch.num_rows() as u64).sum(),
            bytes: self.bytes,
            read: self.hit(),
            hits: self.hits.load(Ordering::Relaxed),
        }
    }
}
