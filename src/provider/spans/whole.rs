//! Which scans are read to their end for sure.
//!
//! Spans read ahead: rows behind a limit would have been asked for in vain.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::execution_plan::EmissionType;
use datafusion::physical_plan::sorts::sort::SortExec;
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties};

use crate::provider::exec::GraphScanExec;

/// Marks the scans below which nothing stops early; runs when limits are where they stay.
#[derive(Debug, Default)]
pub struct WholeScans;

impl PhysicalOptimizerRule for WholeScans {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        mark(plan, false)
    }

    fn name(&self) -> &'static str {
        "whole_scans"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Walks down; `stops` tells whether something above may have enough before the end.
fn mark(plan: Arc<dyn ExecutionPlan>, stops: bool) -> Result<Arc<dyn ExecutionPlan>> {
    if let Some(scan) = plan.downcast_ref::<GraphScanExec>() {
        return Ok(if stops { plan } else { Arc::new(scan.whole()) });
    }
    let stops = may_stop(plan.as_ref(), stops);
    Arc::clone(&plan).map_children(|input| mark(input, stops).map(Transformed::yes)).map(|t| t.data)
}

/// What emits only at the end reads everything, whoever is above; a sort of rows that come in
/// some order already may stop where its first rows do.
fn may_stop(plan: &dyn ExecutionPlan, above: bool) -> bool {
    if let Some(sort) = plan.downcast_ref::<SortExec>() {
        return sort.fetch().is_some() && sort.input().output_ordering().is_some();
    }
    let drains = plan.properties().emission_type == EmissionType::Final;
    plan.fetch().is_some() || (above && !drains)
}
