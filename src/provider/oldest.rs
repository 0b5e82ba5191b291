//! The first rows of a log from its other end, where Graph lists it that way.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::sorts::sort::SortExec;
use datafusion::physical_plan::union::UnionExec;
use datafusion::physical_plan::{ExecutionPlan, replace_children_if_necessary};

use crate::odata::OrderBy;
use crate::provider::exec::GraphScanExec;
use crate::provider::options::EntraOptions;
use crate::provider::plan::ScanPlan;
use crate::spec::property_name;

/// Turns scans around below `ORDER BY time LIMIT n`, so that they stop after the first pages.
///
/// Times of a log are never null and compare alike in Graph and here, so its order is SQL's;
/// like the order of any log it is checked row by row. Without a limit everything is read
/// anyway, and nothing is turned around.
#[derive(Debug, Default)]
pub struct OldestFirst;

impl PhysicalOptimizerRule for OldestFirst {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        if !EntraOptions::of(config).pushdown {
            return Ok(plan);
        }
        let turned = plan.transform_down(|node| match below(&node) {
            Some(input) => Ok(Transformed::yes(replace_children_if_necessary(node, vec![input])?)),
            None => Ok(Transformed::no(node)),
        })?;
        Ok(turned.data)
    }

    fn name(&self) -> &'static str {
        "oldest_first"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Returns the new input of a sort that wants the oldest few rows.
fn below(node: &Arc<dyn ExecutionPlan>) -> Option<Arc<dyn ExecutionPlan>> {
    let sort = node.downcast_ref::<SortExec>().filter(|sort| sort.fetch().is_some())?;
    let [by] = sort.expr().as_ref() else { return None };
    if by.options.descending || by.options.nulls_first {
        return None;
    }
    turned(sort.input(), index(&by.expr)?)
}

fn index(expr: &Arc<dyn PhysicalExpr>) -> Option<usize> {
    expr.downcast_ref::<Column>().map(Column::index)
}

/// Turns the scans below a node around whose rows pass as they come.
fn turned(plan: &Arc<dyn ExecutionPlan>, time: usize) -> Option<Arc<dyn ExecutionPlan>> {
    if let Some(scan) = plan.downcast_ref::<GraphScanExec>() {
        return scan.oldest_first(time).map(|scan| Arc::new(scan) as _);
    }
    let time = match plan.downcast_ref::<ProjectionExec>() {
        Some(projection) => index(&projection.expr().get(time)?.expr)?,
        None => match plan.downcast_ref::<FilterExec>().map(FilterExec::projection) {
            Some(Some(places)) => *places.get(time)?,
            Some(None) => time,
            None if plan.is::<UnionExec>() => time,
            None => return None,
        },
    };
    let inputs = plan.children().into_iter().map(|input| turned(input, time));
    replace_children_if_necessary(Arc::clone(plan), inputs.collect::<Option<_>>()?).ok()
}

impl ScanPlan {
    /// Returns the plan that lists a log from its end, by the column `time`.
    pub(super) fn oldest_first(&self, time: &str) -> Option<Self> {
        let [listing] = &self.queries[..] else { return None };
        let path = property_name(self.spec.column(time).filter(|_| self.spec.oldest_first)?);
        let mut listing = listing.clone();
        listing.order_by = Some(OrderBy { path, descending: false });
        Some(Self { queries: vec![listing], oldest_first: true, ..self.clone() })
    }
}
