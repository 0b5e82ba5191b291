//! How far a listing has come, and the listing that goes on from there.

use std::sync::Arc;

use datafusion::arrow::array::{Array, AsArray, BooleanArray};
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
    seen: Seen,
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
        Some(Self {
            plan: Arc::clone(&scan.plan),
            meter: meter.clone(),
            marks: Marks::of(scan, log),
            log,
            listing,
            seen: Seen::default(),
            edge: None,
            in_order: log.trusted,
            nameless: false,
            fruitless: 0,
            restarts: 0,
        })
    }

    /// Returns the decoder of its pages, which hold what tells their rows apart.
    pub(in crate::provider) fn decoder(&self) -> Decoder {
        self.marks.decoder.clone()
    }

    pub(super) fn restarts(&self) -> u64 {
        self.restarts
    }

    /// Returns a page without the rows that came before, and with the columns asked for only.
    pub(super) fn take(&mut self, page: Page) -> Result<Page> {
        let kept = self.fresh(&page.batch);
        let batch = match kept.true_count() == kept.len() {
            true => page.batch,
            false => filter_record_batch(&page.batch, &kept).map_err(internal)?,
        };
        if batch.num_rows() > 0 {
            self.fruitless = 0;
        }
        self.marks.cut(Page { batch, ..page })
    }

    /// Tells of each row whether it is new.
    fn fresh(&mut self, batch: &RecordBatch) -> BooleanArray {
        let keys = batch.column(self.marks.key).as_string::<i32>();
        let times = batch.column(self.marks.time).as_primitive::<TimestampMicrosecondType>();
        let kept = (0..batch.num_rows()).map(|row| {
            let time = times.is_valid(row).then(|| times.value(row));
            let is_new = match keys.is_valid(row) {
                true => self.seen.insert(keys.value(row), time),
                false => {
                    self.nameless = true;
                    true
                }
            };
            if let Some(time) = time.filter(|_| is_new) {
                self.pass(time);
            }
            Some(is_new)
        });
        let kept = kept.collect();
        if let Some(edge) = self.edge.filter(|_| self.in_order) {
            self.seen.forget_before(edge);
        }
        kept
    }

    fn pass(&mut self, time: i64) {
        let beyond = |edge| if self.plan.oldest_first { time < edge } else { time > edge };
        self.in_order &= !self.edge.is_some_and(beyond);
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
        let query = self.log.within(&self.listing, self.rest())?;
        self.fruitless += 1;
        self.restarts += 1;
        Some(request(&self.plan, &query, &self.meter))
    }

    /// What is left of a log in order; all of another.
    fn rest(&self) -> Range {
        let edge = self.edge.filter(|_| self.in_order).map(|edge| edge.div_euclid(SECOND));
        match self.plan.oldest_first {
            true => Range { from: edge.map(|edge| edge * SECOND), until: None },
            false => Range { from: None, until: edge.map(|edge| (edge + 1) * SECOND) },
        }
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
