//! Reads requests that each ask for a few objects: as many at a time as share one `$batch`.
//!
//! An object that does not exist is no row. Any other failure of a part fails the scan.

use std::collections::VecDeque;
use std::sync::Arc;

use datafusion::arrow::record_batch::RecordBatch;

use crate::decode::Page;
use crate::error::Result;
use crate::graph::{GraphClient, Visited, batch_parts};
use crate::provider::books::Books;
use crate::provider::in_flight::{InFlight, Landed, Shape};
use crate::provider::plan::ScanPlan;
use crate::provider::pushdown::MAX_BRANCHES;
use crate::provider::stream::{Scan, request};

/// Reads the objects of many small requests.
pub(super) struct Slices {
    client: GraphClient,
    plan: Arc<ScanPlan>,
    books: Books,
    in_flight: InFlight<()>,
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
        let shape = Shape { is_object: plan.single, is_optional: plan.single };
        let mut in_flight = InFlight::new(scan, shape);
        for query in &plan.queries {
            in_flight.add((), request(plan, query, books.meter()));
        }
        Some(Self {
            client: scan.client.clone(),
            plan: Arc::clone(plan),
            books,
            in_flight,
            ready: VecDeque::new(),
            visited: Visited::new(),
        })
    }

    /// Returns the next batch that has rows, or nothing at the end.
    pub(super) async fn next(&mut self) -> Result<Option<RecordBatch>> {
        loop {
            if self.books.is_full() {
                self.in_flight.stop();
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

    /// Keeps requests in flight, with no more parts than the reader may need, and takes the
    /// replies to the first of them; false when there is none.
    async fn round(&mut self) -> Result<bool> {
        let rows = if self.plan.single { 1 } else { MAX_BRANCHES };
        let wanted = self.books.left().map_or(usize::MAX, |left| left.div_ceil(rows));
        while self.in_flight.has_room(Some(0)) && self.in_flight.send(wanted) {}
        let Some(landed) = self.in_flight.land().await? else { return Ok(false) };
        for page in landed {
            self.take(page)?;
        }
        Ok(true)
    }

    fn take(&mut self, (part, page): Landed<()>) -> Result<()> {
        let Some((page, sequence)) = page else { return Ok(()) };
        if let Some(link) = &page.next {
            let next = self.client.next(&part.request, link, &mut self.visited)?;
            self.in_flight.follow(part, next);
        }
        self.ready.push_back((page, sequence));
        Ok(())
    }
}
