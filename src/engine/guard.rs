//! What a statement may not do: change what comes from Graph, or take it out of reach.
//!
//! A session's own tables and views are its own; the names we bring stay what they are.

use std::collections::HashMap;

use datafusion::catalog::CatalogProvider;
use datafusion::common::TableReference;
use datafusion::common::config::ConfigEntry;
use datafusion::datasource::{MemTable, source_as_provider};
use datafusion::execution::SessionState;
use datafusion::logical_expr::{
    DdlStatement, DmlStatement, LogicalPlan, ResetVariable, SetVariable, Statement, WriteOp,
};

use crate::error::{Error, ErrorKind, Result};

/// The tables we bring, by schema.
#[derive(Debug)]
pub(super) struct Guard(HashMap<String, Vec<String>>);

impl Guard {
    /// Takes down what a new catalog holds.
    pub(super) fn of(catalog: &dyn CatalogProvider) -> Self {
        let tables = |name: &String| catalog.schema(name).map(|schema| schema.table_names());
        let schemas = catalog.schema_names().into_iter();
        Self(schemas.map(|name| (name.clone(), tables(&name).unwrap_or_default())).collect())
    }

    /// Refuses a plan that would change or hide what is ours, and settings there are none of.
    pub(super) fn check(&self, plan: &LogicalPlan, state: &SessionState) -> Result<()> {
        match plan {
            LogicalPlan::Explain(explain) => self.check(&explain.plan, state),
            LogicalPlan::Analyze(analyze) => self.check(&analyze.input, state),
            LogicalPlan::Dml(write) if !matches!(write.op, WriteOp::Ctas) => {
                if self.owns(&write.table_name, state) {
                    return Err(read_only(&write.op, write.table_name.table()));
                }
                in_memory(write)
            }
            LogicalPlan::Ddl(statement) => self.check_names(statement, state),
            LogicalPlan::Statement(Statement::SetVariable(set)) => setting(set, state),
            LogicalPlan::Statement(Statement::ResetVariable(ResetVariable { variable })) => {
                known(variable, state)
            }
            _ => Ok(()),
        }
    }

    fn check_names(&self, statement: &DdlStatement, state: &SessionState) -> Result<()> {
        let table = match statement {
            DdlStatement::CreateExternalTable(create) => &create.name,
            DdlStatement::CreateMemoryTable(create) => &create.name,
            DdlStatement::CreateView(create) => &create.name,
            DdlStatement::DropTable(drop) => &drop.name,
            DdlStatement::DropView(drop) => &drop.name,
            DdlStatement::DropCatalogSchema(drop) => {
                let name = drop.name.schema_name();
                return match self.0.contains_key(name) {
                    true => Err(built_in("schema", name)),
                    false => Ok(()),
                };
            }
            _ => return Ok(()),
        };
        match self.owns(table, state) {
            true => Err(built_in("table", table.table())),
            false => Ok(()),
        }
    }

    fn owns(&self, table: &TableReference, state: &SessionState) -> bool {
        let defaults = &state.config_options().catalog;
        let full = table.clone().resolve(&defaults.default_catalog, &defaults.default_schema);
        let tables = self.0.get(full.schema.as_ref());
        *full.catalog == *super::catalog::CATALOG
            && tables.is_some_and(|tables| tables.iter().any(|t| **t == *full.table))
    }
}

/// DataFusion leaves the rows of a query that fails in the files of an external table.
fn in_memory(write: &DmlStatement) -> Result<()> {
    let provider = source_as_provider(&write.target).map_err(Error::from_datafusion)?;
    if provider.downcast_ref::<MemTable>().is_some() {
        return Ok(());
    }
    let message =
        format!("`{}` is made of files: only COPY writes files", write.table_name.table());
    Err(Error::new(ErrorKind::Query, message).with_hint("`COPY (SELECT …) TO 'rows.parquet'`"))
}

fn read_only(op: &WriteOp, table: &str) -> Error {
    let op = match op {
        WriteOp::Insert(_) => "INSERT",
        WriteOp::Delete => "DELETE",
        WriteOp::Update => "UPDATE",
        WriteOp::MergeInto(_) => "MERGE",
        WriteOp::Truncate => "TRUNCATE",
        _ => "this",
    };
    Error::new(ErrorKind::Query, format!("entraql only reads: {op} can't change `{table}`"))
        .with_hint(
            "to keep rows, `COPY (SELECT …) TO 'rows.parquet'` or `CREATE TABLE t AS SELECT …`",
        )
}

fn built_in(what: &str, name: &str) -> Error {
    let message = format!("`{name}` is a built-in {what}: it can't be dropped or replaced");
    Error::new(ErrorKind::Query, message).with_hint("choose another name")
}

/// Tries a setting on a copy: DataFusion's own report names neither it nor the value.
fn setting(set: &SetVariable, state: &SessionState) -> Result<()> {
    let SetVariable { variable, value, .. } = set;
    known(variable, state)?;
    let mut copy = state.config_options().as_ref().clone();
    let Some(refused) = (!is_runtime(variable)).then(|| copy.set(variable, value).err()).flatten()
    else {
        return Ok(());
    };
    let now = settings(state).find(|o| o.key == *variable).and_then(|o| o.value);
    let now = now.map_or_else(|| "unset".to_owned(), |now| format!("`{now}`"));
    let message = format!("`{variable}` can't be '{value}'");
    let error = Error::new(ErrorKind::Query, message);
    Err(match Error::from_datafusion(refused).hint() {
        Some(form) => error.with_hint(format!("{form}; it is {now} now")),
        None => error.with_hint(format!("it is {now} now")),
    })
}

fn known(variable: &str, state: &SessionState) -> Result<()> {
    if is_runtime(variable) || settings(state).any(|option| option.key == variable) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Query, format!("there is no setting `{variable}`")))
}

/// Returns every setting under the name `SET` takes.
pub(crate) fn settings(state: &SessionState) -> impl Iterator<Item = ConfigEntry> {
    state.config_options().entries().into_iter()
}

/// These live outside of the options; DataFusion reports them by name.
fn is_runtime(variable: &str) -> bool {
    variable.starts_with("datafusion.runtime.")
}
