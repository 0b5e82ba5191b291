//! Which scan below a node can be asked for its rows by a column of the node.

use std::sync::Arc;

use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::Column as PhysicalColumn;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::projection::ProjectionExec;

use crate::provider::exec::GraphScanExec;
use crate::spec::Column;

/// Returns the scan and the column of it that a column of a node is, where a join may name the
/// values of that column.
pub(super) fn keyed<'a>(
    plan: &'a Arc<dyn ExecutionPlan>,
    key: &Arc<dyn PhysicalExpr>,
) -> Option<(&'a GraphScanExec, &'static Column)> {
    let column = key.downcast_ref::<PhysicalColumn>()?;
    if let Some(scan) = plan.downcast_ref::<GraphScanExec>() {
        let takes = scan.row_limit().is_none() && scan.joinable().contains(&column.name());
        return takes.then(|| scan.plan().spec.column(column.name())).flatten().map(|c| (scan, c));
    }
    if let Some(filter) = plan.downcast_ref::<FilterExec>().filter(|f| f.fetch().is_none()) {
        let place = match filter.projection() {
            Some(places) => places.get(column.index()).copied()?,
            None => column.index(),
        };
        let below: Arc<dyn PhysicalExpr> = Arc::new(PhysicalColumn::new(column.name(), place));
        return keyed(filter.input(), &below);
    }
    let projection = plan.downcast_ref::<ProjectionExec>()?;
    keyed(projection.input(), &projection.expr().get(column.index())?.expr)
}
