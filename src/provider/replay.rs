//! A scan answered from the cache: the same batches, the same checks, no request.

use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;

use crate::error::{Error, ErrorKind, Result};
use crate::provider::cache::{Caching, KeptScan};
use crate::provider::ledger::{Ledger, ScanReceipt};
use crate::provider::newest::Newest;
use crate::provider::stream::{Scan, join_spans};

/// Hands out the batches of a kept scan, one after the other. The arrays are shared.
pub(super) struct Replay {
    kept: Arc<KeptScan>,
    at: usize,
    places: Vec<usize>,
    schema: SchemaRef,
    left: Option<usize>,
    newest: Newest,
    ledger: Arc<Ledger>,
    receipt: usize,
}

impl Replay {
    /// Looks for the rows of a scan; nothing where Graph has to be asked.
    pub(super) fn of(scan: &Scan, caching: &Caching) -> Option<Self> {
        let kept = caching.find()?;
        let places = kept.places(&scan.columns)?;
        let ledger = scan.ledger();
        for misfit in kept.misfits_of(&scan.columns) {
            ledger.warn_of_misfit(scan.plan.spec.name, misfit);
        }
        let receipt = ScanReceipt { cached: Some(kept.hit()), ..scan.receipt() };
        Some(Self {
            receipt: ledger.open(receipt),
            kept,
            at: 0,
            places,
            schema: Arc::clone(&scan.schema),
            left: scan.limit,
            newest: Newest::of(scan),
            ledger,
        })
    }

    /// Returns the next batch, or nothing at the end.
    pub(super) async fn next(&mut self) -> Result<Option<RecordBatch>> {
        // Nothing here waits, so a reader of much would keep all others waiting.
        tokio::task::consume_budget().await;
        let next = self.kept.batches().get(self.at).filter(|_| self.left != Some(0));
        let Some(batch) = next else {
            self.ledger.update(self.receipt, |r| r.finished = true);
            return Ok(None);
        };
        let batch = self.cut(batch)?;
        self.at += 1;
        self.left = self.left.map(|left| left - batch.num_rows());
        let span = self.newest.check(&batch)?;
        self.ledger.update(self.receipt, |r| {
            r.rows += batch.num_rows() as u64;
            r.span = join_spans(r.span, span);
        });
        Ok(Some(batch))
    }

    /// The columns and rows of a kept batch that this scan wants.
    fn cut(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let rows = self.left.map_or(batch.num_rows(), |left| left.min(batch.num_rows()));
        let wanted = batch.slice(0, rows).project(&self.places);
        let wanted = wanted.and_then(|batch| batch.with_schema(Arc::clone(&self.schema)));
        wanted.map_err(|error| {
            Error::new(ErrorKind::Internal, "rows from the cache do not fit").with_source(error)
        })
    }
}
