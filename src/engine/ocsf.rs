//! Schema `ocsf`: the mappings as views, planned when a statement names one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use async_trait::async_trait;
use datafusion::catalog::{SchemaProvider, TableProvider};
use datafusion::datasource::ViewTable;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::SessionState;
use datafusion::logical_expr::TableType;
use datafusion::prelude::SessionContext;

use crate::engine::catalog::CATALOG;
use crate::engine::statement;
use crate::ocsf::{self, Setting};
use crate::provider::EntraOptions;

/// The schema of the views.
pub(super) const OCSF: &str = "ocsf";
/// Before a name, it stands for the schema: `ocsf_authentication`.
const ALIAS: &str = "ocsf_";

/// What a planned view depends on: its name, the version, the time of collection.
type Key = (String, String, String);

/// Returns the session as it is now, while there is one.
type Session = Box<dyn Fn() -> Option<SessionState> + Send + Sync>;

/// The schema. Its views read tables of the same session, which it learns of later.
#[derive(Default)]
pub(super) struct Ocsf {
    tenant: Option<String>,
    session: OnceLock<Session>,
    planned: Mutex<HashMap<Key, Arc<dyn TableProvider>>>,
}

impl std::fmt::Debug for Ocsf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ocsf").field("tenant", &self.tenant).finish_non_exhaustive()
    }
}

impl Ocsf {
    /// The views over a tenant.
    pub(super) fn of(tenant: Option<&str>) -> Self {
        Self { tenant: tenant.map(str::to_owned), ..Self::default() }
    }

    async fn plan(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        if !ocsf::has(name) {
            return Ok(None);
        }
        let Some(mut state) = self.session.get().and_then(|session| session()) else {
            return Err(DataFusionError::Internal("the session is gone".to_owned()));
        };
        let options = EntraOptions::of(state.config_options());
        let (version, now) = (options.ocsf_version.clone(), options.ocsf_time.clone());
        let key = (name.to_owned(), version, now);
        if let Some(known) = self.planned().get(&key) {
            return Ok(Some(Arc::clone(known)));
        }
        let setting = Setting {
            version: &key.1,
            tenant: self.tenant.as_deref(),
            now: Some(key.2.as_str()).filter(|now| !now.is_empty()),
        };
        let Some(sql) = ocsf::sql(name, &setting) else { return Ok(None) };
        let sql = sql.map_err(DataFusionError::Plan)?;
        // A place in the text of a view is no place in the statement of a user.
        state.config_mut().options_mut().sql_parser.collect_spans = false;
        let statement = statement::parse(&sql).map_err(|e| DataFusionError::Plan(e.to_string()))?;
        let plan = state.statement_to_plan(statement).await?;
        let table: Arc<dyn TableProvider> = Arc::new(ViewTable::new(plan, Some(sql)));
        self.planned().insert(key, Arc::clone(&table));
        Ok(Some(table))
    }

    fn planned(&self) -> MutexGuard<'_, HashMap<Key, Arc<dyn TableProvider>>> {
        self.planned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets the views read what the session has.
pub(super) fn connect(context: &SessionContext) {
    let Some(schema) = context.catalog(CATALOG).and_then(|catalog| catalog.schema(OCSF)) else {
        return;
    };
    if let Some(ocsf) = schema.downcast_ref::<Ocsf>() {
        let state = context.state_weak_ref();
        // A catalog has one session.
        let _ = ocsf.session.set(Box::new(move || Some(state.upgrade()?.read().clone())));
    }
}

#[async_trait]
impl SchemaProvider for Ocsf {
    fn table_names(&self) -> Vec<String> {
        ocsf::described().iter().map(|view| view.name.to_owned()).collect()
    }

    async fn table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        self.plan(name).await
    }

    /// Told without planning it.
    async fn table_type(&self, name: &str) -> Result<Option<TableType>> {
        Ok(self.table_exist(name).then_some(TableType::View))
    }

    fn table_exist(&self, name: &str) -> bool {
        ocsf::has(name)
    }
}

/// The schema of the tables, in which the views can be named without theirs.
#[derive(Debug)]
pub(super) struct WithOcsf {
    pub(super) tables: Arc<dyn SchemaProvider>,
    pub(super) ocsf: Arc<Ocsf>,
}

#[async_trait]
impl SchemaProvider for WithOcsf {
    fn table_names(&self) -> Vec<String> {
        self.tables.table_names()
    }

    async fn table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        match self.tables.table(name).await? {
            None => match name.strip_prefix(ALIAS) {
                Some(view) => self.ocsf.table(view).await,
                None => Ok(None),
            },
            found => Ok(found),
        }
    }

    async fn table_type(&self, name: &str) -> Result<Option<TableType>> {
        match name.strip_prefix(ALIAS).is_some_and(ocsf::has) {
            true => Ok(Some(TableType::View)),
            false => self.tables.table_type(name).await,
        }
    }

    fn table_exist(&self, name: &str) -> bool {
        self.tables.table_exist(name) || name.strip_prefix(ALIAS).is_some_and(ocsf::has)
    }

    fn register_table(
        &self,
        name: String,
        table: Arc<dyn TableProvider>,
    ) -> Result<Option<Arc<dyn TableProvider>>> {
        self.tables.register_table(name, table)
    }

    fn deregister_table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        self.tables.deregister_table(name)
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::Engine;
    use crate::ocsf;

    #[tokio::test]
    async fn every_view_plans_in_every_version() {
        let engine = Engine::offline().await.unwrap();
        for version in ["1.6.0", "1.8.0"] {
            engine.set("entra.ocsf_version", version).unwrap();
            for view in ocsf::described() {
                let sql = format!("EXPLAIN SELECT * FROM ocsf.{}", view.name);
                let planned = engine.query(&sql).await.map(drop);
                assert!(planned.is_ok(), "{} {version}: {planned:?}", view.name);
            }
        }
    }

    #[tokio::test]
    async fn the_examples_of_views_plan() {
        let engine = Engine::offline().await.unwrap();
        for (title, sql) in ocsf::described().iter().flat_map(|view| view.examples) {
            let planned = engine.query(&format!("EXPLAIN {sql}")).await.map(drop);
            assert!(planned.is_ok(), "{title}: {planned:?}");
        }
    }

    #[test]
    fn the_time_of_collection_can_be_said() {
        for view in ocsf::VIEWS.iter().filter(|view| view.strict) {
            let sql = view.sql(&ocsf::Setting {
                version: "1.6.0",
                tenant: Some("t'1"),
                now: Some("2026-01-02T03:04:05Z"),
            });
            let sql = sql.unwrap();
            let open = ["now()", "{version}", "{tenant}", "{now}"];
            assert!(!open.iter().any(|hole| sql.contains(hole)), "{}", view.name);
            assert!(sql.contains("'t''1'"), "{}", view.name);
        }
    }

    #[tokio::test]
    async fn a_version_that_is_none_is_refused() {
        let engine = Engine::offline().await.unwrap();
        engine.set("entra.ocsf_version", "1.5.0").unwrap();
        let error = engine.query("SELECT * FROM ocsf.events").await.map(drop).unwrap_err();
        assert!(error.to_string().contains("there is no OCSF 1.5.0"), "{error}");
    }

    #[tokio::test]
    async fn what_is_ours_stays_ours() {
        let engine = Engine::offline().await.unwrap();
        for sql in ["DROP VIEW ocsf.events", "CREATE VIEW ocsf.authentication AS SELECT 1"] {
            assert!(engine.query(sql).await.is_err(), "{sql}");
        }
    }
}
