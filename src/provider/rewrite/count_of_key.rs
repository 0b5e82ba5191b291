//! `count(id)` counts rows where `id` is never null, and Graph may count those.

use datafusion::common::Result;
use datafusion::common::tree_node::Transformed;
use datafusion::logical_expr::expr::AggregateFunction;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::{Aggregate, Expr, LogicalPlan, lit};
use datafusion::optimizer::{ApplyOrder, OptimizerConfig, OptimizerRule};

use crate::provider::rewrite::origin;

/// Makes `count` of a column that is never null a count of rows, which needs no column.
#[derive(Debug, Default)]
pub struct CountOfKey;

impl OptimizerRule for CountOfKey {
    fn name(&self) -> &'static str {
        "count_of_key"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::TopDown)
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        _: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        let LogicalPlan::Aggregate(aggregate) = &plan else { return Ok(Transformed::no(plan)) };
        if !aggregate.aggr_expr.iter().any(|expr| counts_rows(expr, &aggregate.input)) {
            return Ok(Transformed::no(plan));
        }
        let names = NamePreserver::new(&plan);
        let LogicalPlan::Aggregate(aggregate) = plan else { return Ok(Transformed::no(plan)) };
        let Aggregate { input, group_expr, aggr_expr, .. } = aggregate;
        let rewritten = aggr_expr.into_iter().map(|expr| match counts_rows(&expr, &input) {
            true => names.save(&expr).restore(of_rows(expr)),
            false => expr,
        });
        let rewritten = rewritten.collect();
        let aggregate = Aggregate::try_new(input, group_expr, rewritten)?;
        Ok(Transformed::yes(LogicalPlan::Aggregate(aggregate)))
    }
}

/// Tells whether the expression counts a column that is never null.
fn counts_rows(expr: &Expr, input: &LogicalPlan) -> bool {
    let Some(call) = call(expr).filter(|call| call.func.name() == "count") else { return false };
    match call.params.args.as_slice() {
        [Expr::Column(name)] if !call.params.distinct => {
            origin::of(input, name).is_some_and(|all| all.iter().all(|(_, column)| column.required))
        }
        _ => false,
    }
}

fn call(expr: &Expr) -> Option<&AggregateFunction> {
    match expr {
        Expr::AggregateFunction(call) => Some(call),
        Expr::Alias(alias) => call(&alias.expr),
        _ => None,
    }
}

fn of_rows(expr: Expr) -> Expr {
    match expr {
        Expr::AggregateFunction(mut call) => {
            call.params.args = vec![lit(1_i64)];
            Expr::AggregateFunction(call)
        }
        Expr::Alias(mut alias) => {
            alias.expr = Box::new(of_rows(*alias.expr));
            Expr::Alias(alias)
        }
        other => other,
    }
}
