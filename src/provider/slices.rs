//! Reads requests that each ask for a few objects: as many at a time as share one `$batch`.
//!
//! An object that does not exist is no row. Any other failure of a part fails the scan.

use std::collections::VecDeque;
use std::sync::Arc;

use datafusion::arrow::record_batch::RecordBatch;

use crate::decode::{Decoder, Page};
use crate::error::Result;
use crate::graph::{GraphClient, Reply, Request, Visited, batch_parts};
use crate::provider::books::Books;
use crate::provider::plan::ScanPlan;
use crate::provider::pushdown::MAX_BRANCHES;
use crate::provider::stream::{Scan, page, request};

/// Reads the objects of many small requests.
pub(super) struct Slices {
    client: GraphClient,
    plan: Arc<ScanPlan>,
    decoder: Decoder,
    books: Books,
    due: VecDeque<Request>,
    ready: VecDeque<(Page, u64)>,
    visited: Visited,
}

impl Slices {
    /// Prepares the reading; nothing where the requests are better sent one by one.
    pub(super) fn of(scan: &Scan) -> Option<Self> {
        let plan = &scan.plan;
        let small = plan.is_small || (plan.single && plan.keys > 0);
        if !small || plan.queries.len() < 2 || batch_parts(plan.spec.bucket) < 2 {
            return None;
        }
        let books = Books::open(scan);
        Some(Self {
            due: plan.queries.iter().map(|query| request(plan, query, books.meter())).collect(),
            client: scan.client.clone(),
            plan: Arc::clone(plan),
            decoder: scan.decoder(),
            books,
            ready: VecDeque::new(),
            visited: Visited::new(),
        })
    }

    /// Returns the next batch that has rows, or nothing at the end.
    pub(super) async fn next(&mut self) -> Result<Option<RecordBatch>> {
        loop {
            if self.books.is_full() {
                self.books.finish();
                return Ok(None);
            }
            if let Some(batch) = self.books.next(&mut self.ready)? {
                return Ok(Some(batch));
            }
            if !self.round().await.map_err(|error| self.books.placed(error))? {
                self.books.keep();
                self.books.finish();
                return Ok(None);
            }
        }
    }

    /// Sends as many requests as fit one, and no more than the reader may need; false when
    /// none is due.
    async fn round(&mut self) -> Result<bool> {
        let rows = if self.plan.single { 1 } else { MAX_BRANCHES };
        let wanted = self.books.left().map_or(usize::MAX, |left| left.div_ceil(rows));
        let size = batch_parts(self.plan.spec.bucket).min(wanted).min(self.due.len());
        let requests: Vec<_> = self.due.drain(..size).collect();
        let replies = match requests.as_slice() {
            [] => return Ok(false),
            [one] if self.plan.single => vec![self.client.get_optional(one).await?],
            [one] => vec![Some(self.client.get(one).await?)],
            many if self.plan.single => self.client.batch_get_optional(many).await?,
            many => {
                let replies = self.client.batch_get(many).await?;
                replies.into_iter().map(|reply| reply.map(Some)).collect::<Result<_>>()?
            }
        };
        for (request, reply) in requests.iter().zip(replies) {
            self.take(request, reply)?;
        }
        Ok(true)
    }

    fn take(&mut self, request: &Request, reply: Option<Reply>) -> Result<()> {
        let Some(reply) = reply else { return Ok(()) };
        let page = page(&self.decoder, self.plan.single, request, &reply.body)?;
        if let Some(link) = &page.next {
            self.due.push_front(self.client.next(request, link, &mut self.visited)?);
        }
        self.ready.push_back((page, reply.sequence));
        Ok(())
    }
}
