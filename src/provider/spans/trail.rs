//! How far a listing has come, and the listing that goes on from there.

use std::sync::Arc;

use datafusion::arrow::array::{Array, AsArray, BooleanArray, BooleanBufferBuilder};
use datafusion::arrow::compute::filter_record_batch;
use datafusion::arrow::datatypes::TimestampMicrosecondType;
use datafusion::arrow::record_batch::RecordBatch;

use crate::decode::{Decoder, Page};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Meter, Request};
use crate::odata::Query;
use crate::provider::plan::ScanPlan;
use crate::provider::spans::log::{Log, Range, SECOND};
use crate::provider::spans::seen::Seen;
use crate::provider::stream::{Scan, request};
use crate::spec::Served;

/// Fresh starts in a row that bring no new row, where a page token has expired.
const EXPIRED: u32 = 2;
/// The same, where Graph timed out, and was asked many times before that was believed.
const TIMED_OUT: u32 = 1;

/// Where the columns are that tell rows apart, and how many of a page the scan asked for.
#[derive(Debug, Clone)]
struct Marks {
    key: usize,
    time: usize,
    width: usize,
    decoder: Decoder,
}

/// The way a listing has come.
pub(in crate::provider) struct Trail {
    plan: Arc<ScanPlan>,
    meter: Meter,
    marks: Marks,
    log: Log,
    listing: Query,
    range: Range,
    /// Graph keeps to the older end of the range; without that, its order says where it is.
    bounded: bool,
    seen: Seen,
    pages: u64,
    /// The time of the first row.
    newest: Option<i64>,
    /// The time of the last row.
    edge: Option<i64>,
    /// The rows came in the order of their times so far.
    in_order: bool,
    /// A row has no key: nobody can tell whether it came before.
    nameless: bool,
    fruitless: u32,
    restarts: u64,
}

impl Trail {
    /// Returns the way of a scan; nothing where its listing can't be bounded by time.
    pub(in crate::provider) fn of(scan: &Scan, meter: &Meter) -> Option<Self> {
        let log = scan.plan.log?;
        let listing = log.listing(&scan.plan)?.clone();
        let (plan, marks) = (Arc::clone(&scan.plan), Marks::of(scan, log));
        Some(Self::new(plan, meter.clone(), marks, log, listing))
    }

    fn new(plan: Arc<ScanPlan>, meter: Meter, marks: Marks, log: Log, listing: Query) -> Self {
        Self {
            plan,
            meter,
            marks,
            log,
            listing,
            range: Range::default(),
            bounded: true,
            seen: Seen::default(),
            pages: 0,
            newest: None,
            edge: None,
            in_order: log.trusted,
            nameless: false,
            fruitless: 0,
            restarts: 0,
        }
    }

    /// Returns the way through another span of the same log, and its first request.
    pub(super) fn sibling(&self, range: Range) -> Option<(Self, Request)> {
        let (plan, marks) = (Arc::clone(&self.plan), self.marks.clone());
        let sibling = Self::new(plan, self.meter.clone(), marks, self.log, self.listing.clone());
        let sibling = Self { range, ..sibling };
        let first = sibling.request(range)?;
        Some((sibling, first))
    }

    fn request(&self, range: Range) -> Option<Request> {
        let query = self.log.within(&self.listing, range)?;
        Some(request(&self.plan, &query, &self.meter))
    }

    /// Leaves what is older to another span.
    pub(super) fn end_at(&mut self, from: Option<i64>) {
        (self.range.from, self.bounded) = (from, from == self.range.from && self.bounded);
    }

    pub(super) fn edge(&self) -> Option<i64> {
        self.edge
    }

    pub(super) fn pages(&self) -> u64 {
        self.pages
    }

    pub(super) fn newest(&self) -> Option<i64> {
        self.newest
    }

    pub(super) fn is_in_order(&self) -> bool {
        self.in_order
    }

    pub(super) fn plan(&self) -> &ScanPlan {
        &self.plan
    }

    pub(super) fn log(&self) -> Log {
        self.log
    }

    /// Returns about where the log ends.
    pub(super) fn lower(&self) -> i64 {
        self.log.lower(&self.listing)
    }

    /// Tells whether all rows that come now belong to another span.
    pub(super) fn is_past(&self) -> bool {
        let past = |from| self.edge.is_some_and(|edge| edge < from);
        !self.bounded && self.in_order && self.range.from.is_some_and(past)
    }

    /// Returns the listing that Graph ends where the span does, once the order can't say so.
    pub(super) fn bound(&mut self) -> Result<Option<Request>> {
        if self.bounded || self.in_order {
            return Ok(None);
        }
        let whole = self.seen.is_whole() && !self.nameless;
        let again = whole.then(|| self.anew()).flatten();
        again.map(Some).ok_or_else(|| self.unreadable("rows out of order"))
    }

    /// Returns the listing of what is not read yet.
    pub(super) fn anew(&mut self) -> Option<Request> {
        let request = self.request(self.rest())?;
        self.bounded = true;
        self.restarts += 1;
        Some(request)
    }

    fn unreadable(&self, what: &str) -> Error {
        let table = self.plan.spec.name;
        Error::new(ErrorKind::Malformed, format!("Graph sent {what} in `{table}`"))
            .with_context("table", table)
            .with_hint("`SET entra.parallel_slices = 1` reads the log as one listing")
    }

    /// Returns the decoder of its pages, which hold what tells their rows apart.
    pub(in crate::provider) fn decoder(&self) -> Decoder {
        self.marks.decoder.clone()
    }

    /// Returns how often it began anew since the last call.
    pub(super) fn restarts(&mut self) -> u64 {
        std::mem::take(&mut self.restarts)
    }

    /// Returns a page without the rows that came before or belong to another span, and with
    /// the columns asked for only.
    pub(super) fn take(&mut self, page: Page) -> Result<Page> {
        self.pages += 1;
        let kept = self.fresh(&page.batch)?;
        let batch = match kept.true_count() == kept.len() {
            true => page.batch,
            false => filter_record_batch(&page.batch, &kept).map_err(internal)?,
        };
        if batch.num_rows() > 0 {
            self.fruitless = 0;
        }
        self.marks.cut(Page { batch, ..page })
    }

    /// Tells of each row whether it is handed out.
    fn fresh(&mut self, batch: &RecordBatch) -> Result<BooleanArray> {
        let keys = batch.column(self.marks.key).as_string::<i32>();
        let times = batch.column(self.marks.time).as_primitive::<TimestampMicrosecondType>();
        let mut kept = BooleanBufferBuilder::new(batch.num_rows());
        for row in 0..batch.num_rows() {
            let time = times.is_valid(row).then(|| times.value(row));
            let key = keys.is_valid(row).then(|| keys.value(row));
            kept.append(self.is_fresh(key, time)?);
        }
        if let Some(edge) = self.edge.filter(|_| self.in_order) {
            self.seen.forget_before(edge);
        }
        Ok(BooleanArray::new(kept.finish(), None))
    }

    fn is_fresh(&mut self, key: Option<&str>, time: Option<i64>) -> Result<bool> {
        match time {
            None if self.range != Range::default() => {
                return Err(self.unreadable("a row without a time"));
            }
            Some(time) if !self.range.has(time) => {
                self.pass(time);
                return Ok(false);
            }
            _ => {}
        }
        let is_new = key.is_none_or(|key| self.seen.insert(key, time));
        self.nameless |= key.is_none();
        if let Some(time) = time.filter(|_| is_new) {
            self.pass(time);
        }
        Ok(is_new)
    }

    fn pass(&mut self, time: i64) {
        let beyond = |edge| if self.plan.oldest_first { time < edge } else { time > edge };
        self.in_order &= !self.edge.is_some_and(beyond);
        self.newest = self.newest.or(Some(time));
        self.edge = Some(time);
    }

    /// Returns the listing that goes on after an error; nothing where it must end the scan.
    pub(super) fn again(&mut self, error: &Error) -> Option<Request> {
        let most = match error.kind() {
            ErrorKind::PageExpired => EXPIRED,
            _ if is_timeout(error) => TIMED_OUT,
            _ => return None,
        };
        let can_tell = !self.nameless && (self.in_order || self.seen.is_whole());
        if self.edge.is_none() || !can_tell || self.fruitless >= most {
            return None;
        }
        let request = self.anew()?;
        self.fruitless += 1;
        Some(request)
    }

    /// What is left of a span in order; all of another.
    fn rest(&self) -> Range {
        let edge = self.edge.filter(|_| self.in_order).map(|edge| edge.div_euclid(SECOND));
        let Range { from, until } = self.range;
        if self.plan.oldest_first {
            return Range { from: edge.map(|edge| edge * SECOND).max(from), until };
        }
        let edge = edge.map(|edge| (edge + 1) * SECOND);
        Range { from, until: [edge, until].into_iter().flatten().min() }
    }
}

/// Graph gives a query up that takes it too long; one for fewer rows may not.
pub(super) fn is_timeout(error: &Error) -> bool {
    let is_status = |(name, value): &(&str, String)| {
        *name == "status" && matches!(value.as_str(), "408" | "503" | "504")
    };
    error.kind() == ErrorKind::Unavailable && error.context().iter().any(is_status)
}

impl Marks {
    fn of(scan: &Scan, log: Log) -> Self {
        let own = scan.columns.iter().filter(|column| column.served != Served::Parent);
        let mut names: Vec<_> = own.map(|column| column.name).collect();
        let (width, mut more) = (names.len(), Vec::new());
        let mut place = |column: &'static crate::spec::Column| {
            names.iter().position(|name| *name == column.name).unwrap_or_else(|| {
                names.push(column.name);
                more.push(column);
                names.len() - 1
            })
        };
        let (key, time) = (place(log.key), place(log.time));
        Self { key, time, width, decoder: scan.decoder_with(&more) }
    }

    /// Cuts off what only told the rows apart.
    fn cut(&self, page: Page) -> Result<Page> {
        if page.batch.num_columns() == self.width {
            return Ok(page);
        }
        let schema = page.batch.schema();
        let asked = schema.fields().iter().take(self.width);
        let is_asked = |column: &str| {
            let name = column.split('.').next().unwrap_or(column);
            asked.clone().any(|field| field.name() == name)
        };
        let misfits = page.misfits.iter().filter(|m| is_asked(&m.column)).cloned().collect();
        let batch = page.batch.project(&(0..self.width).collect::<Vec<_>>()).map_err(internal)?;
        Ok(Page { batch, misfits, ..page })
    }
}

fn internal(error: datafusion::arrow::error::ArrowError) -> Error {
    Error::new(ErrorKind::Internal, "the rows of a page can't be told apart").with_source(error)
}
