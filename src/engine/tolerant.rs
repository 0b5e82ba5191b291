//! An optimizer rule that may fail: the plan then stays what it was.

use std::sync::Arc;

use datafusion::common::tree_node::Transformed;
use datafusion::common::{DataFusionError, Result};
use datafusion::logical_expr::LogicalPlan;
use datafusion::optimizer::{ApplyOrder, OptimizerConfig, OptimizerRule};

/// The rule that fails: it takes `t.a` and `a` for two columns where a union is left with one
/// branch, and says that its own schema is ambiguous (DataFusion 55.2).
pub(super) const FAILS: &str = "push_down_leaf_projections";

/// A rule whose failure costs an optimization, not the query.
#[derive(Debug)]
pub(super) struct Tolerant(pub(super) Arc<dyn OptimizerRule + Send + Sync>);

impl OptimizerRule for Tolerant {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        self.0.apply_order()
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        config: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        // It looks at projections alone: of the other nodes nothing needs to be kept.
        if !matches!(plan, LogicalPlan::Projection(_)) {
            return self.0.rewrite(plan, config);
        }
        let before = plan.clone();
        match self.0.rewrite(plan, config) {
            Err(DataFusionError::SchemaError(..)) => Ok(Transformed::no(before)),
            other => other,
        }
    }
}
