//! Catalog `entra`: schema `graph` with the tables and their views, `ocsf` with their rows as
//! events, `lists` with files of other sources, `meta` with what is known about them.

use std::path::PathBuf;
use std::sync::Arc;

use datafusion::catalog::{
    CatalogProvider, MemoryCatalogProvider, MemorySchemaProvider, SchemaProvider, TableProvider,
};
use datafusion::datasource::{ViewTable, provider_as_source};
use datafusion::error::Result;
use datafusion::logical_expr::{LogicalPlanBuilder, col, lit};

use crate::engine::lists::{LISTS, Lists, Samples};
use crate::engine::ocsf::{OCSF, Ocsf, WithOcsf};
use crate::engine::snapshot::SnapshotTable;
use crate::engine::statement::Hidden;
use crate::graph::GraphClient;
use crate::provider::GraphTable;
use crate::spec::{RAW, TableSpec};
use crate::tables;

/// The catalog.
pub(super) const CATALOG: &str = "entra";
/// The schema of the tables.
pub(super) const GRAPH: &str = "graph";
/// The schema of what is known about them.
pub(super) const META: &str = "meta";
/// The union of the sign-in logs.
pub(super) const ALL_SIGN_INS: &str = "all_sign_ins";

/// Builds the catalog without `meta`, which tells of views that are yet to be planned.
///
/// Without a client the tables can be planned, not read.
pub(super) fn build(source: &Source) -> Result<Arc<dyn CatalogProvider>> {
    let graph = MemorySchemaProvider::new();
    for spec in tables::ALL {
        graph.register_table(spec.name.to_owned(), source.provider(spec))?;
        if let Some(alias) = spec.alias {
            graph.register_table(alias.to_owned(), Arc::new(alias_view(spec, source)?))?;
        }
    }
    graph.register_table(ALL_SIGN_INS.to_owned(), source.all_sign_ins()?)?;
    let catalog = MemoryCatalogProvider::new();
    let ocsf = Arc::new(Ocsf::of(source.client().map(GraphClient::tenant)));
    let tables = Arc::new(graph);
    catalog.register_schema(GRAPH, Arc::new(WithOcsf { tables, ocsf: Arc::clone(&ocsf) }))?;
    catalog.register_schema(OCSF, ocsf)?;
    catalog.register_schema(LISTS, Arc::new(Lists::of(Samples::Expected)))?;
    Ok(Arc::new(catalog))
}

/// Where rows come from.
pub(super) enum Source {
    /// Graph; without a client the tables can be planned, not read.
    Graph(Option<GraphClient>),
    /// The files in a folder.
    Snapshot(PathBuf),
}

impl Source {
    /// Returns the client, where there is one.
    pub(super) fn client(&self) -> Option<&GraphClient> {
        match self {
            Self::Graph(client) => client.as_ref(),
            Self::Snapshot(_) => None,
        }
    }

    fn provider(&self, spec: &'static TableSpec) -> Arc<dyn TableProvider> {
        match self {
            Self::Graph(client) => Arc::new(GraphTable::new(spec, client.clone())),
            Self::Snapshot(folder) => Arc::new(SnapshotTable::of(folder, spec)),
        }
    }

    /// The view is a file of its own: its interactive sign-ins are those of the beta version,
    /// which the file of `sign_ins` does not hold.
    fn all_sign_ins(&self) -> Result<Arc<dyn TableProvider>> {
        let view = all_sign_ins(&Self::Graph(self.client().cloned()))?;
        Ok(match self {
            Self::Graph(_) => Arc::new(view),
            Self::Snapshot(folder) => {
                Arc::new(SnapshotTable::open(folder, ALL_SIGN_INS, view.schema()))
            }
        })
    }
}

/// The columns `*` leaves out, by table and view.
pub(super) fn hidden() -> Hidden {
    let mut hidden = Hidden::new();
    for spec in tables::ALL {
        let columns = spec.columns_served().filter(|c| spec.hides(c)).map(|c| c.name);
        let columns: Vec<_> = columns.chain([RAW.name]).collect();
        if let Some(alias) = spec.alias {
            hidden.insert(alias.to_owned(), columns.clone());
        }
        hidden.insert(spec.name.to_owned(), columns);
    }
    hidden.insert(ALL_SIGN_INS.to_owned(), vec![RAW.name]);
    hidden.extend(tables::VIEWS.iter().map(|view| (view.name.to_owned(), view.hidden.to_vec())));
    hidden
}

fn alias_view(spec: &'static TableSpec, source: &Source) -> Result<ViewTable> {
    let source = provider_as_source(source.provider(spec));
    let plan = LogicalPlanBuilder::scan(spec.name, source, None)?.build()?;
    Ok(ViewTable::new(plan, Some(format!("SELECT * FROM {}", spec.name))))
}

/// One branch per kind, each with its kind as a constant: a filter on `event_type` turns
/// the branches not asked for into nothing while planning, before a request.
fn all_sign_ins(source: &Source) -> Result<ViewTable> {
    let kinds = tables::SIGN_IN_KINDS;
    let mut union: Option<LogicalPlanBuilder> = None;
    for (kind, spec) in kinds {
        let source = provider_as_source(source.provider(spec));
        let columns = spec.columns_served().map(|c| c.name).chain([RAW.name]).map(col);
        let columns = std::iter::once(lit(*kind).alias("event_type")).chain(columns);
        let branch = LogicalPlanBuilder::scan(spec.name, source, None)?.project(columns)?;
        union = Some(match union {
            Some(others) => others.union(branch.build()?)?,
            None => branch,
        });
    }
    let plan = union
        .map_or_else(|| LogicalPlanBuilder::empty(false).build(), LogicalPlanBuilder::build)?;
    let text = kinds.iter().map(|(kind, spec)| {
        format!("SELECT '{kind}' AS event_type, * FROM {} /* beta */", spec.name)
    });
    Ok(ViewTable::new(plan, Some(text.collect::<Vec<_>>().join(" UNION ALL "))))
}
