//! Pages to record batches.
//!
//! Strictly lazy: nothing is sent before the first poll, the second page is asked for
//! only when a reader has come back for it, and from then on one page is fetched while
//! another is decoded. Dropping the stream drops what is under way.

use std::collections::VecDeque;
use std::sync::Arc;

use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::execution::TaskContext;
use datafusion::physical_plan::SendableRecordBatchStream;
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use futures::stream::try_unfold;

use crate::decode::{Decoder, Failure, Page};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{GraphClient, Meter, Request};
use crate::odata::Query;
use crate::provider::books::Books;
use crate::provider::by_ids::ByIds;
use crate::provider::cache::Caching;
use crate::provider::count::Counter;
use crate::provider::fan::{self, Fan};
use crate::provider::joined::Joined;
use crate::provider::ledger::{Account, Ledger, ScanReceipt};
use crate::provider::lookup;
use crate::provider::plan::ScanPlan;
use crate::provider::replay::Replay;
use crate::provider::shared::{Cursor, Seat};
use crate::provider::slices::Slices;
use crate::provider::spans::{self, Crew, Trail, Walk};
use crate::spec::{Column, Served, arrow_schema, property_name};

/// Everything a running scan needs.
pub(super) struct Scan {
    pub plan: Arc<ScanPlan>,
    pub columns: Vec<&'static Column>,
    pub schema: SchemaRef,
    pub limit: Option<usize>,
    pub strict: bool,
    pub ordered: bool,
    /// Nothing above stops reading early.
    pub whole: bool,
    pub client: GraphClient,
    pub caching: Option<Caching>,
    /// The receipt this is a part of, where several scans are told as one.
    pub account: Option<Account>,
    pub joined: Joined,
    /// Its place among the scans that share a fetch.
    pub seat: Option<Arc<Seat>>,
    pub context: Arc<TaskContext>,
    pub metrics: ExecutionPlanMetricsSet,
}

/// Starts a scan. Sends nothing until polled, and nothing at all when the cache has its rows.
pub(super) fn start(scan: Scan) -> SendableRecordBatchStream {
    let schema = Arc::clone(&scan.schema);
    let pages = try_unfold(None, move |state: Option<Source>| {
        let fresh = state.is_none().then(|| Source::of(&scan));
        async move {
            // Invariant: a missing state is the first poll, which has just made a source.
            let Some(mut source) = state.or(fresh) else { return Ok(None) };
            let batch = source.next().await?;
            Ok(batch.map(|batch| (batch, Some(source))))
        }
    });
    Box::pin(RecordBatchStreamAdapter::new(schema, pages))
}

/// Where the rows of a scan come from.
pub(super) enum Source {
    Graph(Box<Reader>),
    Parents(Box<Fan>),
    Slices(Box<Slices>),
    ByIds(Box<ByIds>),
    Cache(Box<Replay>),
    Count(Box<Counter>),
    Shared(Box<Cursor>),
}

impl Source {
    pub(super) fn of(scan: &Scan) -> Self {
        if let Some(cursor) = Cursor::of(scan) {
            return Self::Shared(Box::new(cursor));
        }
        if let Some(replay) = scan.caching.as_ref().and_then(|caching| Replay::of(scan, caching)) {
            return Self::Cache(Box::new(replay));
        }
        if scan.plan.is_count() {
            return Self::Count(Box::new(Counter::new(scan)));
        }
        if let Some(fan) = Fan::of(scan) {
            return Self::Parents(Box::new(fan));
        }
        let narrowed = lookup::narrowed(scan).map(|plan| scan.narrowed(plan));
        let scan = narrowed.as_ref().unwrap_or(scan);
        if let Some(ids) = ByIds::of(scan) {
            return Self::ByIds(Box::new(ids));
        }
        match Slices::of(scan) {
            Some(slices) => Self::Slices(Box::new(slices)),
            None => Self::Graph(Box::new(Reader::new(scan))),
        }
    }

    pub(super) async fn next(&mut self) -> Result<Option<RecordBatch>> {
        match self {
            Self::Graph(reader) => reader.next().await,
            Self::Parents(fan) => fan.next().await,
            Self::Slices(slices) => slices.next().await,
            Self::ByIds(ids) => ids.next().await,
            Self::Cache(replay) => replay.next().await,
            Self::Count(counter) => counter.next().await,
            Self::Shared(cursor) => cursor.next().await,
        }
    }

    /// Tells whether what a join has found makes do with fewer requests than all rows take.
    pub(super) fn is_narrowed(scan: &Scan) -> bool {
        !scan.joined.is_empty() && (fan::is_narrowed(scan) || lookup::narrowed(scan).is_some())
    }

    /// Tells whether nothing is under way between two batches that somebody has to poll.
    pub(super) fn may_rest(&self) -> bool {
        match self {
            Self::Graph(reader) => reader.crew.is_none(),
            Self::Cache(_) => true,
            _ => false,
        }
    }
}

/// Reads the listings of one scan, one after the other.
pub(super) struct Reader {
    client: GraphClient,
    plan: Arc<ScanPlan>,
    decoder: Arc<Decoder>,
    books: Books,
    waiting: VecDeque<Request>,
    current: Option<Walk>,
    /// What a listing that breaks off may go on with.
    trail: Option<Trail>,
    crew: Option<Crew>,
    /// Whoever reads the rows is sure to want all of them.
    whole: bool,
}

impl Reader {
    fn new(scan: &Scan) -> Self {
        let books = Books::open(scan);
        let request = |query| request(&scan.plan, query, books.meter());
        let trail = Trail::of(scan, books.meter());
        Self {
            waiting: scan.plan.queries.iter().map(request).collect(),
            client: scan.client.clone(),
            plan: Arc::clone(&scan.plan),
            decoder: Arc::new(trail.as_ref().map_or_else(|| scan.decoder(), Trail::decoder)),
            books,
            current: None,
            trail,
            crew: None,
            whole: scan.whole,
        }
    }

    /// Returns the next batch that has rows, or nothing at the end.
    async fn next(&mut self) -> Result<Option<RecordBatch>> {
        loop {
            if self.books.is_full() {
                return Ok(self.finish());
            }
            let found = self.page().await.map_err(|error| self.books.placed(error))?;
            let Some((page, sequence)) = found else {
                self.books.keep();
                return Ok(self.finish());
            };
            let batch = self.books.account(page, sequence);
            let batch = batch.map_err(|error| self.books.placed(error))?;
            if batch.num_rows() > 0 {
                return Ok(Some(batch));
            }
        }
    }

    fn finish(&mut self) -> Option<RecordBatch> {
        (self.current, self.crew) = (None, None);
        self.books.finish();
        None
    }

    async fn page(&mut self) -> Result<Option<(Page, u64)>> {
        loop {
            if self.crew.is_none() && self.books.pages() > 1 && self.books.left().is_none() {
                self.crew = spans::cut(&mut self.current, self.whole);
            }
            if let Some(crew) = &mut self.crew {
                let found = crew.next().await;
                self.books.in_spans(crew.begun());
                self.books.restarted(crew.restarts());
                return found;
            }
            // One page is no reason to fetch another: a reader may want no more of it.
            let ahead = self.books.pages() > 0 && !self.page_fills_limit();
            if let Some(walk) = &mut self.current {
                let found = walk.next(ahead).await;
                self.books.restarted(walk.restarts());
                match found? {
                    Some(found) => return Ok(Some(found)),
                    None => self.current = None,
                }
            }
            let Some(request) = self.waiting.pop_front() else { return Ok(None) };
            if !self.plan.single {
                let (client, decoder) = (self.client.clone(), Arc::clone(&self.decoder));
                self.current = Some(Walk::new(client, decoder, request, self.trail.take()));
            } else if let Some(found) = self.object(&request).await? {
                return Ok(Some(found));
            }
        }
    }

    /// One object by its key; none when it does not exist. The only object of its kind does.
    async fn object(&mut self, request: &Request) -> Result<Option<(Page, u64)>> {
        let reply = match self.plan.spec.single {
            true => Some(self.client.get(request).await?),
            false => self.client.get_optional(request).await?,
        };
        let Some(reply) = reply else { return Ok(None) };
        let page = self.decoder.object(&reply.body).map_err(|f| malformed(request, f))?;
        Ok(Some((page, reply.sequence)))
    }

    /// A page of the size asked for would be the last one needed.
    fn page_fills_limit(&self) -> bool {
        let page = self.plan.queries.first().and_then(|q| q.top).unwrap_or(usize::MAX);
        self.books.left().is_some_and(|left| left <= page)
    }
}

pub(super) fn join_spans(a: Option<(i64, i64)>, b: Option<(i64, i64)>) -> Option<(i64, i64)> {
    match (a, b) {
        (Some(a), Some(b)) => Some((a.0.max(b.0), a.1.min(b.1))),
        (a, b) => a.or(b),
    }
}

impl Scan {
    /// Returns the scan under a plan for some of its rows, which stand in for no other scan.
    fn narrowed(&self, plan: ScanPlan) -> Self {
        Self {
            plan: Arc::new(plan),
            columns: self.columns.clone(),
            schema: Arc::clone(&self.schema),
            client: self.client.clone(),
            caching: None,
            account: self.account.clone(),
            joined: Joined::default(),
            seat: None,
            context: Arc::clone(&self.context),
            metrics: self.metrics.clone(),
            ..*self
        }
    }

    /// Returns the decoder of its pages; the ids of parents are not in them.
    pub(super) fn decoder(&self) -> Decoder {
        self.decoder_with(&[])
    }

    /// Returns the decoder of its pages, with `more` columns after those of the scan.
    pub(super) fn decoder_with(&self, more: &[&'static Column]) -> Decoder {
        let key = self.plan.spec.column(self.plan.spec.key).map(property_name).unwrap_or_default();
        let own = |column: &&'static Column| column.served != Served::Parent;
        let fields = self.columns.iter().zip(self.schema.fields()).filter(|(c, _)| own(c));
        let mut fields: Vec<_> = fields.map(|(_, field)| Arc::clone(field)).collect();
        let all = arrow_schema(self.plan.spec);
        fields
            .extend(more.iter().filter_map(|c| all.fields().find(c.name)).map(|f| Arc::clone(f.1)));
        let columns = self.columns.iter().copied().filter(own).chain(more.iter().copied());
        let decoder = Decoder::new(columns.collect(), Arc::new(Schema::new(fields)), key);
        if self.plan.is_open() { decoder.open() } else { decoder }
    }

    /// Returns the ledger of the query; whoever reads the rows should know the plan's notes.
    pub(super) fn ledger(&self) -> Arc<Ledger> {
        let ledger = self.context.session_config().get_extension::<Ledger>().unwrap_or_default();
        for note in &self.plan.notes {
            ledger.warn(note.clone());
        }
        ledger
    }

    /// Returns the receipt of a scan that has not begun.
    pub(super) fn receipt(&self) -> ScanReceipt {
        let plan = &self.plan;
        let kept = plan.decisions.iter().filter(|d| !d.is_settled());
        ScanReceipt {
            table: plan.spec.name.to_owned(),
            target: plan.first_target().unwrap_or_default(),
            pushed: plan.pushed(),
            rechecked: kept.map(|d| d.sql.clone()).collect(),
            is_counted: plan.is_count(),
            is_listing: self.limit.is_none()
                && plan.queries.len() == 1
                && plan.keys == 0
                && !plan.single
                && !plan.is_count()
                && plan.parents.is_none(),
            ..ScanReceipt::default()
        }
    }
}

/// Turns a planned query into a request, with what an error about it must name.
pub(super) fn request(plan: &ScanPlan, query: &Query, meter: &Meter) -> Request {
    let spec = plan.spec;
    let mut headers = Vec::new();
    if plan.advanced {
        headers.push(("ConsistencyLevel", "eventual".to_owned()));
    }
    if !spec.directory {
        headers.push(("Prefer", "include-unknown-enum-members".to_owned()));
    }
    Request {
        units: spec.units + u32::from(query.expand.is_some()),
        headers,
        plain: query.count,
        permissions: spec.permissions,
        license: spec.license.name(),
        meter: meter.clone(),
        ..Request::new(query.target(), spec.bucket, spec.name)
    }
}

/// Reads a page: of a listing, or the one object there is.
pub(super) fn page(
    decoder: &Decoder,
    is_object: bool,
    request: &Request,
    body: &[u8],
) -> Result<Page> {
    let page = if is_object { decoder.object(body) } else { decoder.page(body) };
    page.map_err(|failure| malformed(request, failure))
}

pub(super) fn malformed(request: &Request, failure: Failure) -> Error {
    let what = match failure {
        Failure::GraphError => "an error object came as a row".to_owned(),
        Failure::Cut(what) | Failure::Malformed(what) => what,
    };
    Error::new(ErrorKind::Malformed, format!("the page is not what Graph promises: {what}"))
        .with_context("table", request.table)
        .with_context("url", request.target.clone())
        .with_hint("nothing of it was used; try again, and report it if it stays")
}
