//! Asks for directory objects by their ids, a thousand to a `getByIds`, where the reader allows it.
//!
//! Microsoft knows of incomplete objects in its replies, so one without a property that was
//! asked for fails the scan.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use datafusion::arrow::record_batch::RecordBatch;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::decode::{Decoder, Page};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{GraphClient, Request};
use crate::provider::books::Books;
use crate::provider::plan::ScanPlan;
use crate::provider::stream::{Scan, page, request};

/// Resource units of one `getByIds`.
/// <https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits>
const UNITS: u32 = 3;

/// Reads the objects of some lists of ids.
pub(super) struct ByIds {
    client: GraphClient,
    plan: Arc<ScanPlan>,
    decoder: Decoder,
    books: Books,
    due: VecDeque<(Request, Vec<String>)>,
    ready: VecDeque<(Page, u64)>,
}

impl ByIds {
    /// Prepares the reading; nothing where the objects are asked for otherwise.
    pub(super) fn of(scan: &Scan) -> Option<Self> {
        let plan = &scan.plan;
        if plan.ids.is_empty() {
            return None;
        }
        let books = Books::open(scan);
        let requests = plan.queries.iter().map(|query| Request {
            units: UNITS,
            permissions: &["Directory.Read.All"],
            ..request(plan, query, books.meter())
        });
        Some(Self {
            due: requests.zip(plan.ids.iter().cloned()).collect(),
            client: scan.client.clone(),
            plan: Arc::clone(plan),
            decoder: scan.decoder(),
            books,
            ready: VecDeque::new(),
        })
    }

    /// Returns the next batch that has rows, or nothing at the end.
    pub(super) async fn next(&mut self) -> Result<Option<RecordBatch>> {
        while !self.books.is_full() {
            if let Some(batch) = self.books.next(&mut self.ready)? {
                return Ok(Some(batch));
            }
            let Some((request, ids)) = self.due.pop_front() else {
                self.books.keep();
                break;
            };
            let read = self.read(&request, &ids).await;
            read.map_err(|error| self.books.placed(error))?;
        }
        self.books.finish();
        Ok(None)
    }

    async fn read(&mut self, request: &Request, ids: &[String]) -> Result<()> {
        let kind = self.plan.spec.by_ids.as_slice();
        let reply = self.client.get_by_ids(request, ids, kind).await?;
        let select = self.plan.queries.first().map_or(&[][..], |query| &query.select);
        if let Some(missing) = missing(&reply.body, select) {
            return Err(incomplete(request, &missing));
        }
        let page = page(&self.decoder, false, request, &reply.body)?;
        self.ready.push_back((page, reply.sequence));
        Ok(())
    }
}

#[derive(Deserialize)]
struct Objects<'a> {
    #[serde(borrow)]
    value: Vec<BTreeMap<Cow<'a, str>, &'a RawValue>>,
}

/// Returns a property that some object was asked for and does not have, not even as null. What
/// is no list of objects is left to the decoder.
fn missing(body: &[u8], select: &[String]) -> Option<String> {
    let objects: Objects<'_> = serde_json::from_slice(body).ok()?;
    let lacks = |name: &&String| objects.value.iter().any(|o| !o.contains_key(name.as_str()));
    select.iter().find(lacks).cloned()
}

fn incomplete(request: &Request, property: &str) -> Error {
    let message = format!("Graph sent an object without the `{property}` it was asked for");
    Error::new(ErrorKind::Malformed, message)
        .with_context("table", request.table)
        .with_context("url", request.target.clone())
        .with_hint("`SET entra.get_by_ids = false` asks by filters, which bring whole objects")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_property_that_is_null_is_there_and_one_that_is_missing_is_told() {
        let select = ["id".to_owned(), "department".to_owned()];
        let whole = br#"{"value":[{"id":"a","department":null}]}"#;
        assert_eq!(missing(whole, &select), None);
        let cut = br#"{"value":[{"id":"a","department":null},{"id":"b"}]}"#;
        assert_eq!(missing(cut, &select), Some("department".to_owned()));
    }
}
