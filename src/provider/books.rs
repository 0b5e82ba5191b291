//! What a running scan keeps account of: rows, pages, misfits, the limit, the receipt.

use std::collections::VecDeque;
use std::sync::Arc;

use datafusion::arrow::record_batch::RecordBatch;
use datafusion::physical_plan::metrics::{Count, MetricBuilder};

use crate::decode::Page;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{GraphClient, Meter};
use crate::provider::cache::{Caching, Collector};
use crate::provider::ledger::Ledger;
use crate::provider::newest::Newest;
use crate::provider::plan::ScanPlan;
use crate::provider::stream::{Scan, join_spans};
use crate::spec::Column;

/// The account of one scan, however its pages are fetched.
pub(super) struct Books {
    client: GraphClient,
    plan: Arc<ScanPlan>,
    columns: Vec<&'static Column>,
    ledger: Arc<Ledger>,
    receipt: usize,
    left: Option<usize>,
    pages: u64,
    strict: bool,
    newest: Newest,
    collector: Option<Collector>,
    requests: Count,
}

impl Books {
    /// Opens the account, and the receipt that the reader of the rows will see.
    pub(super) fn open(scan: &Scan) -> Self {
        let ledger = scan.ledger();
        let open = || ledger.open(scan.receipt());
        Self {
            receipt: scan.account.as_ref().map_or_else(open, |one| *one.get_or_init(open)),
            client: scan.client.clone(),
            plan: Arc::clone(&scan.plan),
            columns: scan.columns.clone(),
            ledger,
            left: scan.limit,
            pages: 0,
            strict: scan.strict,
            newest: Newest::of(scan),
            collector: scan.caching.as_ref().and_then(Caching::collector),
            requests: MetricBuilder::new(&scan.metrics).counter("pages", 0),
        }
    }

    /// Returns the counters of the query.
    pub(super) fn meter(&self) -> &Meter {
        self.ledger.meter()
    }

    /// Returns the rows still wanted; nothing where all are.
    pub(super) fn left(&self) -> Option<usize> {
        self.left
    }

    /// Tells whether no further row is wanted.
    pub(super) fn is_full(&self) -> bool {
        self.left == Some(0)
    }

    /// The rows are not all that the plan says: they stand in for no other scan.
    pub(super) fn is_partial(&mut self) {
        self.collector = None;
    }

    /// Returns the pages accounted for.
    pub(super) fn pages(&self) -> u64 {
        self.pages
    }

    /// Notes how often the listing began anew, from where it had come to.
    pub(super) fn restarted(&self, times: u64) {
        if times > 0 {
            self.ledger.update(self.receipt, |r| r.restarts += times);
        }
    }

    /// Notes how many spans of its time a log was read in.
    pub(super) fn in_spans(&self, spans: u64) {
        self.ledger.update(self.receipt, |r| r.spans = spans);
    }

    /// Keeps what the reader should know.
    pub(super) fn warn(&self, warning: String) {
        self.ledger.warn(warning);
    }

    /// Adds what only the scan knows: how far it came, and which columns ask for more.
    pub(super) fn placed(&self, error: Error) -> Error {
        match error.kind() {
            ErrorKind::PageExpired => error.with_context("pages read", self.pages.to_string()),
            ErrorKind::Permission | ErrorKind::License => {
                self.columns.iter().fold(error, |error, column| match needs(column) {
                    needs if needs.is_empty() => error,
                    needs => error.with_context(column.name, format!("needs {needs}")),
                })
            }
            _ => match self.plan.spec.replaced_by.filter(|_| is_not_found(&error)) {
                Some(table) => error.with_hint(format!(
                    "Microsoft announced the end of this path; read `{table}` instead"
                )),
                None => error,
            },
        }
    }

    /// The reader has all it wanted.
    pub(super) fn finish(&self) {
        self.ledger.update(self.receipt, |r| r.finished = true);
    }

    /// Every row there is was read: the scan may stand in for the next one like it.
    pub(super) fn keep(&mut self) {
        if let Some(collector) = self.collector.take() {
            collector.finish();
        }
    }

    /// Hands on the next page that is ready; one without rows has nothing to tell but its misfits.
    pub(super) fn next(
        &mut self,
        ready: &mut VecDeque<(Page, u64)>,
    ) -> Result<Option<RecordBatch>> {
        while let Some((page, sequence)) = ready.pop_front() {
            if page.batch.num_rows() > 0 || !page.misfits.is_empty() {
                return self.account(page, sequence).map(Some);
            }
        }
        Ok(None)
    }

    /// Hands on the rows of a page, cut at the limit.
    pub(super) fn account(&mut self, page: Page, sequence: u64) -> Result<RecordBatch> {
        self.pages += 1;
        self.requests.add(1);
        self.note_unbounded();
        self.note_misfits(&page)?;
        let collector = self.collector.take();
        self.collector = collector.and_then(|all| all.adding(&page.batch, &page.misfits));
        let rows = page.batch.num_rows();
        self.client.log().add_rows(sequence, rows as u64);
        let batch = match self.left {
            Some(left) if rows > left => page.batch.slice(0, left),
            _ => page.batch,
        };
        self.left = self.left.map(|left| left - batch.num_rows());
        let span = self.newest.check(&batch)?;
        let rows = batch.num_rows() as u64;
        self.ledger.update(self.receipt, |r| {
            r.pages += 1;
            r.rows += rows;
            r.span = join_spans(r.span, span);
        });
        Ok(batch)
    }

    /// One page is no reason to warn: a reader who looks at the newest rows stops there.
    fn note_unbounded(&self) {
        let spec = self.plan.spec;
        if let Some(time) = spec.newest_first.filter(|_| self.plan.unbounded && self.pages == 2) {
            self.ledger.warn(format!(
                "`{}` is read as far back as it reaches: no predicate bounds `{time}`",
                spec.name
            ));
        }
    }

    /// A value that does not fit is null and counted, or an error in strict mode.
    fn note_misfits(&self, page: &Page) -> Result<()> {
        let table = self.plan.spec.name;
        for misfit in &page.misfits {
            let place = format!("{table}.{}", misfit.column);
            if self.strict {
                return Err(Error::new(
                    ErrorKind::Decode,
                    format!("`{place}` holds {}", misfit.found),
                )
                .with_context("row", misfit.key.clone().unwrap_or_default())
                .with_hint("`SET entra.strict = false` reads such values as null"));
            }
            self.ledger.warn_of_misfit(table, misfit);
        }
        Ok(())
    }
}

fn is_not_found(error: &Error) -> bool {
    error.context().iter().any(|(name, value)| (*name, value.as_str()) == ("status", "404"))
}

/// The permission and the license a column asks for beyond its table's own.
fn needs(column: &Column) -> String {
    let needs = [column.permission, column.license];
    needs.into_iter().flatten().collect::<Vec<_>>().join(" and ")
}
