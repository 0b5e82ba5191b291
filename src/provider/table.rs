//! A declared table as DataFusion sees it.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{Constraint, Constraints, DFSchema};
use datafusion::error::Result;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::filter::FilterExecBuilder;

use crate::graph::GraphClient;
use crate::provider::cache::Caching;
use crate::provider::exec::{GraphScanExec, utc_now};
use crate::provider::options::EntraOptions;
use crate::provider::parents;
use crate::provider::path::Scope;
use crate::provider::plan::{Ask, Decision, ScanPlan};
use crate::provider::pushdown::translate;
use crate::spec::{Column, RAW, TableSpec, arrow_schema};

/// A [`TableProvider`] over a [`TableSpec`].
///
/// Planning sends nothing; a scan sends its first request when its first batch is
/// polled, and no further request once the reader is gone.
#[derive(Debug)]
pub struct GraphTable {
    spec: &'static TableSpec,
    client: Option<GraphClient>,
    columns: Vec<&'static Column>,
    schema: SchemaRef,
    constraints: Constraints,
}

impl GraphTable {
    /// Creates the table with every column, those left out of `SELECT *` at their places
    /// and `raw` last. Without a client it can be planned, not read.
    pub fn new(spec: &'static TableSpec, client: Option<GraphClient>) -> Self {
        let columns: Vec<_> = spec.columns_served().chain(std::iter::once(&RAW)).collect();
        Self::with_columns(spec, client, columns)
    }

    /// Creates the table with only the columns `SELECT *` should give, for a context that
    /// is not ours and knows no hidden columns.
    pub fn visible(spec: &'static TableSpec, client: Option<GraphClient>) -> Self {
        let columns: Vec<_> = spec.columns_served().filter(|c| !spec.hides(c)).collect();
        Self::with_columns(spec, client, columns)
    }

    fn with_columns(
        spec: &'static TableSpec,
        client: Option<GraphClient>,
        columns: Vec<&'static Column>,
    ) -> Self {
        let full = arrow_schema(spec);
        let places = columns.iter().filter_map(|c| full.index_of(c.name).ok()).collect::<Vec<_>>();
        let schema = full.project(&places).map_or(full, Arc::new);
        let constraints = primary_key(spec, &schema);
        Self { spec, client, columns, schema, constraints }
    }

    fn project(&self, places: &[usize]) -> Vec<&'static Column> {
        places.iter().map(|i| self.columns[*i]).collect()
    }

    /// Returns the declaration.
    pub fn spec(&self) -> &'static TableSpec {
        self.spec
    }

    /// Returns the predicates that were claimed exact but are not sent, because the
    /// pushdown is off or the URL got too long. They must be evaluated below this table.
    fn unsent(&self, filters: &[Expr], plan: &ScanPlan) -> Vec<Expr> {
        let lost = |(filter, decision): (&Expr, &Decision)| {
            let lost = claims_exact(self.spec, filter) && !decision.is_settled();
            lost.then(|| filter.clone())
        };
        filters.iter().zip(&plan.decisions).filter_map(lost).collect()
    }

    fn scan_exec(
        &self,
        session: &dyn Session,
        ask: &Ask<'_>,
        plan: ScanPlan,
        wanted: &[usize],
    ) -> Result<GraphScanExec> {
        let schema = Arc::new(self.schema.project(wanted)?);
        let limit = ask.limit.filter(|_| plan.is_exact());
        let client = self.client.clone();
        let caching = |plan| Caching::of(session, ask.options, client.as_ref(), plan, ask.columns);
        let (plan, caching) = match (plan.counted(ask), caching(&plan)) {
            // Rows at hand count for free.
            (Some(count), rows) if rows.as_ref().is_none_or(|rows| rows.planned().is_none()) => {
                let caching = caching(&count);
                (count, caching)
            }
            (_, rows) => (plan, rows),
        };
        let scan =
            GraphScanExec::new(plan, ask.columns.to_vec(), schema, limit, ask.options, client);
        Ok(scan.with_caching(caching))
    }
}

/// Returns the constraint that a table's parents and key tell its rows apart, if `schema` has
/// them all.
pub fn primary_key(spec: &TableSpec, schema: &Schema) -> Constraints {
    let places = spec.identity().into_iter().map(|column| schema.index_of(column.name).ok());
    let places: Option<Vec<usize>> = places.collect();
    Constraints::new_unverified(places.map(Constraint::PrimaryKey).into_iter().collect())
}

/// Adds the columns that `filters` read to a projection.
fn widened(schema: &SchemaRef, wanted: &[usize], filters: &[Expr]) -> Vec<usize> {
    let mut wide = wanted.to_vec();
    for column in filters.iter().flat_map(Expr::column_refs) {
        match schema.index_of(&column.name) {
            Ok(index) if !wide.contains(&index) => wide.push(index),
            _ => {}
        }
    }
    wide
}

/// Wraps a scan in the filters it could not send, and cuts the helper columns off again.
fn filtered(
    session: &dyn Session,
    scan: GraphScanExec,
    filters: Vec<Expr>,
    width: usize,
) -> Result<Arc<dyn ExecutionPlan>> {
    let Some(predicate) = conjunction(filters) else { return Ok(Arc::new(scan)) };
    let schema = DFSchema::try_from(scan.schema().as_ref().clone())?;
    let predicate = session.create_physical_expr(unqualified(predicate)?, &schema)?;
    let builder = FilterExecBuilder::new(predicate, Arc::new(scan));
    Ok(Arc::new(builder.apply_projection(Some((0..width).collect()))?.build()?))
}

/// Graph's answer to these is SQL's answer; `tests/agree.rs` proves it.
fn claims_exact(spec: &'static TableSpec, filter: &Expr) -> bool {
    let scope = Scope { spec, version: spec.version };
    translate(&scope, filter).is_ok_and(|pushed| pushed.exact) || parents::is_exact(spec, filter)
}

fn unqualified(expr: Expr) -> Result<Expr> {
    use datafusion::common::Column as Name;
    use datafusion::common::tree_node::{Transformed, TreeNode};
    let bare = expr.transform(|e| {
        Ok(match e {
            Expr::Column(c) => Transformed::yes(Expr::Column(Name::new_unqualified(c.name))),
            other => Transformed::no(other),
        })
    })?;
    Ok(bare.data)
}

#[async_trait]
impl TableProvider for GraphTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn constraints(&self) -> Option<&Constraints> {
        Some(&self.constraints)
    }

    /// Nothing is answered `Unsupported`: the scan then hears of every predicate, and
    /// EXPLAIN can say why one was not pushed.
    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        let answer = |filter: &&Expr| match claims_exact(self.spec, filter) {
            true => TableProviderFilterPushDown::Exact,
            false => TableProviderFilterPushDown::Inexact,
        };
        Ok(filters.iter().map(answer).collect())
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let options = EntraOptions::of(session.config_options());
        let now = session.execution_props().query_execution_start_time.unwrap_or_else(utc_now);
        let wanted = projection.cloned().unwrap_or_else(|| (0..self.columns.len()).collect());
        let columns = self.project(&wanted);
        let ask =
            Ask { spec: self.spec, columns: &columns, filters, limit, options: &options, now };
        let plan = ScanPlan::new(&ask)?;
        let unsent = self.unsent(filters, &plan);
        if unsent.is_empty() {
            return Ok(Arc::new(self.scan_exec(session, &ask, plan, &wanted)?));
        }
        let wide = widened(&self.schema, &wanted, &unsent);
        let columns = self.project(&wide);
        let ask = Ask { columns: &columns, ..ask };
        let plan = ScanPlan::new(&ask)?;
        let unsent = self.unsent(filters, &plan);
        let scan = self.scan_exec(session, &ask, plan, &wide)?;
        filtered(session, scan, unsent, wanted.len())
    }
}
