//! A filter on a cleaned value is one on the value it was cleaned from.
//!
//! `ocsf_text(x)` is `x` or null, and so are its kin. Where a filter keeps a row only if
//! `ocsf_text(x) = 'a'` is true, `x = 'a'` keeps the same rows, and Graph understands it.

use std::sync::Arc;

use datafusion::arrow::datatypes::Field;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::Transformed;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::expr::{InList, Like, ScalarFunction};
use datafusion::logical_expr::{
    BinaryExpr, ColumnarValue, Expr, Filter, LogicalPlan, Operator, ScalarFunctionArgs, lit,
};
use datafusion::optimizer::{ApplyOrder, OptimizerConfig, OptimizerRule};

/// Functions that return their argument or null.
const CLEANERS: &[&str] = &["ocsf_text", "ocsf_ip", "ocsf_email"];

/// The rule; it runs before filters are pushed.
#[derive(Debug)]
pub(crate) struct SeeThroughCleaners;

impl OptimizerRule for SeeThroughCleaners {
    fn name(&self) -> &'static str {
        "see_through_cleaners"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::BottomUp)
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        _: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        match plan {
            LogicalPlan::Filter(filter) => positive(filter.predicate)?.map_data(|predicate| {
                Filter::try_new(predicate, filter.input).map(LogicalPlan::Filter)
            }),
            LogicalPlan::TableScan(mut scan) => {
                let filters = seen_through(std::mem::take(&mut scan.filters))?;
                Ok(filters.update_data(|filters| {
                    scan.filters = filters;
                    LogicalPlan::TableScan(scan)
                }))
            }
            other => Ok(Transformed::no(other)),
        }
    }
}

/// What a scan was told before it was understood: each predicate once, and none that is true.
fn seen_through(filters: Vec<Expr>) -> Result<Transformed<Vec<Expr>>> {
    let mut kept: Vec<Expr> = Vec::with_capacity(filters.len());
    let mut changed = false;
    for filter in filters {
        let filter = positive(filter)?;
        let is_true = matches!(&filter.data, Expr::Literal(ScalarValue::Boolean(Some(true)), _));
        let dropped = is_true || kept.contains(&filter.data);
        changed |= filter.transformed || dropped;
        if !dropped {
            kept.push(filter.data);
        }
    }
    Ok(Transformed::new_transformed(kept, changed))
}

/// Below `NOT`, null and false would differ: only what must be true for a row is looked at.
fn positive(expr: Expr) -> Result<Transformed<Expr>> {
    if is_never(&expr) {
        return Ok(Transformed::yes(lit(false)));
    }
    match expr {
        Expr::BinaryExpr(BinaryExpr { left, op: op @ (Operator::And | Operator::Or), right }) => {
            let (left, right) = (positive(*left)?, positive(*right)?);
            let changed = left.transformed || right.transformed;
            let both = BinaryExpr::new(Box::new(left.data), op, Box::new(right.data));
            Ok(Transformed::new_transformed(Expr::BinaryExpr(both), changed))
        }
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) => {
            let side = match (cleaned(&left), cleaned(&right)) {
                (Some(inner), _) if keeps(&left, &right)? => Some((inner, *right.clone())),
                (_, Some(inner)) if keeps(&right, &left)? => Some((inner, *left.clone())),
                _ => None,
            };
            Ok(match side {
                Some((inner, value)) => Transformed::yes(inner.eq(value)),
                None => {
                    Transformed::no(Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }))
                }
            })
        }
        Expr::InList(list) => in_list(list),
        Expr::Like(like) => self::like(like),
        other => Ok(Transformed::no(other)),
    }
}

fn in_list(list: InList) -> Result<Transformed<Expr>> {
    let Some(inner) = cleaned(&list.expr).filter(|_| !list.negated) else {
        return Ok(Transformed::no(Expr::InList(list)));
    };
    for value in &list.list {
        if !keeps(&list.expr, value)? {
            return Ok(Transformed::no(Expr::InList(list)));
        }
    }
    Ok(Transformed::yes(Expr::InList(InList::new(Box::new(inner), list.list, false))))
}

/// A pattern that asks for a first letter does not match the empty text; the other cleaners
/// leave out more than that.
fn like(like: Like) -> Result<Transformed<Expr>> {
    let asks = match like.pattern.as_ref() {
        Expr::Literal(value, _) => {
            let text = value.try_as_str().flatten().unwrap_or_default();
            text.chars().any(|c| c != '%')
        }
        _ => false,
    };
    let is_text =
        matches!(like.expr.as_ref(), Expr::ScalarFunction(f) if f.func.name() == CLEANERS[0]);
    match cleaned(&like.expr) {
        Some(inner) if asks && is_text && !like.negated => {
            Ok(Transformed::yes(Expr::Like(Like { expr: Box::new(inner), ..like })))
        }
        _ => Ok(Transformed::no(Expr::Like(like))),
    }
}

/// Tells whether a choice among constants is asked for another: a class its source has no
/// events of. The scan below is then none at all.
fn is_never(expr: &Expr) -> bool {
    let (choice, wanted) = match expr {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) => {
            (left.as_ref(), std::slice::from_ref(right.as_ref()))
        }
        Expr::InList(list) if !list.negated => (list.expr.as_ref(), list.list.as_slice()),
        _ => return false,
    };
    let wanted: Option<Vec<_>> = wanted.iter().map(constant).collect();
    let Expr::Case(case) = uncast(choice) else { return false };
    let constants = case.when_then_expr.iter().map(|(_, then)| constant(then));
    let constants: Option<Vec<_>> = constants.collect();
    match (constants, wanted, &case.else_expr) {
        (Some(constants), Some(wanted), None) => !constants.iter().any(|c| wanted.contains(c)),
        _ => false,
    }
}

fn uncast(expr: &Expr) -> &Expr {
    match expr {
        Expr::Cast(cast) => uncast(&cast.expr),
        other => other,
    }
}

/// A constant as text: `3002` is the same in every width.
fn constant(expr: &Expr) -> Option<String> {
    match uncast(expr) {
        Expr::Literal(value, _) if !value.is_null() => Some(value.to_string()),
        _ => None,
    }
}

/// What a cleaner cleans.
fn cleaned(expr: &Expr) -> Option<Expr> {
    match expr {
        Expr::ScalarFunction(ScalarFunction { func, args }) => {
            CLEANERS.contains(&func.name()).then(|| args.first().cloned()).flatten()
        }
        _ => None,
    }
}

/// Tells whether a cleaner leaves a literal as it is.
fn keeps(cleaner: &Expr, literal: &Expr) -> Result<bool> {
    let (Expr::ScalarFunction(call), Expr::Literal(value, _)) = (cleaner, literal) else {
        return Ok(false);
    };
    if value.is_null() {
        return Ok(false);
    }
    let field = Arc::new(Field::new("value", value.data_type(), true));
    let args = ScalarFunctionArgs {
        args: vec![ColumnarValue::Scalar(value.clone())],
        arg_fields: vec![Arc::clone(&field)],
        number_rows: 1,
        return_field: field,
        config_options: Arc::new(ConfigOptions::default()),
    };
    Ok(match call.func.invoke_with_args(args)? {
        ColumnarValue::Scalar(cleaned) => cleaned == *value,
        ColumnarValue::Array(_) => false,
    })
}
