//! Whether there is a row is known with the first one.

use std::sync::Arc;

use datafusion::common::tree_node::Transformed;
use datafusion::common::{JoinType, Result};
use datafusion::logical_expr::{Join, LogicalPlan, LogicalPlanBuilder};
use datafusion::optimizer::{ApplyOrder, OptimizerConfig, OptimizerRule};

/// Reads one row of a subquery that only has to have some: `EXISTS` without a column of the
/// query around it. DataFusion would read all of them.
#[derive(Debug, Default)]
pub struct AnyRow;

impl OptimizerRule for AnyRow {
    fn name(&self) -> &'static str {
        "any_row"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::TopDown)
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        _: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        let LogicalPlan::Join(join) = plan else { return Ok(Transformed::no(plan)) };
        let Some(asked) = asked(&join).filter(|side| side.max_rows().is_none_or(|rows| rows > 1))
        else {
            return Ok(Transformed::no(LogicalPlan::Join(join)));
        };
        let first = LogicalPlanBuilder::from(Arc::clone(asked)).limit(0, Some(1))?.build()?;
        let first = Arc::new(first);
        let join = match join.join_type {
            JoinType::RightSemi | JoinType::RightAnti => Join { left: first, ..join },
            _ => Join { right: first, ..join },
        };
        Ok(Transformed::yes(LogicalPlan::Join(join)))
    }
}

/// Returns the side of a join that is only asked whether it has a row.
fn asked(join: &Join) -> Option<&Arc<LogicalPlan>> {
    let is_open = join.on.is_empty() && join.filter.is_none();
    match join.join_type {
        JoinType::LeftSemi | JoinType::LeftAnti | JoinType::LeftMark => Some(&join.right),
        JoinType::RightSemi | JoinType::RightAnti => Some(&join.left),
        _ => None,
    }
    .filter(|_| is_open)
}
