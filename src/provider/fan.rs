//! Reads a table whose rows hang below the objects of another: as many objects at a time as
//! share one `$batch`.
//!
//! An object that is gone by the time it is asked has no rows, which is counted and told; any
//! other failure of a part fails the scan, so no object is left out without a word.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, StringArray};
use datafusion::arrow::datatypes::SchemaRef;

use crate::decode::Page;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{GraphClient, Visited};
use crate::odata::Query;
use crate::provider::books::Books;
use crate::provider::in_flight::{InFlight, Landed, Shape};
use crate::provider::listing::{Ids, Listing};
use crate::provider::parents::Parents;
use crate::provider::plan::ScanPlan;
use crate::provider::stream::{Scan, request};
use crate::spec::{Column, Served};

/// Reads the rows of many objects.
pub(super) struct Fan {
    client: GraphClient,
    plan: Arc<ScanPlan>,
    columns: Vec<&'static Column>,
    schema: SchemaRef,
    books: Books,
    /// Where objects come from once the known ones are used up.
    listing: Listing,
    known: VecDeque<Ids>,
    /// Paging may show an object twice; its rows are asked for once.
    seen: HashSet<Ids>,
    in_flight: InFlight<Ids>,
    ready: VecDeque<(Page, u64)>,
    visited: Visited,
    gone: usize,
}

impl Fan {
    /// Prepares the reading; nothing for a table without parents.
    pub(super) fn of(scan: &Scan) -> Option<Self> {
        let parents = scan.plan.parents.as_ref()?;
        let mut books = Books::open(scan);
        let joined = joined(scan).inspect(|_| books.is_partial());
        let (listing, known) = match (parents, joined) {
            (Parents::Named(named), _) => (Listing::Done, named.iter().cloned().collect()),
            (Parents::Listed(_), Some(joined)) => (Listing::Done, joined),
            (Parents::Listed(plan), None) => {
                if let Some(cheaper) = &scan.plan.cheaper {
                    books.warn(format!("`{}` asks one by one: {cheaper}", scan.plan.spec.name));
                }
                (Listing::of(scan, plan), VecDeque::new())
            }
        };
        let shape = Shape { is_object: scan.plan.spec.single, is_optional: true };
        Some(Self {
            client: scan.client.clone(),
            plan: Arc::clone(&scan.plan),
            columns: scan.columns.clone(),
            schema: Arc::clone(&scan.schema),
            in_flight: InFlight::new(scan, shape),
            books,
            listing,
            known,
            seen: HashSet::new(),
            ready: VecDeque::new(),
            visited: Visited::new(),
            gone: 0,
        })
    }

    /// Returns the next batch that has rows, or nothing at the end.
    pub(super) async fn next(&mut self) -> Result<Option<RecordBatch>> {
        loop {
            if self.books.is_full() {
                return Ok(self.finish());
            }
            if let Some(batch) = self.books.next(&mut self.ready)? {
                return Ok(Some(batch));
            }
            if !self.round().await.map_err(|error| self.books.placed(error))? {
                self.books.keep();
                return Ok(self.finish());
            }
        }
    }

    fn finish(&mut self) -> Option<RecordBatch> {
        if self.gone > 0 {
            let (gone, table) = (self.gone, self.plan.spec.name);
            let parent = self.plan.spec.parent.map_or("", |parent| parent.name);
            self.books.warn(format!(
                "`{table}`: {gone} of `{parent}` were not there (any more) when asked for theirs"
            ));
            self.gone = 0;
        }
        self.in_flight.stop();
        self.listing = Listing::Done;
        self.books.finish();
        None
    }

    /// Keeps requests in flight and takes the replies to the first of them; false when there
    /// is none.
    async fn round(&mut self) -> Result<bool> {
        while self.in_flight.has_room(self.further()) {
            self.fill().await?;
            if !self.in_flight.send(usize::MAX) {
                break;
            }
        }
        let Some(landed) = self.in_flight.land().await? else { return Ok(false) };
        for page in landed {
            self.take(page)?;
        }
        Ok(true)
    }

    /// Returns how many objects are still to be asked, where that is known.
    fn further(&self) -> Option<usize> {
        self.listing.is_done().then_some(self.known.len())
    }

    /// Takes further objects until a request is full or there are no more.
    async fn fill(&mut self) -> Result<()> {
        while !self.in_flight.is_full() {
            if let Some(ids) = self.known.pop_front() {
                self.add(ids);
            } else {
                let Some(page) = self.listing.next().await? else { break };
                self.known.extend(page);
            }
        }
        if self.known.len() < self.in_flight.reach() {
            self.listing.start();
        }
        Ok(())
    }

    fn add(&mut self, ids: Ids) {
        let template = self.plan.queries.first().filter(|_| self.seen.insert(ids.clone()));
        if let Some(template) = template {
            let query = Query { parents: ids.clone(), ..template.clone() };
            self.in_flight.add(ids, request(&self.plan, &query, self.books.meter()));
        }
    }

    fn take(&mut self, (part, page): Landed<Ids>) -> Result<()> {
        let Some((page, sequence)) = page else {
            // An object without a manager, say, is no object that went away.
            self.gone += usize::from(!self.plan.spec.single);
            return Ok(());
        };
        let batch = self.widened(&page.batch, &part.key)?;
        if let Some(link) = &page.next {
            let next = self.client.next(&part.request, link, &mut self.visited)?;
            self.in_flight.follow(part, next);
        }
        self.ready.push_back((Page { batch, ..page }, sequence));
        Ok(())
    }

    /// Puts the ids of the parents among the columns of a page.
    fn widened(&self, page: &RecordBatch, ids: &[String]) -> Result<RecordBatch> {
        let mut ids: Vec<_> = self.plan.spec.parents().map(|column| column.name).zip(ids).collect();
        let mut own = page.columns().iter();
        let mut column = |column: &&'static Column| match column.served {
            Served::Parent => {
                let at = ids.iter().position(|(name, _)| *name == column.name)?;
                let (_, id) = ids.swap_remove(at);
                let same = std::iter::repeat_n(id.as_str(), page.num_rows());
                Some(Arc::new(StringArray::from_iter_values(same)) as ArrayRef)
            }
            _ => own.next().cloned(),
        };
        let columns: Option<Vec<_>> = self.columns.iter().map(&mut column).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(page.num_rows()));
        RecordBatch::try_new_with_options(
            Arc::clone(&self.schema),
            columns.unwrap_or_default(),
            &options,
        )
        .map_err(|error| {
            Error::new(ErrorKind::Internal, "the rows of a parent do not fit").with_source(error)
        })
    }
}

/// Tells whether a join above names the objects to ask.
pub(super) fn is_narrowed(scan: &Scan) -> bool {
    matches!(scan.plan.parents, Some(Parents::Listed(_))) && joined(scan).is_some()
}

/// The objects a join above asks for, where that is known and one id names an object.
fn joined(scan: &Scan) -> Option<VecDeque<Ids>> {
    let mut parents = scan.plan.spec.parents();
    let column = parents.next().filter(|_| parents.next().is_none())?;
    let ids = scan.joined.ids(column.name)?;
    Some(ids.into_iter().map(|id| vec![id]).collect())
}
