//! The first rows of an outer join come from the first rows of its outer side.
//!
//! DataFusion knows that of a `LIMIT` alone. Under an `ORDER BY` it would read the other side
//! whole, where a look-up of a few ids is enough.

use std::sync::Arc;

use datafusion::common::tree_node::Transformed;
use datafusion::common::{JoinType, Result};
use datafusion::logical_expr::{Expr, Join, LogicalPlan, Projection, Sort, SortExpr};
use datafusion::optimizer::optimizer::ApplyOrder;
use datafusion::optimizer::{OptimizerConfig, OptimizerRule};

/// Sorts and limits the side of an outer join that keeps all its rows, where a sort with a
/// limit above names columns of that side only.
///
/// Each of its rows is in the result at least once, so the first rows of the result are among
/// those of as many of its first rows.
#[derive(Debug, Default)]
pub struct FirstOfOuter;

impl OptimizerRule for FirstOfOuter {
    fn name(&self) -> &'static str {
        "first_of_outer"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::TopDown)
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        _: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        let LogicalPlan::Sort(sort) = &plan else { return Ok(Transformed::no(plan)) };
        let Some(fetch) = sort.fetch else { return Ok(Transformed::no(plan)) };
        match limited(&sort.input, &sort.expr, fetch)? {
            None => Ok(Transformed::no(plan)),
            Some(input) => {
                let sort = Sort { input: Arc::new(input), ..sort.clone() };
                Ok(Transformed::yes(LogicalPlan::Sort(sort)))
            }
        }
    }
}

/// Returns the input of a sort with the outer side of its join limited; nothing where it has
/// none, or that is done.
fn limited(input: &LogicalPlan, order: &[SortExpr], fetch: usize) -> Result<Option<LogicalPlan>> {
    match input {
        LogicalPlan::Projection(projection) => {
            let Some(below) = order_below(projection, order) else { return Ok(None) };
            let Some(input) = limited(&projection.input, &below, fetch)? else { return Ok(None) };
            let expr = projection.expr.clone();
            Projection::try_new(expr, Arc::new(input)).map(|p| Some(LogicalPlan::Projection(p)))
        }
        LogicalPlan::Join(join) => Ok(limited_join(join, order, fetch)),
        _ => Ok(None),
    }
}

/// The same order in terms of what a projection reads; nothing where it is not of columns.
fn order_below(projection: &Projection, order: &[SortExpr]) -> Option<Vec<SortExpr>> {
    let below = |sort: &SortExpr| {
        let Expr::Column(column) = &sort.expr else { return None };
        let place = projection.schema.maybe_index_of_column(column)?;
        let expr = projection.expr.get(place)?.clone().unalias();
        matches!(expr, Expr::Column(_)).then(|| SortExpr { expr, ..sort.clone() })
    };
    order.iter().map(below).collect()
}

fn limited_join(join: &Join, order: &[SortExpr], fetch: usize) -> Option<LogicalPlan> {
    let outer = match join.join_type {
        JoinType::Left => &join.left,
        JoinType::Right => &join.right,
        _ => return None,
    };
    let is_own = |sort: &SortExpr| match &sort.expr {
        Expr::Column(column) => outer.schema().has_column(column),
        _ => false,
    };
    if !order.iter().all(is_own) || rows_at_most(outer, fetch) {
        return None;
    }
    let (expr, input) = (order.to_vec(), Arc::clone(outer));
    let first = Arc::new(LogicalPlan::Sort(Sort { expr, input, fetch: Some(fetch) }));
    let mut join = join.clone();
    match join.join_type {
        JoinType::Left => join.left = first,
        _ => join.right = first,
    }
    Some(LogicalPlan::Join(join))
}

/// Tells whether a plan is limited already.
fn rows_at_most(plan: &LogicalPlan, rows: usize) -> bool {
    match plan {
        LogicalPlan::Projection(projection) => rows_at_most(&projection.input, rows),
        LogicalPlan::SubqueryAlias(alias) => rows_at_most(&alias.input, rows),
        LogicalPlan::Limit(_) => plan.max_rows().is_some_and(|most| most <= rows),
        LogicalPlan::Sort(sort) => sort.fetch.is_some_and(|most| most <= rows),
        _ => false,
    }
}
