//! Which ids a join above asks for: known at run time, once its other side was read.
//!
//! A hash join tells the scan on its probe side what it has found, as an expression that it
//! fills in before the scan is polled. What the expression says may only narrow: where it
//! names no finite set of ids, the scan reads what it would have read.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::common::ScalarValue;
use datafusion::logical_expr::Operator;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{
    BinaryExpr, CaseExpr, Column, DynamicFilterPhysicalExpr, InListExpr, Literal,
};

use crate::provider::keys;
use crate::provider::path::text;

/// The expressions joins above fill in.
#[derive(Debug, Clone, Default)]
pub(super) struct Joined(Vec<Arc<dyn PhysicalExpr>>);

impl Joined {
    /// Adds what the nodes above offer.
    pub(super) fn with(&self, more: impl IntoIterator<Item = Arc<dyn PhysicalExpr>>) -> Self {
        Self(self.0.iter().cloned().chain(more).collect())
    }

    /// Returns the expressions, for those who fill them in.
    pub(super) fn expressions(&self) -> &[Arc<dyn PhysicalExpr>] {
        &self.0
    }

    /// Tells whether nothing above could narrow the scan.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the ids that a column can have, in the spelling of Graph; nothing where
    /// nobody knows, or an id could stand for something else in a path.
    pub(super) fn ids(&self, column: &str) -> Option<BTreeSet<String>> {
        keys::common(self.0.iter().filter_map(|expr| values(expr, column)))
    }
}

/// Returns every value the expression leaves to a column, if they are finite.
fn values(expr: &Arc<dyn PhysicalExpr>, column: &str) -> Option<BTreeSet<String>> {
    if let Some(dynamic) = expr.downcast_ref::<DynamicFilterPhysicalExpr>() {
        return values(&dynamic.current().ok()?, column);
    }
    if let Some(binary) = expr.downcast_ref::<BinaryExpr>() {
        return of_binary(binary, column);
    }
    if let Some(list) = expr.downcast_ref::<InListExpr>() {
        let fits = !list.negated() && is_column(list.expr(), column);
        return fits.then(|| list.list().iter().map(one).collect::<Option<_>>()).flatten();
    }
    if let Some(case) = expr.downcast_ref::<CaseExpr>() {
        // Partitions of a join, each with what it has found.
        let branches = case.when_then_expr().iter().map(|(_, then)| then);
        let branches = branches.chain(case.else_expr());
        let sets = branches.map(|branch| values(branch, column)).collect::<Option<Vec<_>>>()?;
        return case.else_expr().map(|_| sets.into_iter().flatten().collect());
    }
    // What is never true leaves no value at all.
    let never = expr.downcast_ref::<Literal>()?.value() == &ScalarValue::Boolean(Some(false));
    never.then(BTreeSet::new)
}

fn of_binary(binary: &BinaryExpr, column: &str) -> Option<BTreeSet<String>> {
    let (left, right) = (binary.left(), binary.right());
    match binary.op() {
        Operator::And => match (values(left, column), values(right, column)) {
            (Some(left), Some(right)) => Some(&left & &right),
            (left, right) => left.or(right),
        },
        Operator::Or => Some(&values(left, column)? | &values(right, column)?),
        Operator::Eq if is_column(left, column) => one(right).map(|id| [id].into()),
        Operator::Eq if is_column(right, column) => one(left).map(|id| [id].into()),
        _ => None,
    }
}

fn is_column(expr: &Arc<dyn PhysicalExpr>, name: &str) -> bool {
    expr.downcast_ref::<Column>().is_some_and(|column| column.name() == name)
}

fn one(expr: &Arc<dyn PhysicalExpr>) -> Option<String> {
    expr.downcast_ref::<Literal>().and_then(|literal| text(literal.value())).map(keys::one_spelling)
}

#[cfg(test)]
mod tests {
    use datafusion::physical_expr::expressions::{binary, col, in_list, lit};

    use super::*;
    use datafusion::arrow::datatypes::{DataType, Field, Schema};

    fn schema() -> Schema {
        Schema::new(vec![Field::new("user_id", DataType::Utf8, true)])
    }

    fn ids(expr: Arc<dyn PhysicalExpr>) -> Option<Vec<String>> {
        let joined = Joined::default().with([expr]);
        joined.ids("user_id").map(|ids| ids.into_iter().collect())
    }

    fn list(values: &[&str]) -> Arc<dyn PhysicalExpr> {
        let column = col("user_id", &schema()).unwrap();
        in_list(column, values.iter().map(|v| lit(*v)).collect(), &false, &schema()).unwrap()
    }

    fn both(
        left: Arc<dyn PhysicalExpr>,
        op: Operator,
        right: Arc<dyn PhysicalExpr>,
    ) -> Arc<dyn PhysicalExpr> {
        binary(left, op, right, &schema()).unwrap()
    }

    #[test]
    fn a_list_between_bounds_is_a_list() {
        let bound = || both(col("user_id", &schema()).unwrap(), Operator::GtEq, lit("a"));
        let bounded = both(bound(), Operator::And, list(&["b", "a"]));
        assert_eq!(ids(bounded), Some(vec!["a".into(), "b".into()]));
        assert_eq!(ids(bound()), None);
    }

    #[test]
    fn alternatives_add_up_unless_one_is_open() {
        let or = both(list(&["a"]), Operator::Or, list(&["b"]));
        assert_eq!(ids(or), Some(vec!["a".into(), "b".into()]));
        let open = both(list(&["a"]), Operator::Or, lit(true));
        assert_eq!(ids(open), None);
        assert_eq!(ids(lit(false)), Some(vec![]));
    }

    #[test]
    fn what_is_no_plain_id_narrows_nothing() {
        assert_eq!(ids(list(&["a", "../groups"])), None);
    }
}
