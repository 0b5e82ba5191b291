//! A scan that takes its rows from a shared fetch.

use std::sync::Arc;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::record_batch::RecordBatch;

use crate::error::{Error, ErrorKind, Result};
use crate::provider::joined::Joined;
use crate::provider::ledger::{Ledger, ScanReceipt};
use crate::provider::newest::Newest;
use crate::provider::shared::Seat;
use crate::provider::shared::run::{Part, Turn};
use crate::provider::stream::{Scan, Source, join_spans};

/// Hands out the batches of the fetch with the columns of one scan.
pub(in crate::provider) struct Cursor {
    seat: Arc<Seat>,
    places: Vec<usize>,
    schema: SchemaRef,
    account: Option<Account>,
}

/// The receipt of a scan that sends nothing. Who has begun the fetch has its receipt.
struct Account {
    newest: Newest,
    ledger: Arc<Ledger>,
    receipt: usize,
}

impl Cursor {
    /// Joins the fetch; nothing where the scan is to read for itself, because it shares with
    /// nobody, came too late, or needs so few of the rows that asking for those is cheaper.
    pub(in crate::provider) fn of(scan: &Scan) -> Option<Self> {
        let seat = scan.seat.as_ref()?;
        let (run, member) = (&seat.run, seat.share.member);
        let group = &seat.share.group;
        let place = |name| group.columns.iter().position(|column| column.name == name);
        let places = scan.columns.iter().map(|column| place(column.name)).collect();
        if (!run.will_be_whole() && Source::is_narrowed(scan)) || Option::is_none(&places) {
            run.leave(member);
            return None;
        }
        let account = match run.join(member, || Source::of(&seat.scan(scan))) {
            Part::Begins => None,
            Part::Follows => Some(Account::open(scan, seat)),
            Part::Apart => return None,
        };
        let (seat, schema) = (Arc::clone(seat), Arc::clone(&scan.schema));
        Some(Self { seat, places: places.unwrap_or_default(), schema, account })
    }

    /// Returns the next batch, or nothing at the end.
    pub(in crate::provider) async fn next(&mut self) -> Result<Option<RecordBatch>> {
        loop {
            match self.seat.run.turn(self.seat.share.member)? {
                Turn::Wait(step) => step.await,
                Turn::Batch(batch) => {
                    // Nothing here waits, so a reader of much would keep all others waiting.
                    tokio::task::consume_budget().await;
                    return self.cut(&batch).map(Some);
                }
                Turn::End => {
                    self.seat.run.leave(self.seat.share.member);
                    if let Some(account) = &self.account {
                        account.ledger.update(account.receipt, |r| r.finished = true);
                    }
                    return Ok(None);
                }
            }
        }
    }

    /// The columns that this scan wants.
    fn cut(&mut self, batch: &RecordBatch) -> Result<RecordBatch> {
        let wanted = batch.project(&self.places);
        let wanted = wanted.and_then(|batch| batch.with_schema(Arc::clone(&self.schema)));
        let batch = wanted.map_err(|error| {
            Error::new(ErrorKind::Internal, "rows of a shared fetch do not fit").with_source(error)
        })?;
        if let Some(account) = &mut self.account {
            account.add(&batch)?;
        }
        Ok(batch)
    }
}

impl Account {
    fn open(scan: &Scan, seat: &Seat) -> Self {
        let ledger = scan.ledger();
        let target = seat.share.plan.first_target().unwrap_or_default();
        let receipt = ScanReceipt { shared: true, target, ..scan.receipt() };
        Self { newest: Newest::of(scan), receipt: ledger.open(receipt), ledger }
    }

    fn add(&mut self, batch: &RecordBatch) -> Result<()> {
        let span = self.newest.check(batch)?;
        self.ledger.update(self.receipt, |r| {
            r.rows += batch.num_rows() as u64;
            r.span = join_spans(r.span, span);
        });
        Ok(())
    }
}

impl Seat {
    /// Returns the scan that reads for all, begun by this one.
    fn scan(&self, scan: &Scan) -> Scan {
        let group = &self.share.group;
        Scan {
            plan: Arc::clone(&self.share.plan),
            columns: group.columns.clone(),
            schema: Arc::clone(&group.schema),
            limit: None,
            ordered: group.ordered,
            caching: group.caching.clone(),
            joined: Joined::default(),
            seat: None,
            account: None,
            client: scan.client.clone(),
            context: Arc::clone(&scan.context),
            metrics: scan.metrics.clone(),
            strict: scan.strict,
            whole: scan.whole,
        }
    }
}
