//! The rows of a running scan on their way into the cache.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use datafusion::arrow::array::RecordBatch;

use crate::decode::Misfit;
use crate::provider::cache::ScanCache;
use crate::provider::cache::kept::{Beginning, KeptScan};
use crate::provider::cache::key::ScanKey;

/// Collects what a scan hands on. Dropping it, as an error or a reader who leaves does,
/// forgets everything.
#[derive(Debug)]
pub(crate) struct Collector {
    cache: Arc<ScanCache>,
    key: ScanKey,
    ttl: Duration,
    most: usize,
    batches: Vec<RecordBatch>,
    misfits: Vec<Misfit>,
    reserved: usize,
    began: Beginning,
}

impl Collector {
    /// Begins before the first request, so that no row is older than the scan is said to be.
    pub(super) fn begin(
        cache: &Arc<ScanCache>,
        key: ScanKey,
        ttl: Duration,
        most: usize,
    ) -> Option<Self> {
        let began = Beginning::now(key.client.clock().as_ref());
        let (batches, misfits, cache) = (Vec::new(), Vec::new(), Arc::clone(cache));
        let bytes = key.bytes();
        let all = Self { cache, key, ttl, most, batches, misfits, reserved: 0, began };
        all.reserving(bytes)
    }

    /// Adds a page; nothing is left when the scan is too large for the cache.
    pub(crate) fn adding(mut self, batch: &RecordBatch, misfits: &[Misfit]) -> Option<Self> {
        let notes = misfits.iter().map(|m| size_of_val(m) + m.column.len() + 40);
        let bytes = batch.get_array_memory_size() + notes.sum::<usize>();
        self.misfits.extend_from_slice(misfits);
        if batch.num_rows() > 0 {
            self.batches.push(batch.clone());
        }
        self.reserving(bytes)
    }

    fn reserving(mut self, bytes: usize) -> Option<Self> {
        let fits = self.cache.reserve(bytes, self.most);
        self.reserved += if fits { bytes } else { 0 };
        fits.then_some(self)
    }

    /// Keeps the scan, which was read to its very end; one that took longer than rows are
    /// kept is of no use.
    pub(crate) fn finish(mut self) {
        if self.began.age(self.key.client.clock().as_ref()) >= self.ttl {
            return;
        }
        self.cache.keep(KeptScan {
            key: self.key.clone(),
            batches: std::mem::take(&mut self.batches),
            misfits: std::mem::take(&mut self.misfits),
            bytes: std::mem::take(&mut self.reserved),
            began: self.began,
            hits: AtomicU64::new(0),
        });
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.cache.release(self.reserved);
    }
}
