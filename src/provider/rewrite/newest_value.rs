//! `max` of the time a log is listed by is the time of its first row, `min` that of its last.

use std::sync::Arc;

use datafusion::common::tree_node::Transformed;
use datafusion::common::{Column as Name, Result};
use datafusion::logical_expr::expr::Sort;
use datafusion::logical_expr::{Aggregate, Expr, LogicalPlan, LogicalPlanBuilder};
use datafusion::optimizer::{ApplyOrder, OptimizerConfig, OptimizerRule};

use crate::provider::options::EntraOptions;
use crate::provider::rewrite::origin::{self, Declared};

/// Reads one row for `max` of the time that a log has its newest first by, and for `min` where
/// Graph lists it from its end, too; where the order of logs is trusted. Whatever is in between
/// stays: of filtered rows it is the first that passes.
#[derive(Debug, Default)]
pub struct NewestValue;

impl OptimizerRule for NewestValue {
    fn name(&self) -> &'static str {
        "newest_value"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::TopDown)
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        config: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        let LogicalPlan::Aggregate(aggregate) = &plan else { return Ok(Transformed::no(plan)) };
        let options = EntraOptions::of(&config.options());
        let Some(first) = first(aggregate, &options).filter(|_| options.trust_order) else {
            return Ok(Transformed::no(plan));
        };
        let first = LogicalPlanBuilder::new_from_arc(Arc::clone(&aggregate.input))
            .sort([first])?
            .limit(0, Some(1))?
            .build()?;
        let one = Aggregate::try_new(
            Arc::new(first),
            aggregate.group_expr.clone(),
            aggregate.aggr_expr.clone(),
        )?;
        Ok(Transformed::yes(LogicalPlan::Aggregate(one)))
    }
}

/// Returns the order in which the only value asked for comes first.
fn first(aggregate: &Aggregate, options: &EntraOptions) -> Option<Sort> {
    let [expr] = aggregate.aggr_expr.as_slice() else { return None };
    let (name, oldest) = extreme(expr).filter(|_| aggregate.group_expr.is_empty())?;
    if is_cut(&aggregate.input) || oldest && !options.pushdown {
        return None;
    }
    let is_first = |(spec, column): &Declared| {
        let by_time = column.required && spec.newest_first == Some(column.name);
        by_time && (spec.oldest_first || !oldest)
    };
    // The order logs are declared to have says where nulls come; there are none.
    let all = origin::of(&aggregate.input, name)?;
    all.iter().all(is_first).then(|| Expr::Column(name.clone()).sort(oldest, !oldest))
}

/// Returns the column, and whether its least value is wanted instead of its greatest.
fn extreme(expr: &Expr) -> Option<(&Name, bool)> {
    let call = match expr {
        Expr::Alias(alias) => return extreme(&alias.expr),
        Expr::AggregateFunction(call) if call.params.filter.is_none() => call,
        _ => return None,
    };
    let [Expr::Column(name)] = call.params.args.as_slice() else { return None };
    match call.func.name() {
        "max" => Some((name, false)),
        "min" => Some((name, true)),
        _ => None,
    }
}

/// A limit is there already: the rule has been here, or the statement knows better.
fn is_cut(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::Limit(_) => true,
        LogicalPlan::Sort(sort) => sort.fetch.is_some(),
        LogicalPlan::TableScan(scan) => scan.fetch.is_some(),
        LogicalPlan::Projection(_) | LogicalPlan::SubqueryAlias(_) => {
            plan.inputs().into_iter().any(is_cut)
        }
        _ => false,
    }
}
