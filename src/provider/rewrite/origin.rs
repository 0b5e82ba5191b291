//! Which columns of which tables a column of a plan shows, unchanged and row by row.

use datafusion::common::Column as Name;
use datafusion::datasource::source_as_provider;
use datafusion::logical_expr::{Expr, LogicalPlan, TableScan};

use crate::provider::table::GraphTable;
use crate::spec::{Column, TableSpec};

/// A column as it is declared.
pub(super) type Declared = (&'static TableSpec, &'static Column);

/// Returns the columns a column shows, more than one below a `UNION ALL`; nothing where a
/// value may be made, changed or added on the way.
pub(super) fn of(plan: &LogicalPlan, name: &Name) -> Option<Vec<Declared>> {
    match plan {
        LogicalPlan::TableScan(scan) => declared(scan, name).map(|found| vec![found]),
        LogicalPlan::Filter(filter) => of(&filter.input, name),
        LogicalPlan::Sort(sort) => of(&sort.input, name),
        LogicalPlan::Limit(limit) => of(&limit.input, name),
        LogicalPlan::SubqueryAlias(alias) => at(&alias.input, place(plan, name)?),
        LogicalPlan::Projection(projection) => match projection.expr.get(place(plan, name)?)? {
            Expr::Column(inner) => of(&projection.input, inner),
            Expr::Alias(alias) => of(&projection.input, alias.expr.try_as_col()?),
            _ => None,
        },
        LogicalPlan::Union(union) => {
            let place = place(plan, name)?;
            let all: Option<Vec<_>> = union.inputs.iter().map(|input| at(input, place)).collect();
            all.map(|found| found.into_iter().flatten().collect())
        }
        _ => None,
    }
}

fn place(plan: &LogicalPlan, name: &Name) -> Option<usize> {
    plan.schema().maybe_index_of_column(name)
}

fn at(plan: &LogicalPlan, place: usize) -> Option<Vec<Declared>> {
    of(plan, &plan.schema().columns().into_iter().nth(place)?)
}

fn declared(scan: &TableScan, name: &Name) -> Option<Declared> {
    let provider = source_as_provider(&scan.source).ok()?;
    let spec = provider.downcast_ref::<GraphTable>()?.spec();
    Some((spec, spec.column(&name.name)?))
}
