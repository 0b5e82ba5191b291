//! What a statement reads, without reading it: tables, permissions, licenses.

use std::collections::BTreeSet;

use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::datasource::source_as_provider;
use datafusion::execution::SessionState;
use datafusion::logical_expr::{Expr, LogicalPlan, TableScan};

use crate::engine::catalog::GRAPH;
use crate::engine::query::{self, QueryOptions};
use crate::engine::{Inner, statement};
use crate::error::{Error, Result};
use crate::provider::{GraphTable, OpenTable};
use crate::spec::TableSpec;
use crate::tables;

/// What a statement reads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// The tables the text names, sorted; those outside the default schema with theirs.
    pub tables: Vec<String>,
    /// What reading them asks for, a line per table of Graph and per column with a price.
    pub needs: Vec<Need>,
}

/// What one table, or one column of it, asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// `sign_ins`, or `users.sign_in_activity`.
    pub what: String,
    /// Application permissions, least privileged first; any one is enough.
    pub permissions: Vec<&'static str>,
    /// The license of the tenant.
    pub license: Option<&'static str>,
}

impl Need {
    /// What every scan of a table asks for, whatever columns it reads.
    pub(super) fn of_table(spec: &TableSpec) -> Self {
        Self {
            what: spec.name.to_owned(),
            permissions: spec.permissions.to_vec(),
            license: Some(spec.license.name()).filter(|name| !name.is_empty()),
        }
    }
}

/// Plans a statement and takes down what its scans read. Sends nothing.
pub(super) async fn of(inner: &Inner, sql: &str, options: &QueryOptions) -> Result<Needs> {
    let state = inner.context.state();
    let tables = named(&state, sql)?;
    let frame = query::data_frame(inner, sql, options).await?;
    let plan = frame.into_optimized_plan().map_err(Error::from_datafusion)?;
    let mut needs = BTreeSet::new();
    plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node {
            needs.extend(read(scan));
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(Needs { tables, needs: needs.into_iter().collect() })
}

fn named(state: &SessionState, sql: &str) -> Result<Vec<String>> {
    let statement = statement::parse(sql)?;
    let references = state.resolve_table_references(&statement).map_err(Error::from_datafusion)?;
    let names = references.iter().map(|reference| match reference.schema() {
        None | Some(GRAPH) => {
            let name = reference.table();
            tables::find(name).map_or(name, |spec| spec.name).to_owned()
        }
        Some(schema) => format!("{schema}.{}", reference.table()),
    });
    Ok(names.collect::<BTreeSet<_>>().into_iter().collect())
}

/// A scan asks for its table, and for the columns that cost more than the table does.
fn read(scan: &TableScan) -> Vec<Need> {
    let Ok(provider) = source_as_provider(&scan.source) else { return Vec::new() };
    if let Some(table) = provider.downcast_ref::<OpenTable>() {
        return vec![Need::of_table(table.spec())];
    }
    let Some(table) = provider.downcast_ref::<GraphTable>() else { return Vec::new() };
    let spec = table.spec();
    let own = Need::of_table(spec);
    let fields = scan.projected_schema.fields().iter().map(|f| f.name().clone());
    let filters = scan.filters.iter().flat_map(Expr::column_refs).map(|c| c.name.clone());
    let columns: BTreeSet<String> = fields.chain(filters).collect();
    let priced = columns.iter().filter_map(|name| priced(spec, name));
    std::iter::once(own).chain(priced).collect()
}

fn priced(spec: &TableSpec, name: &str) -> Option<Need> {
    let column = spec.columns.iter().find(|c| c.name == name)?;
    let is_priced = column.permission.is_some() || column.license.is_some();
    is_priced.then(|| Need {
        what: format!("{}.{name}", spec.name),
        permissions: column.permission.into_iter().collect(),
        license: column.license,
    })
}
