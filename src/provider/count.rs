//! How many rows instead of the rows: one request where a listing takes one per page.

use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::record_batch::RecordBatchOptions;

use crate::decode::Page;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Broken, GraphClient, ReplyMeta, Request, is_error_object};
use crate::odata::Query;
use crate::provider::books::Books;
use crate::provider::plan::{Ask, MAX_TARGET_ADVANCED, ScanPlan};
use crate::provider::stream::{Scan, request};

/// What helps when a tenant does not count.
const HINT: &str = "`SET entra.pushdown = false` lists the rows and counts them here";

impl ScanPlan {
    /// Returns the plan that asks for the number of rows instead of the rows: `/$count`, one
    /// request; nothing where more of the rows is wanted, or where the number could differ
    /// from what a listing has.
    ///
    /// It differs when Graph does not settle every predicate as SQL does: text is compared
    /// there without case, a strict bound is sent as a loose one, and what is not sent is
    /// decided here. So every predicate has to be exact, which today are comparisons of flags
    /// and numbers. It differs, too, where a filter forbids the header of an advanced query.
    ///
    /// One difference stays: Graph answers this from an index that follows the directory with
    /// a delay, so what was created or deleted a moment ago may be missing or still counted.
    /// The same holds for every advanced query; `entra.pushdown = false` lists instead.
    ///
    /// <https://learn.microsoft.com/graph/aad-advanced-queries>
    pub(super) fn counted(&self, ask: &Ask<'_>) -> Option<Self> {
        let [listing] = &self.queries[..] else { return None };
        let is_listing = !self.single && self.keys == 0 && self.parents.is_none();
        let countable = ask.spec.counted && ask.options.pushdown && !self.counts_by_default_only;
        let settled = ask.columns.is_empty() && self.is_exact();
        if !is_listing || !countable || !settled || self.listing_is_enough(ask.limit) {
            return None;
        }
        let count = Query {
            count: true,
            select: Vec::new(),
            top: None,
            advanced: false,
            ..listing.clone()
        };
        let plan =
            Self { instead_of: Some(Box::new(self.clone())), advanced: true, ..self.clone() };
        let fits = count.target().len() <= MAX_TARGET_ADVANCED;
        fits.then(|| Self { queries: vec![count], ..plan })
    }

    /// Tells whether Graph is asked for a number instead of rows.
    pub(super) fn is_count(&self) -> bool {
        self.instead_of.is_some()
    }

    /// Returns the listing a count stands in for, where so few rows are wanted that it takes
    /// no more requests: it is not behind the directory.
    pub(super) fn listing_within(&self, limit: Option<usize>) -> Option<&Self> {
        self.instead_of.as_deref().filter(|listing| listing.listing_is_enough(limit))
    }

    fn listing_is_enough(&self, limit: Option<usize>) -> bool {
        let page = self.queries.first().and_then(|query| query.top).unwrap_or(1);
        limit.is_some_and(|limit| limit <= page)
    }
}

/// Asks for a number and hands on as many rows without columns.
pub(super) struct Counter {
    client: GraphClient,
    request: Option<Request>,
    books: Books,
    schema: SchemaRef,
}

impl Counter {
    pub(super) fn new(scan: &Scan) -> Self {
        let books = Books::open(scan);
        let first = scan.plan.queries.first();
        Self {
            client: scan.client.clone(),
            request: first.map(|query| request(&scan.plan, query, books.meter())),
            books,
            schema: Arc::clone(&scan.schema),
        }
    }

    /// Returns the batch with all rows, or nothing at the end.
    pub(super) async fn next(&mut self) -> Result<Option<RecordBatch>> {
        let full = self.books.is_full();
        let Some(request) = self.request.take().filter(|_| !full) else {
            self.books.finish();
            return Ok(None);
        };
        let (rows, sequence) = self.ask(&request).await.map_err(|e| self.books.placed(e))?;
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&self.schema), vec![], &options);
        let batch = batch.map_err(|e| unfit(&request, "no batch can be so long").with_source(e))?;
        let page = Page { batch, next: None, misfits: Vec::new() };
        let batch = self.books.account(page, sequence)?;
        self.books.keep();
        Ok(Some(batch))
    }

    async fn ask(&self, request: &Request) -> Result<(usize, u64)> {
        let decode = |body: &[u8], meta: &ReplyMeta| match number(body) {
            Some(rows) => Ok((rows, meta.sequence)),
            None if body.is_empty() => Err(Broken::Cut("the body is empty".into())),
            None if is_error_object(body) => Err(Broken::ErrorObject),
            None => Err(Broken::Fatal(unfit(request, "the reply is no number"))),
        };
        self.client.get_checked(request, decode).await
    }
}

/// Reads digits and nothing else; the byte order mark before them is gone by now.
fn number(body: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(body).ok()?.trim_ascii();
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

fn unfit(request: &Request, what: &str) -> Error {
    Error::new(ErrorKind::Malformed, format!("the count is not what Graph promises: {what}"))
        .with_context("table", request.table)
        .with_context("url", request.target.clone())
        .with_hint(HINT)
}
