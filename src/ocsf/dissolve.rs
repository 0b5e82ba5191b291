//! A field of an object that a view builds is the expression it was built from.
//!
//! Without this rule a filter on `user.name` would be one on a struct, which Graph cannot
//! take, and reading one attribute would decode all of its object.

use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Result, ScalarValue};
use datafusion::functions::core::expr_fn::get_field_path;
use datafusion::logical_expr::{Expr, LogicalPlan, when};
use datafusion::optimizer::{ApplyOrder, OptimizerConfig, OptimizerRule};

use crate::ocsf::functions::object::{self, Parts};

/// The rule; it runs before expressions are simplified and filters are pushed.
#[derive(Debug)]
pub(crate) struct DissolveObjects;

impl OptimizerRule for DissolveObjects {
    fn name(&self) -> &'static str {
        "dissolve_objects"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::BottomUp)
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        _: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        let names = datafusion::logical_expr::expr_rewriter::NamePreserver::new(&plan);
        let plan = plan.map_expressions(|expr| {
            let name = names.save(&expr);
            let expr = expr.transform_up(field)?;
            Ok(expr.update_data(|expr| name.restore(expr)))
        })?;
        match plan.transformed {
            true => plan.map_data(LogicalPlan::recompute_schema),
            false => Ok(plan),
        }
    }
}

/// `get_field(ocsf_object(needs, …, name, value, …), name, rest…)` is the value, or its field.
fn field(expr: Expr) -> Result<Transformed<Expr>> {
    let Expr::ScalarFunction(call) = &expr else { return Ok(Transformed::no(expr)) };
    let [base, path @ ..] = call.args.as_slice() else { return Ok(Transformed::no(expr)) };
    let found = match call.func.name() {
        "get_field" => member(base, path)?,
        "array_element" => item(base, path),
        _ => None,
    };
    match found {
        Some(value) => Ok(Transformed::yes(value)),
        None => Ok(Transformed::no(expr)),
    }
}

/// `ocsf_list(x)[1]` is `x`.
fn item(base: &Expr, index: &[Expr]) -> Option<Expr> {
    match (base, index) {
        (Expr::ScalarFunction(list), [Expr::Literal(ScalarValue::Int64(Some(1)), _)])
            if list.func.name() == "ocsf_list" =>
        {
            list.args.first().cloned()
        }
        _ => None,
    }
}

fn member(base: &Expr, path: &[Expr]) -> Result<Option<Expr>> {
    if let Some((present, object)) = guard(base) {
        // A field of a null struct is not null in DataFusion, so the guard goes outside.
        let value = member(object, path)?;
        return value.map(|value| when(present.clone(), value).end()).transpose();
    }
    let (Some(object), [Expr::Literal(name, _), rest @ ..]) = (object::parts(base), path) else {
        return Ok(None);
    };
    let Some(name) = name.try_as_str().flatten() else { return Ok(None) };
    let Some((_, value)) = object.members.iter().find(|(member, _)| *member == name) else {
        return Ok(None);
    };
    let value = match rest {
        [] => (*value).clone(),
        _ => match member(value, rest)? {
            Some(inner) => inner,
            None => get_field_path((*value).clone(), rest.to_vec()),
        },
    };
    guarded(value, name, &object).map(Some)
}

/// `CASE WHEN present THEN object END`.
fn guard(expr: &Expr) -> Option<(&Expr, &Expr)> {
    let Expr::Case(case) = expr else { return None };
    match (&case.expr, case.when_then_expr.as_slice(), &case.else_expr) {
        (None, [(present, object)], None) => Some((present, object)),
        _ => None,
    }
}

/// Where the object is there without this member, the value alone could stand for one that
/// is absent.
fn guarded(value: Expr, name: &str, object: &Parts<'_>) -> Result<Expr> {
    let is_there = |member: &&str| {
        let found = object.members.iter().find(|(name, _)| name == member);
        found.map(|(_, value)| (*value).clone().is_not_null())
    };
    let others = object.needs.iter().filter(|group| !group.contains(&name));
    let groups = others.filter_map(|group| group.iter().filter_map(is_there).reduce(Expr::or));
    match groups.reduce(Expr::and) {
        Some(present) => when(present, value).end(),
        None => Ok(value),
    }
}
