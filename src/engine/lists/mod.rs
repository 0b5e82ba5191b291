//! Schema `lists`: files of other sources, to be joined with the tables.
//!
//! A file is opened when a statement names it, and read whole before its first row is used.

mod broken;
mod csv;
mod file;
mod folder;
mod json;
mod sample;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::catalog::{SchemaProvider, TableProvider};
use datafusion::common::TableReference;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::datasource::{MemTable, source_as_provider};
use datafusion::error::Result as DataFusionResult;
use datafusion::execution::SessionState;
use datafusion::logical_expr::{LogicalPlan, TableType};

use crate::engine::catalog::{CATALOG, META};
use crate::engine::lists::broken::Broken;
use crate::engine::lists::file::Listed;
use crate::engine::{Engine, meta};
use crate::error::{Error, ErrorKind, Result};

/// The schema.
pub(super) const LISTS: &str = "lists";

/// The rows of a file.
struct Rows {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Rows {
    fn table(self) -> Result<Arc<dyn TableProvider>> {
        let table = MemTable::try_new(self.schema, vec![self.batches]);
        Ok(Arc::new(table.map_err(Error::from_datafusion)?))
    }
}

/// What stands behind the sample lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Samples {
    /// Their rows: this is the demo.
    Shown,
    /// Their columns only, so that the queries over them can be planned.
    Expected,
}

/// The tables of the schema: the files of a folder, and the sample lists.
#[derive(Debug)]
pub(super) struct Lists {
    folder: Option<PathBuf>,
    files: BTreeMap<String, Listed>,
    samples: Samples,
}

/// Files left out, and why.
type Skipped = Vec<(PathBuf, String)>;

impl Lists {
    /// No folder.
    pub(super) fn of(samples: Samples) -> Self {
        Self { folder: None, files: BTreeMap::new(), samples }
    }

    /// The files of a folder, none of which is opened yet.
    fn read(folder: &Path, samples: Samples) -> Result<(Self, Skipped)> {
        let (files, skipped) = folder::read(folder)?;
        Ok((Self { folder: Some(folder.to_owned()), files, samples }, skipped))
    }

    /// Returns the name of each table and what it is.
    fn about(&self) -> Vec<(String, String)> {
        let names = self.table_names().into_iter();
        names.map(|name| (name.clone(), self.about_one(&name))).collect()
    }

    fn about_one(&self, name: &str) -> String {
        match self.files.get(name) {
            Some(listed) => listed.about(),
            None => sample::about(name).unwrap_or_default().to_owned(),
        }
    }

    fn open(&self, name: &str) -> Option<Arc<dyn TableProvider>> {
        if let Some(listed) = self.files.get(name) {
            let table = listed.table(name);
            return Some(table.unwrap_or_else(|error| Arc::new(Broken::new(error, None))));
        }
        let rows = sample::rows(name)?;
        let schema = Arc::clone(&rows.schema);
        let table = match self.samples {
            Samples::Shown => rows.table(),
            Samples::Expected => Err(self.missing(name)),
        };
        Some(table.unwrap_or_else(|error| Arc::new(Broken::new(error, Some(schema)))))
    }

    fn missing(&self, name: &str) -> Error {
        let error = Error::new(ErrorKind::Config, format!("there is no list `{name}`"));
        match &self.folder {
            Some(folder) => error.with_hint(format!(
                "put `{name}.csv`, .json, .ndjson or .parquet into {}",
                folder.display()
            )),
            None => error.with_hint(format!("`--lists DIR` names a folder with `{name}.csv`")),
        }
    }
}

/// Refuses a statement over a list that can't be read: without its columns it would be said
/// that there is no such column.
pub(super) async fn check(state: &SessionState, tables: &[TableReference]) -> Result<()> {
    let Some(catalog) = state.catalog_list().catalog(CATALOG) else { return Ok(()) };
    let Some(lists) = catalog.schema(LISTS) else { return Ok(()) };
    for table in tables.iter().filter(|table| table.schema() == Some(LISTS)) {
        let table = lists.table(table.table()).await.map_err(Error::from_datafusion)?;
        if let Some(broken) = table.as_ref().and_then(|table| table.downcast_ref::<Broken>()) {
            broken.check()?;
        }
    }
    Ok(())
}

/// Refuses a statement over a list that has no rows, before it asks Graph for the others.
pub(super) fn check_rows(plan: &LogicalPlan) -> Result<()> {
    if matches!(plan, LogicalPlan::Explain(_)) {
        return Ok(());
    }
    let mut found = None;
    plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node
            && let Ok(table) = source_as_provider(&scan.source)
            && let Some(broken) = table.downcast_ref::<Broken>()
        {
            found = Some(broken.error());
            return Ok(TreeNodeRecursion::Stop);
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    found.map_or(Ok(()), Err)
}

#[async_trait]
impl SchemaProvider for Lists {
    fn table_names(&self) -> Vec<String> {
        let shown = sample::NAMES.iter().filter(|_| self.samples == Samples::Shown);
        let mut names: Vec<_> = shown.map(|name| (*name).to_owned()).collect();
        names.extend(self.files.keys().cloned());
        names.sort_unstable();
        names.dedup();
        names
    }

    async fn table(&self, name: &str) -> DataFusionResult<Option<Arc<dyn TableProvider>>> {
        Ok(self.open(name))
    }

    /// Told without opening the file.
    async fn table_type(&self, name: &str) -> DataFusionResult<Option<TableType>> {
        Ok(self.table_exist(name).then_some(TableType::Base))
    }

    fn table_exist(&self, name: &str) -> bool {
        self.files.contains_key(name) || sample::NAMES.contains(&name)
    }
}

impl Engine {
    /// Makes tables of the files in a folder: `lists.<name of the file>`, of CSV, JSON (an
    /// array, or an object on each line) and Parquet. Returns the files left out, and why.
    ///
    /// A file is opened when a statement names it; one that can't be read is an error of
    /// that statement. What was made of another folder before is gone.
    ///
    /// # Errors
    ///
    /// `Config` when there is no such folder.
    pub fn read_lists(&self, folder: &Path) -> Result<Vec<(PathBuf, String)>> {
        let catalog = self.context().catalog(CATALOG);
        let before = catalog.and_then(|catalog| catalog.schema(LISTS));
        let before = before.as_ref().and_then(|lists| lists.downcast_ref::<Lists>());
        let samples = before.map_or(Samples::Expected, |lists| lists.samples);
        let (lists, skipped) = Lists::read(folder, samples)?;
        self.put(lists)?;
        Ok(skipped)
    }

    pub(super) fn put(&self, lists: Lists) -> Result<()> {
        let Some(catalog) = self.context().catalog(CATALOG) else { return Ok(()) };
        let about = lists.about();
        let put = || {
            catalog.register_schema(LISTS, Arc::new(lists))?;
            match catalog.schema(META) {
                Some(meta) => meta::tell_lists(meta.as_ref(), &about),
                None => Ok(()),
            }
        };
        put().map_err(Error::from_datafusion)
    }
}
