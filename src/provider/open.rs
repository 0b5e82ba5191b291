//! A table over one request that somebody wrote: `id` and the text of each row.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::error::Result as DataFusionResult;
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::ExecutionPlan;

use crate::error::{Error, ErrorKind, Result};
use crate::graph::GraphClient;
use crate::odata::{Address, Query};
use crate::provider::exec::{GraphScanExec, utc_now};
use crate::provider::options::EntraOptions;
use crate::provider::plan::{Ask, ScanPlan};
use crate::spec::{Column, RAW, TableSpec, Version, arrow_schema};

/// Graph is known to cut a list it puts inside of a row.
///
/// <https://learn.microsoft.com/graph/query-parameters#expand-parameter>
const EXPANDED: &str = "Graph may send only the first members of an expanded list: \
                        `…@odata.nextLink` in `raw` says so, or 20 of them";

/// A [`TableProvider`] over one path and query of Graph: the column `id` (`Utf8`) and the
/// column `raw` (`Utf8`), the row as received.
///
/// One request for each page; none before the first batch is polled, and none after the
/// reader is gone. Nothing is pushed into the request, and no row comes from the cache.
#[derive(Debug)]
pub struct OpenTable {
    spec: &'static TableSpec,
    query: Query,
    schema: SchemaRef,
    client: Option<GraphClient>,
}

impl OpenTable {
    /// Checks a path and query, and asks `known` which limits, permissions and license are
    /// those of the parts of the path. Without a client it can be planned, not read.
    ///
    /// # Errors
    ///
    /// `Query` for what could name another host, version or method.
    pub fn new(
        path: &str,
        version: Version,
        known: impl FnOnce(&[String]) -> &'static TableSpec,
        client: Option<GraphClient>,
    ) -> Result<Self> {
        let address = Address::read(path)
            .map_err(|(what, hint)| Error::new(ErrorKind::Query, what).with_hint(hint))?;
        let spec = known(&address.segments());
        let is_counted = address.option("count").is_some_and(|v| v.eq_ignore_ascii_case("true"));
        let advanced = spec.directory && (is_counted || address.option("search").is_some());
        let version = version.segment();
        let query = Query { version, advanced, verbatim: Some(address), ..Query::default() };
        Ok(Self { spec, query, schema: arrow_schema(spec), client })
    }

    /// Returns what is known about the path.
    pub fn spec(&self) -> &'static TableSpec {
        self.spec
    }

    fn plan(&self, session: &dyn Session, options: &EntraOptions) -> Result<ScanPlan> {
        let now = session.execution_props().query_execution_start_time.unwrap_or_else(utc_now);
        let ask = Ask { spec: self.spec, columns: &[], filters: &[], limit: None, options, now };
        let mut plan = ScanPlan::new(&ask)?;
        plan.advanced = self.query.advanced;
        plan.queries = vec![self.query.clone()];
        let expands = self.query.verbatim.as_ref().is_some_and(|a| a.option("expand").is_some());
        plan.notes.extend(expands.then(|| EXPANDED.to_owned()));
        Ok(plan)
    }
}

#[async_trait]
impl TableProvider for OpenTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        limit: Option<usize>,
    ) -> DataFusionResult<Arc<dyn ExecutionPlan>> {
        let options = EntraOptions::of(session.config_options());
        let plan = self.plan(session, &options)?;
        let all: Vec<&'static Column> = self.spec.columns_served().chain([&RAW]).collect();
        let wanted = projection.cloned().unwrap_or_else(|| (0..all.len()).collect());
        let columns = wanted.iter().map(|i| all[*i]).collect();
        let schema = Arc::new(self.schema.project(&wanted)?);
        let client = self.client.clone();
        Ok(Arc::new(GraphScanExec::new(plan, columns, schema, limit, &options, client)))
    }
}
