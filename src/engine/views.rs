//! The views of the catalog that are written in SQL.

use std::sync::Arc;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::datasource::ViewTable;
use datafusion::error::Result;
use datafusion::prelude::SessionContext;

use crate::engine::catalog::{CATALOG, GRAPH};
use crate::spec::ViewSpec;
use crate::tables;

/// A view, and the columns its statement has.
pub(super) type Planned = (&'static ViewSpec, SchemaRef);

/// Plans the views and adds them to the catalog of a session. Sends nothing.
///
/// A filter on a view is pushed as if it stood in the statement: DataFusion puts the plan in
/// place of the name.
pub(super) async fn register(context: &SessionContext) -> Result<Vec<Planned>> {
    let Some(graph) = context.catalog(CATALOG).and_then(|catalog| catalog.schema(GRAPH)) else {
        return Ok(Vec::new());
    };
    let mut state = context.state();
    // A place in the text of a view is no place in the statement of a user.
    state.config_mut().options_mut().sql_parser.collect_spans = false;
    let mut planned = Vec::new();
    for view in tables::VIEWS {
        let plan = state.create_logical_plan(view.sql).await?;
        let provider = ViewTable::new(plan, Some(definition(view)));
        planned.push((*view, provider.schema()));
        graph.register_table(view.name.to_owned(), Arc::new(provider))?;
    }
    Ok(planned)
}

/// The statement of a view with those of the views it reads: what is named is tables.
fn definition(view: &ViewSpec) -> String {
    let inline = |text: String, other: &&ViewSpec| {
        let name = other.name;
        text.replace(&format!("FROM {name}\n"), &format!("FROM ({}) AS {name}\n", other.sql))
    };
    tables::VIEWS.iter().fold(view.sql.to_owned(), inline)
}

#[cfg(test)]
mod tests {
    use crate::engine::Engine;
    use crate::tables;

    #[tokio::test]
    async fn a_view_has_the_columns_it_describes() {
        let engine = Engine::offline().await.unwrap();
        for view in tables::VIEWS {
            let provider = engine.context().table_provider(view.name).await.unwrap();
            let schema = provider.schema();
            let found: Vec<_> = schema.fields().iter().map(|field| field.name().as_str()).collect();
            let described: Vec<_> = view.columns.iter().map(|(name, _)| *name).collect();
            assert_eq!(found, described, "{}", view.name);
            assert!(view.hidden.iter().all(|name| described.contains(name)), "{}", view.name);
        }
    }

    #[test]
    fn a_view_of_a_view_names_tables() {
        let expiring = tables::VIEWS.iter().find(|view| view.name == "expiring_credentials");
        let text = super::definition(expiring.unwrap());
        assert!(text.contains("FROM applications") && text.contains("FROM service_principals"));
    }

    #[tokio::test]
    async fn the_examples_of_views_plan() {
        let engine = Engine::offline().await.unwrap();
        for (title, sql) in tables::VIEWS.iter().flat_map(|view| view.examples) {
            let planned = engine.query(&format!("EXPLAIN {sql}")).await.map(drop);
            assert!(planned.is_ok(), "{title}: {planned:?}");
        }
    }
}
