//! A list without rows to show, and why.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::error::{DataFusionError, Result as DataFusionResult};
use datafusion::execution::TaskContext;
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use datafusion::physical_plan::{ExecutionPlan, SendableRecordBatchStream};

use crate::error::{Error, Result};

/// Can be listed, and planned where its columns are known; a query of it fails.
#[derive(Debug)]
pub(super) struct Broken {
    error: Error,
    schema: Option<SchemaRef>,
}

impl Broken {
    pub(super) fn new(error: Error, schema: Option<SchemaRef>) -> Self {
        Self { error, schema }
    }

    pub(super) fn error(&self) -> Error {
        self.error.duplicate()
    }

    /// Returns the error, where not even the columns are known.
    pub(super) fn check(&self) -> Result<()> {
        match self.schema {
            Some(_) => Ok(()),
            None => Err(self.error.duplicate()),
        }
    }
}

/// The rows there are not.
#[derive(Debug)]
struct Never {
    error: Error,
    schema: SchemaRef,
}

impl PartitionStream for Never {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let error = DataFusionError::from(self.error.duplicate());
        let rows = futures::stream::iter([Err(error)]);
        Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.schema), rows))
    }
}

#[async_trait]
impl TableProvider for Broken {
    fn schema(&self) -> SchemaRef {
        self.schema.clone().unwrap_or_else(|| Arc::new(Schema::empty()))
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        limit: Option<usize>,
    ) -> DataFusionResult<Arc<dyn ExecutionPlan>> {
        let schema = self.schema();
        let never = Never { error: self.error.duplicate(), schema: Arc::clone(&schema) };
        let plan = StreamingTableExec::try_new(
            schema,
            vec![Arc::new(never)],
            projection,
            None,
            false,
            limit,
        )?;
        Ok(Arc::new(plan))
    }
}
