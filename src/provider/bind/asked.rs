//! What a bind join has asked for so far, and when asking for everything is fewer requests.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use datafusion::arrow::compute::{cast, concat_batches};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::execution::TaskContext;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::joins::HashJoinExec;
use datafusion::physical_plan::{ExecutionPlan, collect};

use crate::provider::bind::known::{Known, MOST};
use crate::provider::exec::GraphScanExec;
use crate::provider::keyed::keyed;
use crate::provider::ledger::Account;
use crate::provider::plan::ScanPlan;
use crate::provider::{lookup, parents};
use crate::spec::Column;

/// Where a node keeps what its runs have asked for: a recursion runs it once a step.
#[derive(Debug, Clone, Default)]
pub(super) struct Home(Arc<Mutex<Option<Kept>>>);

/// What was asked for, and in which query.
type Kept = (Weak<TaskContext>, Asked);

impl Home {
    /// Takes what earlier runs of the same query have left.
    pub(super) fn take(&self, context: &Arc<TaskContext>) -> Option<Asked> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let is_ours = |(whose, _): &Kept| std::ptr::eq(whose.as_ptr(), Arc::as_ptr(context));
        kept.filter(is_ours).map(|(_, asked)| asked)
    }

    /// Leaves it to the next run.
    pub(super) fn put(&self, context: &Arc<TaskContext>, asked: Asked) {
        let kept = Some((Arc::downgrade(context), asked));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = kept;
    }
}

/// The rows asked for, and what that took.
pub(super) struct Asked {
    known: Known,
    memory: MemoryReservation,
    spent: u64,
    account: Account,
    /// The join with all rows, once they are asked for: their hash table is made once.
    pub(super) whole: Option<Arc<HashJoinExec>>,
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Asked").field("spent", &self.spent).finish_non_exhaustive()
    }
}

impl Asked {
    pub(super) fn new(side: &Arc<dyn ExecutionPlan>, context: &TaskContext) -> Self {
        Self {
            known: Known::new(side.schema()),
            memory: MemoryConsumer::new("BindJoin").register(context.memory_pool()),
            spent: 0,
            account: Account::default(),
            whole: None,
        }
    }

    /// Returns the rows of the keys, after asking for those not known; nothing where all rows
    /// are fewer requests, or the only ones Graph can be asked for.
    pub(super) async fn rows(
        &mut self,
        side: &Arc<dyn ExecutionPlan>,
        key: &Arc<dyn PhysicalExpr>,
        keys: &BTreeSet<String>,
        context: &Arc<TaskContext>,
    ) -> Result<Option<RecordBatch>> {
        let unknown = self.known.unknown(keys);
        if !unknown.is_empty() {
            let Some((scan, column)) = keyed(side, key) else { return Ok(None) };
            let Some(plan) = self.plan(scan, column, &unknown, context) else { return Ok(None) };
            let asking = scan.asking(plan, &self.account);
            let batches = collect(with_scan(side, asking)?, Arc::clone(context)).await?;
            let rows = concat_batches(&side.schema(), &batches)?;
            let found = texts(&key.evaluate(&rows)?.into_array(rows.num_rows())?)?;
            self.known.add(unknown, rows, &found);
        }
        let rows = self.known.rows(keys)?;
        self.known.trim(MOST);
        if self.memory.try_resize(self.known.bytes()).is_err() {
            // What is kept saves requests; the query does without.
            self.forget();
        }
        Ok(Some(rows))
    }

    /// Forgets the rows of all keys: a join with all rows has them, too.
    pub(super) fn forget(&mut self) {
        self.known.trim(0);
        self.memory.free();
    }

    /// Plans the requests for the keys, within what all the rows would take.
    fn plan(
        &mut self,
        scan: &GraphScanExec,
        column: &'static Column,
        keys: &BTreeSet<String>,
        context: &TaskContext,
    ) -> Option<ScanPlan> {
        if scan.cached().is_some() {
            return None;
        }
        if scan.plan().parents.is_some() {
            // Nobody who asks one by one asks more often than there are objects.
            return parents::asking(scan.plan(), keys);
        }
        let plan = lookup::asking(scan.plan(), column, keys.clone())?;
        self.spent += plan.queries.len() as u64;
        (self.spent <= lookup::most(scan.plan(), column, context)).then_some(plan)
    }
}

/// Returns the same side of a join over another scan.
fn with_scan(side: &Arc<dyn ExecutionPlan>, scan: GraphScanExec) -> Result<Arc<dyn ExecutionPlan>> {
    let scan: Arc<dyn ExecutionPlan> = Arc::new(scan);
    let replaced = Arc::clone(side).transform_down(|node| {
        Ok(match node.is::<GraphScanExec>() {
            true => Transformed::new(Arc::clone(&scan), true, TreeNodeRecursion::Stop),
            false => Transformed::no(node),
        })
    });
    replaced.data()
}

/// Returns the values of a column as texts.
pub(super) fn texts(column: &ArrayRef) -> Result<StringArray> {
    match column.data_type() {
        DataType::Utf8 => Ok(column.as_string::<i32>().clone()),
        _ => Ok(cast(column, &DataType::Utf8)?.as_string::<i32>().clone()),
    }
}
