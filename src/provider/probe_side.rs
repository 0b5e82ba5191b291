//! Puts the side of a join that can be asked for by key where it hears what the other has.
//!
//! DataFusion reads the side first that it takes to be smaller, and the one of a known size
//! where it can't tell; what a join leaves of a table counts as all of it. Then a table that
//! could be asked for a few rows would be listed.

use std::sync::Arc;

use datafusion::common::config::ConfigOptions;
use datafusion::common::stats::Precision;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{JoinType, Result};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::joins::{HashJoinExec, PartitionMode};
use datafusion::physical_plan::statistics::{StatisticsArgs, StatisticsContext};

use crate::provider::exec::GraphScanExec;
use crate::provider::keyed::keyed;

/// Swaps the sides of a join whose first side can be asked for by key, where nobody knows how
/// small the second is. Runs right after DataFusion has chosen.
#[derive(Debug, Default)]
pub struct ProbeByKey;

impl PhysicalOptimizerRule for ProbeByKey {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        options: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let most = options.optimizer.hash_join_single_partition_threshold_rows;
        let swapped = |node: Arc<dyn ExecutionPlan>| {
            let join = node.downcast_ref::<HashJoinExec>();
            match join.filter(|join| gains(join, most)) {
                Some(join) => join.swap_inputs(PartitionMode::CollectLeft).map(Transformed::yes),
                None => Ok(Transformed::no(node)),
            }
        };
        plan.transform_up(swapped).data()
    }

    fn name(&self) -> &'static str {
        "probe_by_key"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

fn gains(join: &HashJoinExec, most: usize) -> bool {
    let hears = matches!(
        join.join_type(),
        JoinType::Inner | JoinType::Right | JoinType::LeftSemi | JoinType::RightAnti
    );
    hears
        && !join.null_aware
        && join.on().iter().any(|(left, _)| keyed(join.left(), left).is_some())
        && !join.on().iter().any(|(_, right)| keyed(join.right(), right).is_some())
        && is_open(join.right(), most)
}

/// Tells whether nobody knows how few the rows of a node are, but they come from scans of not
/// too many: a join keeps them in memory. A log is better read as it comes, if it can be.
fn is_open(plan: &Arc<dyn ExecutionPlan>, most: usize) -> bool {
    let (mut rows, mut logs, mut joins) = (0_usize, false, false);
    let walked = plan.apply(|node| {
        joins |= node.is::<HashJoinExec>();
        if let Some(scan) = node.downcast_ref::<GraphScanExec>() {
            rows = rows.saturating_add(scan.rows_guess());
            logs |= scan.plan().spec.newest_first.is_some();
        }
        Ok(TreeNodeRecursion::Continue)
    });
    walked.is_ok() && rows <= most && (is_unknown(plan) || (joins && !logs))
}

fn is_unknown(plan: &Arc<dyn ExecutionPlan>) -> bool {
    let statistics = StatisticsContext::new().compute(plan.as_ref(), &StatisticsArgs::new());
    statistics.is_ok_and(|statistics| statistics.num_rows == Precision::Absent)
}
