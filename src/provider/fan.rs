//! Reads a table whose rows hang below the objects of another: as many objects at a time as
//! share one `$batch`.
//!
//! An object that is gone by the time it is asked has no rows, which is counted and told; any
//! other failure of a part fails the scan, so no object is left out without a word.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, RecordBatch, RecordBatchOptions, StringArray};
use datafusion::arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;

use crate::decode::{Decoder, Page};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{GraphClient, Reply, Request, Visited, batch_parts};
use crate::odata::Query;
use crate::provider::books::Books;
use crate::provider::joined::Joined;
use crate::provider::parents::Parents;
use crate::provider::plan::ScanPlan;
use crate::provider::stream::{Scan, Source, page, request};
use crate::spec::{Column, Served, arrow_schema};

/// The ids that stand in the path of one object's rows.
type Ids = Vec<String>;

/// Reads the rows of many objects.
pub(super) struct Fan {
    client: GraphClient,
    plan: Arc<ScanPlan>,
    columns: Vec<&'static Column>,
    schema: SchemaRef,
    decoder: Decoder,
    books: Books,
    /// Where objects come from once the known ones are used up.
    listing: Option<Source>,
    known: VecDeque<Ids>,
    /// Paging may show an object twice; its rows are asked for once.
    seen: HashSet<Ids>,
    /// Pages that are due: first ones and next ones.
    due: VecDeque<(Ids, Request)>,
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
            (Parents::Named(named), _) => (None, named.iter().cloned().collect()),
            (Parents::Listed(_), Some(joined)) => (None, joined),
            (Parents::Listed(plan), None) => {
                if let Some(cheaper) = &scan.plan.cheaper {
                    books.warn(format!("`{}` asks one by one: {cheaper}", scan.plan.spec.name));
                }
                (Some(Source::of(&listing(scan, plan))), VecDeque::new())
            }
        };
        Some(Self {
            client: scan.client.clone(),
            plan: Arc::clone(&scan.plan),
            columns: scan.columns.clone(),
            schema: Arc::clone(&scan.schema),
            decoder: scan.decoder(),
            books,
            listing,
            known,
            seen: HashSet::new(),
            due: VecDeque::new(),
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
        self.books.finish();
        None
    }

    /// Asks for the pages that are due, as many as fit one request; false when none is.
    async fn round(&mut self) -> Result<bool> {
        let size = batch_parts(self.plan.spec.bucket);
        self.fill(size).await?;
        let part: Vec<_> = self.due.drain(..self.due.len().min(size)).collect();
        let requests: Vec<_> = part.iter().map(|(_, request)| request.clone()).collect();
        let replies = match requests.as_slice() {
            [] => return Ok(false),
            [one] => vec![self.client.get_optional(one).await?],
            many => self.client.batch_get_optional(many).await?,
        };
        for ((ids, request), reply) in part.into_iter().zip(replies) {
            self.take(ids, &request, reply)?;
        }
        Ok(true)
    }

    /// Takes further objects until a request is full or there are no more.
    async fn fill(&mut self, size: usize) -> Result<()> {
        while self.due.len() < size {
            if let Some(ids) = self.known.pop_front() {
                self.add(ids);
            } else if !self.list().await? {
                break;
            }
        }
        Ok(())
    }

    fn add(&mut self, ids: Ids) {
        let template = self.plan.queries.first().filter(|_| self.seen.insert(ids.clone()));
        if let Some(template) = template {
            let query = Query { parents: ids.clone(), ..template.clone() };
            self.due.push_back((ids, request(&self.plan, &query, self.books.meter())));
        }
    }

    /// Reads a page of objects; false when there is none.
    async fn list(&mut self) -> Result<bool> {
        let Some(listing) = &mut self.listing else { return Ok(false) };
        let Some(batch) = Box::pin(listing.next()).await? else {
            self.listing = None;
            return Ok(false);
        };
        for row in 0..batch.num_rows() {
            let id = |column: &ArrayRef| column.as_string::<i32>().value(row).to_owned();
            self.known.push_back(batch.columns().iter().map(id).collect());
        }
        Ok(true)
    }

    fn take(&mut self, ids: Ids, request: &Request, reply: Option<Reply>) -> Result<()> {
        let Some(reply) = reply else {
            // An object without a manager, say, is no object that went away.
            self.gone += usize::from(!self.plan.spec.single);
            return Ok(());
        };
        let page = page(&self.decoder, self.plan.spec.single, request, &reply.body)?;
        if let Some(link) = &page.next {
            let next = self.client.next(request, link, &mut self.visited)?;
            self.due.push_front((ids.clone(), next));
        }
        let batch = self.widened(&page.batch, &ids)?;
        self.ready.push_back((Page { batch, ..page }, reply.sequence));
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

/// The objects a join above asks for, where that is known and one id names an object.
fn joined(scan: &Scan) -> Option<VecDeque<Ids>> {
    let mut parents = scan.plan.spec.parents();
    let column = parents.next().filter(|_| parents.next().is_none())?;
    let ids = scan.joined.ids(column.name)?;
    Some(ids.into_iter().map(|id| vec![id]).collect())
}

/// The scan that names the objects.
fn listing(scan: &Scan, plan: &ScanPlan) -> Scan {
    let columns = plan.spec.identity();
    let full = arrow_schema(plan.spec);
    let field = |column: &&'static Column| full.field_with_name(column.name).ok().cloned();
    let fields: Vec<Field> = columns.iter().filter_map(field).collect();
    Scan {
        plan: Arc::new(plan.clone()),
        columns,
        schema: Arc::new(Schema::new(fields)),
        limit: None,
        strict: scan.strict,
        ordered: false,
        client: scan.client.clone(),
        caching: None,
        joined: Joined::default(),
        context: Arc::clone(&scan.context),
        metrics: ExecutionPlanMetricsSet::new(),
    }
}
