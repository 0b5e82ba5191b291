//! Which scans a plan trusts to come newest first.
//!
//! A page out of order must fail a query that skipped a sort because of it, and must not
//! fail one that never cared: Graph may repeat a row on the next page.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::aggregates::AggregateExec;
use datafusion::physical_plan::sorts::partial_sort::PartialSortExec;
use datafusion::physical_plan::sorts::sort::SortExec;
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties, InputOrderMode};

use crate::provider::bind::BindJoinExec;
use crate::provider::exec::GraphScanExec;

/// Lifts the check of the order from the scans nothing above relies on.
///
/// Runs while the plan still says which order its result must have.
#[derive(Debug, Default)]
pub struct ReliedOrder;

impl PhysicalOptimizerRule for ReliedOrder {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        mark(plan, false)
    }

    fn name(&self) -> &'static str {
        "relied_order"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Walks down; `relied` tells whether something above trusts the order of this node.
fn mark(plan: Arc<dyn ExecutionPlan>, relied: bool) -> Result<Arc<dyn ExecutionPlan>> {
    if let Some(scan) = plan.downcast_ref::<GraphScanExec>() {
        return Ok(if relied { plan } else { Arc::new(scan.unordered()) });
    }
    let keeps = plan.maintains_input_order();
    let needs = plan.required_input_ordering();
    let streams = needs_order_inside(plan.as_ref());
    let mut child = 0;
    let marked = Arc::clone(&plan).map_children(|input| {
        let drives = plan.is::<BindJoinExec>() && child == BindJoinExec::DRIVER;
        let kept = relied && (drives || keeps.get(child).copied().unwrap_or(true));
        let needed = needs.get(child).is_some_and(Option::is_some);
        child += 1;
        mark(input, kept || needed || streams).map(Transformed::yes)
    })?;
    Ok(marked.data)
}

/// Operators that use an order without requiring one.
fn needs_order_inside(plan: &dyn ExecutionPlan) -> bool {
    let aggregate = plan.downcast_ref::<AggregateExec>();
    aggregate.is_some_and(|a| *a.input_order_mode() != InputOrderMode::Linear)
        || plan.is::<PartialSortExec>()
        || plan.downcast_ref::<SortExec>().is_some_and(stops_early)
}

/// A sort that keeps a few rows ends where its input, in the order of its first column, can't
/// bring one more.
fn stops_early(sort: &SortExec) -> bool {
    let first = [sort.expr().first().clone()];
    let ordered = sort.input().equivalence_properties().ordering_satisfy(first);
    sort.fetch().is_some() && ordered.unwrap_or(true)
}
