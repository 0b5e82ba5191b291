//! Whose filters a scan hears: those of hash joins and scalar subqueries, which are complete
//! before it is polled.
//!
//! Others, such as that of a sort that keeps the first few rows, change while it runs and name
//! no values.

use std::collections::HashSet;
use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::joins::HashJoinExec;

use crate::provider::exec::GraphScanExec;

/// Takes from the scans what no join fills in. Runs last.
#[derive(Debug, Default)]
pub struct FoundByJoins;

impl PhysicalOptimizerRule for FoundByJoins {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let mut filled = HashSet::new();
        plan.apply(|node| {
            if node.is::<HashJoinExec>() {
                let expressions = node.dynamic_expressions_produced();
                filled.extend(expressions.iter().filter_map(|expr| expr.expression_id()));
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
        let heard = |node: Arc<dyn ExecutionPlan>| {
            let scan = node.downcast_ref::<GraphScanExec>().and_then(|scan| scan.hearing(&filled));
            Ok(match scan {
                Some(scan) => Transformed::yes(Arc::new(scan) as Arc<dyn ExecutionPlan>),
                None => Transformed::no(node),
            })
        };
        plan.transform_up(heard).data()
    }

    fn name(&self) -> &'static str {
        "found_by_joins"
    }

    fn schema_check(&self) -> bool {
        true
    }
}
