//! Tables as files of an earlier day: `entraql --offline`.
//!
//! A snapshot is what `SELECT *` gave for the whole table. Anything else under its name is
//! refused: a short file must not look like the tenant.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, SecondsFormat, Utc};
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{Constraints, DataFusionError};
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{
    ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl,
};
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use datafusion::parquet::file::metadata::KeyValue;
use datafusion::physical_plan::ExecutionPlan;
use serde::Deserialize;

use crate::error::{Error, ErrorKind, Result};
use crate::provider::{Ledger, primary_key};
use crate::spec::{TableSpec, arrow_schema};

/// A table of a snapshot, or why there is none; the other tables can be read all the same.
#[derive(Debug)]
pub(super) struct SnapshotTable {
    name: &'static str,
    path: PathBuf,
    schema: SchemaRef,
    constraints: Constraints,
    taken: Result<Taken>,
}

/// A file that holds a table.
#[derive(Debug)]
struct Taken {
    at: DateTime<Utc>,
    schema: SchemaRef,
    files: ListingTable,
}

/// The part of a receipt that counts here.
#[derive(Deserialize)]
struct Kept {
    complete: bool,
    started: String,
}

impl SnapshotTable {
    /// Looks at the file of a table.
    pub(super) fn of(folder: &Path, spec: &'static TableSpec) -> Self {
        let schema = arrow_schema(spec);
        let constraints = primary_key(spec, &schema);
        Self { constraints, ..Self::open(folder, spec.name, schema) }
    }

    /// Looks at the file of a table or a view with these columns.
    pub(super) fn open(folder: &Path, name: &'static str, schema: SchemaRef) -> Self {
        let path = folder.join(name).with_extension("parquet");
        let taken = take(&path, name, &schema).map_err(|error| {
            let folder = folder.display();
            error.with_hint(format!("`entraql snapshot {folder} {name}` takes a new one"))
        });
        Self { name, path, schema, constraints: Constraints::default(), taken }
    }

    /// Returns where the file has the columns of a plan.
    fn places(&self, taken: &Taken, wanted: &[usize]) -> Result<Vec<usize>> {
        let place = |&index: &usize| {
            let name = self.schema.field(index).name();
            taken.schema.index_of(name).map_err(|_| self.lacks(name))
        };
        wanted.iter().map(place).collect()
    }

    fn lacks(&self, column: &str) -> Error {
        let table = self.name;
        let message = format!("the snapshot of `{table}` has no column `{column}`");
        Error::new(ErrorKind::Query, message)
            .with_context("file", self.path.display().to_string())
            .with_hint(format!("take one with it: `entraql snapshot … --with {table}.{column}`"))
    }
}

/// Reads the footer: nothing of the rows.
fn take(path: &Path, name: &str, wanted: &Schema) -> Result<Taken> {
    let unreadable = |what: String| refused(path, &format!("cannot be read: {what}"));
    let file = File::open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            Error::new(ErrorKind::Config, format!("there is no snapshot of `{name}`"))
                .with_context("file", path.display().to_string())
        }
        _ => unreadable(error.to_string()),
    })?;
    let reader =
        ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| unreadable(e.to_string()))?;
    let facts = reader.metadata().file_metadata().key_value_metadata();
    let at = check_whole(path, name, facts.map(Vec::as_slice).unwrap_or_default())?;
    let schema = Arc::clone(reader.schema());
    check_types(path, wanted, &schema)?;
    let schema = Arc::new(Schema::new(schema.fields().clone()));
    Ok(Taken { at, files: files(path, &schema)?, schema })
}

fn files(path: &Path, schema: &SchemaRef) -> Result<ListingTable> {
    // DataFusion takes such a path for a pattern: no file would match, and a table without
    // rows would look like the tenant's.
    if path.to_str().is_none_or(|path| path.contains(['*', '?', '['])) {
        return Err(refused(path, "cannot be read: a path with `*`, `?` or `[` is a pattern"));
    }
    let format = ParquetFormat::default().with_force_view_types(false);
    let url = ListingTableUrl::parse(path.to_string_lossy()).map_err(Error::from_datafusion)?;
    let config = ListingTableConfig::new(url)
        .with_listing_options(ListingOptions::new(Arc::new(format)))
        .with_schema(Arc::clone(schema));
    ListingTable::try_new(config).map_err(Error::from_datafusion)
}

/// The file says which statement it answers, when that ran, and whether the answer is whole.
fn check_whole(path: &Path, name: &str, facts: &[KeyValue]) -> Result<DateTime<Utc>> {
    let fact = |key: &str| {
        facts.iter().find(|fact| fact.key == key).and_then(|fact| fact.value.as_deref())
    };
    let sql = fact("entraql.sql").unwrap_or_default();
    if !is_all_of(name, sql) {
        return Err(refused(path, &format!("is no snapshot: it answers `{sql}`")));
    }
    let receipt = fact("entraql.receipt").and_then(|text| serde_json::from_str(text).ok());
    let Some(Kept { complete: true, started }) = receipt else {
        return Err(refused(path, "is not whole"));
    };
    let started = DateTime::parse_from_rfc3339(&started);
    started.map(Into::into).map_err(|error| refused(path, &format!("has no time: {error}")))
}

/// Whether a statement asks for every row and at least the columns `*` shows.
fn is_all_of(table: &str, sql: &str) -> bool {
    let more = sql.strip_prefix("SELECT *").and_then(|rest| rest.strip_suffix(table));
    let more = more.and_then(|rest| rest.strip_suffix(" FROM "));
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ',' | ' ');
    more.is_some_and(|columns| columns.chars().all(is_name))
}

fn check_types(path: &Path, wanted: &Schema, schema: &Schema) -> Result<()> {
    for field in wanted.fields() {
        match schema.field_with_name(field.name()) {
            Ok(found) if found.data_type() != field.data_type() => {
                let (name, is, was) = (field.name(), field.data_type(), found.data_type());
                return Err(refused(path, &format!("holds `{name}` as {was}, now it is {is}")));
            }
            _ => {}
        }
    }
    Ok(())
}

fn refused(path: &Path, what: &str) -> Error {
    Error::new(ErrorKind::Config, format!("`{}` {what}", path.display()))
}

#[async_trait]
impl TableProvider for SnapshotTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn constraints(&self) -> Option<&Constraints> {
        Some(&self.constraints)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> datafusion::error::Result<Vec<TableProviderFilterPushDown>> {
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> datafusion::error::Result<Arc<dyn ExecutionPlan>> {
        let taken = self.taken.as_ref().map_err(|e| DataFusionError::from(e.duplicate()))?;
        let all = || (0..self.schema.fields().len()).collect();
        let wanted = projection.cloned().unwrap_or_else(all);
        let places = self.places(taken, &wanted)?;
        if let Some(ledger) = session.config().get_extension::<Ledger>() {
            let at = taken.at.to_rfc3339_opts(SecondsFormat::Secs, true);
            ledger.warn(format!("`{}` is a snapshot of {at}", self.name));
        }
        taken.files.scan(session, Some(&places), filters, limit).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_tables_are_snapshots() {
        assert!(is_all_of("users", "SELECT * FROM users"));
        assert!(is_all_of("users", "SELECT *, sign_in_activity, raw FROM users"));
        for other in [
            "",
            "SELECT id FROM users",
            "SELECT * FROM users LIMIT 5",
            "SELECT * FROM users WHERE id = 'x'",
            "SELECT * FROM (SELECT * FROM users LIMIT 5) AS users",
            "SELECT * FROM groups",
            "SELECT * FROM my_users",
        ] {
            assert!(!is_all_of("users", other), "{other}");
        }
    }
}
