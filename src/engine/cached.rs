//! `meta.cache`: the scans whose rows are at hand without a request.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use datafusion::arrow::array::{ArrayRef, RecordBatch, TimestampMicrosecondArray};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::prelude::SessionConfig;

use crate::engine::Inner;
use crate::engine::meta::{batch, lists, numbers, text};
use crate::provider::{CachedScan, EntraOptions, Patience, ScanCache};

/// How the cache of a session is set, and what it holds. `Display` is one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheState {
    /// How long rows stand in for asking again; nothing when the cache is off.
    pub ttl: Option<Duration>,
    /// The most bytes it may take.
    pub most_bytes: usize,
    /// The bytes of what it holds.
    pub bytes: usize,
    /// The scans it holds.
    pub scans: usize,
}

impl CacheState {
    pub(super) fn of(inner: &Inner) -> Self {
        let state = inner.context.state();
        let scans = young(&inner.cache, state.config());
        let options = EntraOptions::of(state.config_options());
        Self {
            ttl: options.cache_ttl.0,
            most_bytes: options.cache_bytes,
            bytes: scans.iter().map(|scan| scan.bytes).sum(),
            scans: scans.len(),
        }
    }
}

impl fmt::Display for CacheState {
    /// `the cache keeps scans for 5m: 3 of them, 1.2 of 268.4 MB`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(ttl) = self.ttl else { return f.write_str("the cache is off") };
        write!(f, "the cache keeps scans for {}: {} now, ", Patience(Some(ttl)), self.scans)?;
        write!(f, "{:.1} of {:.1} MB", megabytes(self.bytes), megabytes(self.most_bytes))
    }
}

#[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

/// The scans that could stand in for requests now.
fn young(cache: &ScanCache, config: &SessionConfig) -> Vec<CachedScan> {
    EntraOptions::of(config.options()).cache_ttl.0.map(|ttl| cache.scans(ttl)).unwrap_or_default()
}

/// The table, with what there is when it is planned, least recently used first.
#[derive(Debug)]
pub(super) struct Cached {
    cache: Arc<ScanCache>,
    schema: SchemaRef,
}

impl Cached {
    /// Lists a cache.
    pub(super) fn of(cache: Arc<ScanCache>) -> Result<Self> {
        Ok(Self { schema: rows(&[])?.schema(), cache })
    }
}

fn rows(all: &[CachedScan]) -> Result<RecordBatch> {
    let each = || all.iter();
    let read = each().map(|scan| Some(scan.read.read_at.timestamp_micros()));
    let read = read.collect::<TimestampMicrosecondArray>().with_timezone("UTC");
    let count = |n: u64| i64::try_from(n).ok();
    batch(vec![
        ("table_name", text(each().map(|scan| scan.table))),
        ("rows", numbers(each().map(|scan| count(scan.rows)))),
        ("bytes", numbers(each().map(|scan| count(scan.bytes as u64)))),
        ("read_at", Arc::new(read) as ArrayRef),
        ("age_s", numbers(each().map(|scan| count(scan.read.age.as_secs())))),
        ("hits", numbers(each().map(|scan| count(scan.hits)))),
        ("columns", lists(each().map(|scan| scan.columns.clone()))),
        ("request", text(each().map(|scan| &scan.request))),
    ])
}

#[async_trait]
impl TableProvider for Cached {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        _: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let rows = vec![vec![rows(&young(&self.cache, session.config()))?]];
        let source = MemorySourceConfig::try_new_exec(&rows, self.schema(), projection.cloned())?;
        Ok(source)
    }
}
