//! How many rows a listing has, asked of Graph in one request.

use serde::Deserialize;

use crate::error::Result;
use crate::graph::{Meter, Request};
use crate::odata::Query;
use crate::provider::exec::GraphScanExec;
use crate::spec::{Column, property_name};

/// The part of a page that counts.
#[derive(Deserialize)]
struct Counted {
    #[serde(rename = "@odata.count")]
    rows: Option<u64>,
}

impl GraphScanExec {
    /// Asks for the number of rows of the listing. One request; none, and no answer, where
    /// Graph can't count: only directory objects have `$count`.
    ///
    /// # Errors
    ///
    /// As [`GraphClient::get`](crate::graph::GraphClient::get).
    ///
    /// <https://learn.microsoft.com/graph/aad-advanced-queries>
    pub async fn count(&self, meter: &Meter) -> Result<Option<u64>> {
        let (Some(client), Some(query)) = (self.client(), self.counting()) else {
            return Ok(None);
        };
        let spec = self.plan().spec;
        let request = Request {
            units: spec.units,
            headers: vec![("ConsistencyLevel", "eventual".to_owned())],
            permissions: spec.permissions,
            license: spec.license.name(),
            meter: meter.clone(),
            ..Request::new(query.target(), spec.bucket, spec.name)
        };
        let reply = client.get(&request).await?;
        Ok(serde_json::from_slice::<Counted>(&reply.body).ok().and_then(|page| page.rows))
    }

    /// Tells whether [`GraphScanExec::count`] has an answer.
    pub(super) fn can_count(&self) -> bool {
        self.counting().is_some()
    }

    /// The listing with `$count=true`, one row and its key.
    fn counting(&self) -> Option<Query> {
        let plan = self.plan();
        if plan.is_open() || plan.is_count() {
            return None;
        }
        let listing = plan
            .queries
            .first()
            .filter(|_| plan.spec.directory && plan.keys == 0 && plan.parents.is_none())?;
        let key = plan.spec.column(plan.spec.key).map(property_name);
        (!plan.counts_by_default_only).then(|| Query {
            select: key.into_iter().collect(),
            expand: None,
            top: Some(1),
            advanced: true,
            ..listing.clone()
        })
    }
}

/// Tells whether a filter on these columns can't go with the header that counting needs.
pub(super) fn is_default_only(columns: &[&Column]) -> bool {
    columns.iter().any(|column| column.default_only)
}
