//! The bind join: it takes the rows of one input as they come, and asks for the rows of the
//! other by the keys it finds in them.
//!
//! A hash join asks once it has read the whole of its first input, which is fewer requests as
//! long as that input has to be read anyway. This one lets a reader stop after a few rows.

mod asked;
mod driver;
mod known;
mod recursive;
mod rule;
mod stream;

use std::fmt;
use std::sync::Arc;

use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Result, Statistics};
use datafusion::execution::TaskContext;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::execution_plan::ReplaceChildrenOptions;
use datafusion::physical_plan::joins::HashJoinExec;
use datafusion::physical_plan::metrics::{ExecutionPlanMetricsSet, MetricsSet};
use datafusion::physical_plan::statistics::ChildStats;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, Distribution, ExecutionPlan, InputDistributionRequirements,
    PlanProperties, SendableRecordBatchStream, StatisticsArgs,
};

use self::asked::Home;
pub use self::rule::BindJoins;
use crate::provider::explain::INDENT;
use crate::provider::keyed::keyed;

/// Joins the rows of its second input, slice by slice, with the rows of the first that are
/// asked for by their keys.
///
/// The second input drives: its rows keep their order, and none is read before the ones before
/// it are joined. What a slice is matched with is left to a [`HashJoinExec`] of its own, so all
/// that SQL says about the join is said by that one.
#[derive(Debug, Clone)]
pub struct BindJoinExec {
    /// The join as it would be done at once: what is asked for first, what drives second.
    join: Arc<HashJoinExec>,
    /// Which of the pairs of equal columns names the rows to ask for.
    pair: usize,
    /// The driving rows that may be enough; nothing where they are all joined at once.
    wanted: Option<usize>,
    fetch: Option<usize>,
    home: Home,
    metrics: ExecutionPlanMetricsSet,
}

impl BindJoinExec {
    fn new(join: HashJoinExec, pair: usize, wanted: Option<usize>) -> Self {
        Self {
            join: Arc::new(join),
            pair,
            wanted,
            fetch: None,
            home: Home::default(),
            metrics: ExecutionPlanMetricsSet::new(),
        }
    }

    /// Which of its inputs drives.
    pub const DRIVER: usize = 1;

    /// Tells whether the columns of the second input follow those of the first.
    fn is_plain(&self) -> bool {
        let width = |plan: &Arc<dyn ExecutionPlan>| plan.schema().fields().len();
        width(self.join.left()) + width(self.join.right()) == self.schema().fields().len()
            && !self.join.contains_projection()
    }

    fn with_join(&self, join: HashJoinExec) -> Arc<dyn ExecutionPlan> {
        Arc::new(Self { join: Arc::new(join), ..self.clone() })
    }

    /// The column by which the first input is asked.
    fn key(&self) -> Option<&Arc<dyn PhysicalExpr>> {
        self.join.on().get(self.pair).map(|(key, _)| key)
    }
}

impl DisplayAs for BindJoinExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairs = self.join.on().iter().map(|(left, right)| format!("({left}, {right})"));
        let pairs = pairs.collect::<Vec<_>>().join(", ");
        write!(f, "BindJoinExec: join_type={}, on=[{pairs}]", self.join.join_type())?;
        if let Some(filter) = self.join.filter() {
            write!(f, ", filter={}", filter.expression())?;
        }
        if let Some(fetch) = self.fetch {
            write!(f, ", fetch={fetch}")?;
        }
        let found = self.key().and_then(|key| keyed(self.join.left(), key));
        let Some((scan, column)) = found else { return Ok(()) };
        let (table, column) = (scan.plan().spec.name, column.name);
        write!(f, "{INDENT}asks: for the `{column}` of the rows below, as they come")?;
        if let Some(rows) = self.wanted.map(driver::first_slice) {
            write!(f, ", {rows} rows first")?;
        }
        write!(f, "; for all of `{table}` once that is fewer requests")
    }
}

impl ExecutionPlan for BindJoinExec {
    fn name(&self) -> &'static str {
        "BindJoinExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.join.properties()
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![self.join.left(), self.join.right()]
    }

    /// Reads its second input from one stream: its keys are asked for once.
    fn input_distribution_requirements(&self) -> InputDistributionRequirements {
        InputDistributionRequirements::new(vec![Distribution::SinglePartition; 2])
    }

    /// DataFusion moves a sort below such an input by the place of its columns in the output.
    fn maintains_input_order(&self) -> Vec<bool> {
        vec![false, self.is_plain()]
    }

    /// More partitions are more streams to merge, not more requests at a time.
    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false, false]
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        self.join.apply_expressions(f)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let join = self.join.builder().recompute_properties().with_new_children(children)?;
        Ok(self.with_join(join.build()?))
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let join = self.join.builder().recompute_properties().with_new_children(children)?;
        Ok(self.with_join(join.build()?))
    }

    /// What was asked for is kept: the next step of a recursion finds some of the same keys.
    fn reset_state(self: Arc<Self>) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self.with_join(self.join.builder().reset_state().build()?))
    }

    fn fetch(&self) -> Option<usize> {
        self.fetch
    }

    fn with_fetch(&self, fetch: Option<usize>) -> Option<Arc<dyn ExecutionPlan>> {
        Some(Arc::new(Self { fetch, ..self.clone() }))
    }

    fn child_stats_requests(&self, _: Option<usize>) -> Vec<ChildStats> {
        vec![ChildStats::At(None), ChildStats::At(None)]
    }

    fn statistics_from_inputs(
        &self,
        inputs: &[Arc<Statistics>],
        args: &StatisticsArgs,
    ) -> Result<Arc<Statistics>> {
        let all = self.join.statistics_from_inputs(inputs, args)?;
        Ok(Arc::new(Arc::unwrap_or_clone(all).to_inexact().with_fetch(self.fetch, 0, 1)?))
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }

    fn execute(&self, _: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        stream::start(self, context)
    }
}

/// Tells whether the options of a session let a join ask for rows by their keys.
fn is_on(config: &ConfigOptions) -> bool {
    crate::provider::options::EntraOptions::of(config).pushdown
}
