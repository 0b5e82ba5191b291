//! How one planned scan uses the cache of its session.

use std::sync::Arc;
use std::time::Duration;

use datafusion::catalog::Session;

use crate::graph::GraphClient;
use crate::provider::cache::key::ScanKey;
use crate::provider::cache::{Collector, KeptScan, ScanCache};
use crate::provider::options::EntraOptions;
use crate::provider::plan::ScanPlan;
use crate::spec::Column;

/// Where the scan looks before it sends, and what it may keep.
#[derive(Debug, Clone)]
pub(crate) struct Caching {
    cache: Arc<ScanCache>,
    key: ScanKey,
    ttl: Duration,
    most: usize,
    strict: bool,
    /// Found while planning: what EXPLAIN has shown is what runs, even if it is displaced
    /// by another scan of the same query.
    planned: Option<Arc<KeptScan>>,
}

impl Caching {
    /// Looks for the scan; nothing where the cache is off, or no request would be sent.
    pub(crate) fn of(
        session: &dyn Session,
        options: &EntraOptions,
        client: Option<&GraphClient>,
        plan: &ScanPlan,
        columns: &[&'static Column],
    ) -> Option<Self> {
        let ttl = options.cache_ttl.0?;
        let cache = session.config().get_extension::<ScanCache>()?;
        let key = ScanKey::of(client?.clone(), plan, columns)?;
        let planned = cache.find(&key, options.strict, ttl);
        let (most, strict) = (options.cache_bytes, options.strict);
        Some(Self { cache, key, ttl, most, strict, planned })
    }

    /// Returns the same for a scan of the same rows with these columns, which is not at hand.
    pub(crate) fn of_columns(&self, plan: &ScanPlan, columns: &[&'static Column]) -> Option<Self> {
        let key = ScanKey::of(self.key.client.clone(), plan, columns)?;
        Some(Self { key, planned: None, ..self.clone() })
    }

    /// Returns the rows to hand out instead of asking. Another scan of the same query may
    /// have brought them since this one was planned.
    pub(crate) fn find(&self) -> Option<Arc<KeptScan>> {
        let found = self.planned().map(Arc::clone);
        let found = found.or_else(|| self.cache.find(&self.key, self.strict, self.ttl))?;
        self.cache.touch(&found);
        Some(found)
    }

    /// Returns what was found while planning, unless it is too old by now.
    pub(crate) fn planned(&self) -> Option<&Arc<KeptScan>> {
        self.planned.as_ref().filter(|kept| kept.age() < self.ttl)
    }

    /// Begins to collect; nothing where there is no room at all.
    pub(crate) fn collector(&self) -> Option<Collector> {
        Collector::begin(&self.cache, self.key.clone(), self.ttl, self.most)
    }

    /// Tells whether one of both scans may be answered by the rows of the other.
    pub(crate) fn shares_rows_with(&self, other: &Self) -> bool {
        self.key.is_like(&other.key)
    }
}
