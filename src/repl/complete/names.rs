//! What there is to complete: read once from the catalog, without asking a tenant.

use std::collections::BTreeMap;

use datafusion::arrow::array::AsArray;
use datafusion::arrow::datatypes::DataType;

use crate::engine::Engine;
use crate::error::Result;

/// The schema of names without one.
pub(super) const DEFAULT_SCHEMA: &str = "graph";

/// The members of enumerations, with the column each belongs to.
const MEMBERS: &str = "SELECT table_name, column_name, members \
                         FROM meta.columns WHERE cardinality(members) > 0";

/// The tables DataFusion keeps about the session, which no catalog lists.
const ABOUT: &str = "information_schema";

/// A column, or a field of a struct.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ColumnName {
    pub(crate) name: String,
    pub(crate) fields: Vec<ColumnName>,
    /// The values an enumeration is documented to have.
    pub(crate) members: Vec<String>,
}

/// A table or view.
#[derive(Debug, Clone, Default)]
pub(crate) struct TableName {
    pub(crate) schema: String,
    pub(crate) name: String,
    pub(crate) columns: Vec<ColumnName>,
}

/// Everything that has a name.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) catalogs: Vec<String>,
    pub(crate) schemas: Vec<String>,
    pub(crate) tables: Vec<TableName>,
    pub(crate) functions: Vec<String>,
    pub(crate) table_functions: Vec<String>,
    pub(crate) settings: Vec<String>,
    /// Saved queries, for `.run`.
    pub(crate) saved: Vec<String>,
}

impl Names {
    /// Collects the names of a session.
    pub(crate) async fn of(engine: &Engine, saved: Vec<String>) -> Self {
        let state = engine.context().state();
        let scalar = state.scalar_functions().keys();
        let others = state.aggregate_functions().keys().chain(state.window_functions().keys());
        let mut names = Self {
            catalogs: engine.context().catalog_names(),
            functions: scalar.chain(others).cloned().collect(),
            table_functions: state.table_functions().keys().cloned().collect(),
            settings: engine.setting_names(),
            saved,
            ..Self::default()
        };
        names.read_tables(engine).await;
        // Without them, less is completed: no reason to have no shell.
        let _ = names.read_about(engine).await;
        let _ = names.read_members(engine).await;
        names.sort();
        names
    }

    async fn read_tables(&mut self, engine: &Engine) {
        let context = engine.context();
        let catalogs = self.catalogs.iter().filter_map(|name| context.catalog(name));
        for catalog in catalogs.collect::<Vec<_>>() {
            for schema in catalog.schema_names() {
                let Some(provider) = catalog.schema(&schema) else { continue };
                for name in provider.table_names() {
                    let Ok(Some(table)) = provider.table(&name).await else { continue };
                    let fields = table.schema();
                    let columns = fields.fields().iter().map(|f| column(f.name(), f.data_type()));
                    let columns = columns.collect();
                    self.tables.push(TableName { schema: schema.clone(), name, columns });
                }
                self.schemas.push(schema);
            }
        }
    }

    async fn read_about(&mut self, engine: &Engine) -> Result<()> {
        let sql = format!("SELECT table_name FROM {ABOUT}.tables WHERE table_schema = '{ABOUT}'");
        let mut query = engine.query(&sql).await?;
        self.schemas.push(ABOUT.to_owned());
        while let Some(batch) = query.next().await? {
            for name in batch.column(0).as_string::<i32>().iter().flatten() {
                let table = engine.context().table_provider(format!("{ABOUT}.{name}")).await?;
                let fields = table.schema();
                let columns = fields.fields().iter().map(|f| column(f.name(), f.data_type()));
                let (schema, name) = (ABOUT.to_owned(), name.to_owned());
                self.tables.push(TableName { schema, name, columns: columns.collect() });
            }
        }
        Ok(())
    }

    async fn read_members(&mut self, engine: &Engine) -> Result<()> {
        let mut query = engine.query(MEMBERS).await?;
        let mut found: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
        while let Some(batch) = query.next().await? {
            let (tables, columns) = (batch.column(0), batch.column(1));
            let (tables, columns) = (tables.as_string::<i32>(), columns.as_string::<i32>());
            let lists = batch.column(2).as_list::<i32>();
            for row in 0..batch.num_rows() {
                let values = lists.value(row);
                let values = values.as_string::<i32>().iter().flatten().map(str::to_owned);
                let key = (tables.value(row).to_owned(), columns.value(row).to_owned());
                found.insert(key, values.collect());
            }
        }
        for ((table, path), members) in &found {
            self.give(table, path, members);
        }
        Ok(())
    }

    /// Gives members to a column of a table, and to its namesakes in views over tables.
    fn give(&mut self, table: &str, path: &str, members: &[String]) {
        let parts: Vec<&str> = path.split("['").map(|part| part.trim_end_matches("']")).collect();
        for known in self.tables.iter_mut().filter(|t| t.schema == DEFAULT_SCHEMA) {
            let is_table = known.name == table;
            if let Some(column) = deep(&mut known.columns, &parts)
                && (is_table || column.members.is_empty())
            {
                column.members = members.to_vec();
            }
        }
    }

    fn sort(&mut self) {
        for names in [
            &mut self.schemas,
            &mut self.functions,
            &mut self.table_functions,
            &mut self.settings,
            &mut self.saved,
        ] {
            names.sort_unstable();
            names.dedup();
        }
        self.tables.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
    }

    /// Finds a table by its name, with or without schema and catalog.
    pub(crate) fn table(&self, parts: &[String]) -> Option<&TableName> {
        let (schema, name) = match parts {
            [name] => (DEFAULT_SCHEMA, name),
            [schema, name] | [_, schema, name] => (schema.as_str(), name),
            _ => return None,
        };
        self.tables.iter().find(|t| t.schema == schema && t.name == *name)
    }

    /// Returns the tables that are found without naming their schema.
    pub(crate) fn default_tables(&self) -> impl Iterator<Item = &TableName> {
        self.tables.iter().filter(|t| t.schema == DEFAULT_SCHEMA)
    }
}

fn column(name: &str, data_type: &DataType) -> ColumnName {
    let fields = match data_type {
        DataType::Struct(fields) => {
            fields.iter().map(|f| column(f.name(), f.data_type())).collect()
        }
        _ => Vec::new(),
    };
    ColumnName { name: name.to_owned(), fields, members: Vec::new() }
}

fn deep<'a>(columns: &'a mut [ColumnName], parts: &[&str]) -> Option<&'a mut ColumnName> {
    let (first, rest) = parts.split_first()?;
    let column = columns.iter_mut().find(|c| c.name == *first)?;
    if rest.is_empty() { Some(column) } else { deep(&mut column.fields, rest) }
}
