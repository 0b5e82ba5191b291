//! The rows of whole scans, kept for a while: the same scan again sends no request.
//!
//! Only a scan that was read to its very end is kept, so rows from here are as complete as
//! rows from Graph. What is kept and what is being collected share one bound.

mod caching;
mod collector;
mod kept;
mod key;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub(super) use self::caching::Caching;
pub(super) use self::collector::Collector;
pub use self::kept::CachedScan;
pub(super) use self::kept::KeptScan;
pub(super) use self::key::ScanKey;

/// The whole scans of a session, least recently used first out. Nothing is written to disk.
///
/// A session has one as an extension of its `SessionConfig`; without one its scans always
/// ask Graph.
#[derive(Debug, Default)]
pub struct ScanCache(Mutex<Shelf>);

#[derive(Debug, Default)]
struct Shelf {
    /// Least recently used first.
    kept: Vec<Arc<KeptScan>>,
    /// Bytes of what is kept and of what is being collected.
    used: usize,
}

impl ScanCache {
    /// Forgets every scan. One that is being handed out is handed out to its end.
    pub fn clear(&self) {
        let mut shelf = self.lock();
        while shelf.evict() {}
    }

    /// Returns the scans younger than `ttl`, least recently used first.
    pub fn scans(&self, ttl: Duration) -> Vec<CachedScan> {
        let shelf = self.lock();
        shelf.kept.iter().filter(|kept| kept.age() < ttl).map(|kept| kept.facts()).collect()
    }

    /// Returns the youngest scan whose rows are those of `key`; drops all that are too old.
    fn find(&self, key: &ScanKey, strict: bool, ttl: Duration) -> Option<Arc<KeptScan>> {
        let mut shelf = self.lock();
        shelf.drop_where(|kept| kept.age() >= ttl);
        let fitting = shelf.kept.iter().filter(|kept| kept.serves(key, strict));
        fitting.min_by_key(|kept| kept.age()).map(Arc::clone)
    }

    /// Notes that a scan was used: it is now the last to go.
    fn touch(&self, scan: &Arc<KeptScan>) {
        scan.count_hit();
        let mut shelf = self.lock();
        if let Some(at) = shelf.kept.iter().position(|kept| Arc::ptr_eq(kept, scan)) {
            shelf.kept[at..].rotate_left(1);
        }
    }

    /// Makes room for `bytes` more; false when even an empty cache has none.
    fn reserve(&self, bytes: usize, most: usize) -> bool {
        let mut shelf = self.lock();
        while shelf.used.saturating_add(bytes) > most {
            if !shelf.evict() {
                return false;
            }
        }
        shelf.used += bytes;
        true
    }

    /// Gives back what was reserved and not used.
    fn release(&self, bytes: usize) {
        self.lock().used -= bytes;
    }

    /// Keeps a scan whose bytes are reserved, in place of those it can stand in for.
    fn keep(&self, scan: KeptScan) {
        let mut shelf = self.lock();
        shelf.drop_where(|old| scan.replaces(old));
        shelf.kept.push(Arc::new(scan));
    }

    /// A panic elsewhere leaves the shelf as it was.
    fn lock(&self) -> MutexGuard<'_, Shelf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    /// Drops the least recently used scan; false when there is none.
    fn evict(&mut self) -> bool {
        let Some(oldest) = self.kept.first() else { return false };
        self.used -= oldest.bytes();
        self.kept.remove(0);
        true
    }

    fn drop_where(&mut self, goes: impl Fn(&KeptScan) -> bool) {
        let used = &mut self.used;
        self.kept.retain(|kept| {
            let goes = goes(kept);
            *used -= if goes { kept.bytes() } else { 0 };
            !goes
        });
    }
}
