//! `meta.receipts`: what every query of the session has cost.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use datafusion::arrow::json::ReaderBuilder;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::catalog::{Session, TableProvider};
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::ExecutionPlan;

use crate::engine::history::{History, Past};

/// The queries that are over when the table is planned, oldest first.
#[derive(Debug)]
pub(super) struct Receipts {
    history: Arc<History>,
    schema: SchemaRef,
}

impl Receipts {
    /// Reads from a history.
    pub(super) fn of(history: Arc<History>) -> Self {
        Self { history, schema: schema() }
    }

    /// The columns are the members of a receipt as JSON, so that both say the same.
    fn rows(&self) -> Result<RecordBatch> {
        let past: Vec<_> = self.history.past().iter().map(row).collect();
        let builder =
            ReaderBuilder::new(Arc::clone(&self.schema)).with_batch_size(past.len().max(1));
        let mut decoder = builder.build_decoder()?;
        decoder.serialize(&past)?;
        Ok(decoder.flush()?.unwrap_or_else(|| RecordBatch::new_empty(Arc::clone(&self.schema))))
    }
}

fn row(past: &Past) -> serde_json::Value {
    let mut row = past.receipt.json();
    row["query"] = past.number.into();
    row["sql"] = past.sql.clone().into();
    row
}

fn schema() -> SchemaRef {
    let number = |name: &str| Field::new(name, DataType::Int64, true);
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let flag = |name: &str| Field::new(name, DataType::Boolean, true);
    let time = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let time = |name: &str| Field::new(name, time.clone(), true);
    let texts = |name: &str| Field::new(name, DataType::new_list(DataType::Utf8, true), true);
    let scan = Fields::from(vec![
        text("table"),
        text("target"),
        number("rows"),
        number("pages"),
        texts("pushed"),
        texts("rechecked"),
        time("newest"),
        time("oldest"),
        flag("shared"),
        flag("finished"),
        time("cached_at"),
        number("cache_age_ms"),
    ]);
    let scans = DataType::new_list(DataType::Struct(scan), true);
    Arc::new(Schema::new(vec![
        number("query"),
        text("sql"),
        time("started"),
        number("rows"),
        number("requests"),
        number("pages"),
        number("retries"),
        number("throttled_ms"),
        number("bytes"),
        number("elapsed_ms"),
        flag("complete"),
        flag("failed"),
        texts("warnings"),
        Field::new("scans", scans, true),
    ]))
}

#[async_trait]
impl TableProvider for Receipts {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        _: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let rows = vec![vec![self.rows()?]];
        let source = MemorySourceConfig::try_new_exec(&rows, self.schema(), projection.cloned())?;
        Ok(source)
    }
}
