//! A running bind join: a slice of the driving rows, the rows of its keys, their join, and the
//! next slice.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::common::Result;
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::datasource::source::DataSourceExec;
use datafusion::execution::TaskContext;
use datafusion::physical_expr::LexOrdering;
use datafusion::physical_plan::joins::HashJoinExec;
use datafusion::physical_plan::metrics::BaselineMetrics;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    ExecutionPlan, ExecutionPlanProperties, SendableRecordBatchStream,
};
use futures::StreamExt;
use futures::stream::try_unfold;

use crate::error::{Error, ErrorKind};
use crate::provider::bind::BindJoinExec;
use crate::provider::bind::asked::{Asked, Home, texts};
use crate::provider::bind::driver::Driver;

/// Starts a join. Nothing is read before it is polled.
pub(super) fn start(
    node: &BindJoinExec,
    context: Arc<TaskContext>,
) -> Result<SendableRecordBatchStream> {
    let schema = node.schema();
    let (driver, home) = (node.join.right().execute(0, Arc::clone(&context))?, node.home.clone());
    let asked = home.take(&context).unwrap_or_else(|| Asked::new(node.join.left(), &context));
    let running = Running {
        driver: Driver::new(driver, node.wanted),
        join: Arc::clone(&node.join),
        pair: node.pair,
        left: node.fetch,
        metrics: BaselineMetrics::new(&node.metrics, 0),
        joined: None,
        asked: Some(asked),
        home,
        context,
    };
    let batches = try_unfold(running, |mut running| async move {
        Ok(running.next().await?.map(|batch| (batch, running)))
    });
    Ok(Box::pin(RecordBatchStreamAdapter::new(schema, batches)))
}

struct Running {
    driver: Driver,
    join: Arc<HashJoinExec>,
    pair: usize,
    /// The rows still wanted, where not all are.
    left: Option<usize>,
    metrics: BaselineMetrics,
    /// What is left of the last slice.
    joined: Option<SendableRecordBatchStream>,
    asked: Option<Asked>,
    home: Home,
    context: Arc<TaskContext>,
}

impl Running {
    /// Returns the next rows, or nothing at the end.
    async fn next(&mut self) -> Result<Option<RecordBatch>> {
        while self.left != Some(0) {
            let batch = match &mut self.joined {
                Some(joined) => joined.next().await.transpose()?,
                None => match self.slice().await? {
                    Some(slice) => {
                        self.joined = Some(self.join(slice).await?);
                        continue;
                    }
                    None => break,
                },
            };
            match batch {
                Some(batch) if batch.num_rows() > 0 => return Ok(Some(self.cut(batch))),
                Some(_) => {}
                None => self.joined = None,
            }
        }
        if let Some(asked) = self.asked.take() {
            self.home.put(&self.context, asked);
        }
        self.metrics.done();
        Ok(None)
    }

    /// Keeps the rows that are wanted.
    fn cut(&mut self, batch: RecordBatch) -> RecordBatch {
        let batch = match self.left {
            Some(left) if batch.num_rows() > left => batch.slice(0, left),
            _ => batch,
        };
        self.left = self.left.map(|left| left - batch.num_rows());
        self.metrics.record_output(batch.num_rows());
        batch
    }

    /// Once all rows are there to join with, those of the driver need no slices.
    async fn slice(&mut self) -> Result<Option<RecordBatch>> {
        match self.asked.as_ref().is_some_and(|asked| asked.whole.is_some()) {
            true => self.driver.batch().await,
            false => self.driver.slice().await,
        }
    }

    async fn join(&mut self, slice: RecordBatch) -> Result<SendableRecordBatchStream> {
        let asked = self.asked.as_mut().ok_or_else(gone)?;
        let (left, right) = self.join.on().get(self.pair).ok_or_else(gone)?;
        let side = self.join.left();
        let join = match &asked.whole {
            Some(whole) => Arc::clone(whole),
            None => {
                let keys = texts(&right.evaluate(&slice)?.into_array(slice.num_rows())?)?;
                let keys: BTreeSet<String> = keys.iter().flatten().map(str::to_owned).collect();
                let rows = asked.rows(side, left, &keys, &self.context).await?;
                match rows {
                    Some(rows) => Arc::new(over(&self.join, memory(rows, None)?)?),
                    None => {
                        asked.forget();
                        let whole = Arc::new(over(&self.join, Arc::clone(side))?);
                        Arc::clone(asked.whole.insert(whole))
                    }
                }
            }
        };
        // A hash table that was made stays with the join it was made for.
        let order = self.join.right().output_ordering();
        let children = vec![Arc::clone(join.left()), memory(slice, order)?];
        join.builder().with_new_children(children)?.build()?.execute(0, Arc::clone(&self.context))
    }
}

/// The join with other rows to look in, and no hash table yet.
fn over(join: &HashJoinExec, rows: Arc<dyn ExecutionPlan>) -> Result<HashJoinExec> {
    let children = vec![rows, Arc::clone(join.right())];
    join.builder().reset_state().with_new_children(children)?.build()
}

/// Rows at hand. A join keeps rows without a partner in their place only where they come in an
/// order that is declared.
fn memory(rows: RecordBatch, order: Option<&LexOrdering>) -> Result<Arc<dyn ExecutionPlan>> {
    let schema = rows.schema();
    let source = MemorySourceConfig::try_new(&[vec![rows]], schema, None)?;
    let source = source.try_with_sort_information(order.cloned().into_iter().collect())?;
    Ok(DataSourceExec::from_data_source(source))
}

fn gone() -> Error {
    Error::new(ErrorKind::Internal, "a bind join went on after its end")
}
