//! Which ids a join or a subquery above asks for: known at run time, once that was read.
//!
//! A hash join tells the scan on its probe side what it has found, as an expression that it
//! fills in before the scan is polled; a scalar subquery has its value by then. What the
//! expression says may only narrow: where it names no finite set of ids, the scan reads what
//! it would have read.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use datafusion::arrow::datatypes::Schema;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::common::ScalarValue;
use datafusion::common::tree_node::TreeNode;
use datafusion::logical_expr::{ColumnarValue, Operator};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{
    BinaryExpr, CaseExpr, Column, DynamicFilterPhysicalExpr, InListExpr, Literal,
};
use datafusion::physical_expr::scalar_subquery::ScalarSubqueryExpr;
use datafusion::physical_expr::utils::collect_columns;

use crate::provider::keys;
use crate::provider::path::text;

/// The expressions joins and subqueries above fill in.
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

    /// Returns what those who `fill` it in by these ids say about one of these columns.
    pub(super) fn only(&self, filled: &HashSet<u64>, columns: &[&str]) -> Self {
        let is_filled = |expr: &Arc<dyn PhysicalExpr>| {
            let found =
                expr.exists(|e| Ok(e.expression_id().is_some_and(|id| filled.contains(&id))));
            found.unwrap_or(false) || waits(expr)
        };
        let is_about = |expr: &Arc<dyn PhysicalExpr>| columns.iter().any(|name| names(expr, name));
        let kept = self.0.iter().filter(|expr| is_filled(expr) && is_about(expr));
        Self(kept.cloned().collect())
    }

    /// Returns those of the columns something is said about.
    pub(super) fn named<'a>(&self, columns: &[&'a str]) -> Vec<&'a str> {
        let is_named = |name: &&&str| self.0.iter().any(|expr| names(expr, name));
        columns.iter().filter(is_named).copied().collect()
    }

    /// Returns every value that a column can have, as SQL compares it; nothing where nobody
    /// knows.
    pub(super) fn values(&self, column: &str) -> Option<BTreeSet<String>> {
        let sets = self.0.iter().filter_map(|expr| values(expr, column));
        sets.reduce(|a, b| &a & &b)
    }

    /// Returns the ids that a column can have, in the spelling of Graph; nothing where
    /// nobody knows, or an id could stand for something else in a path.
    pub(super) fn ids(&self, column: &str) -> Option<BTreeSet<String>> {
        let ids = self.values(column)?;
        keys::common(std::iter::once(ids.iter().map(|id| keys::one_spelling(id)).collect()))
    }
}

/// Tells whether the expression has a say in a column.
fn names(expr: &Arc<dyn PhysicalExpr>, column: &str) -> bool {
    collect_columns(expr).iter().any(|named| named.name() == column)
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
        // No value equals a null.
        let items = list.list().iter().filter(|item| !is_null(item));
        return fits.then(|| items.map(one).collect::<Option<_>>()).flatten();
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
        Operator::Eq if is_column(left, column) => equal(right),
        Operator::Eq if is_column(right, column) => equal(left),
        _ => None,
    }
}

fn is_column(expr: &Arc<dyn PhysicalExpr>, name: &str) -> bool {
    expr.downcast_ref::<Column>().is_some_and(|column| column.name() == name)
}

/// Tells whether the expression has the value of a subquery, once there is one.
pub(super) fn waits(expr: &Arc<dyn PhysicalExpr>) -> bool {
    expr.exists(|e| Ok(e.is::<ScalarSubqueryExpr>())).unwrap_or(false)
}

/// The values that equal an expression: one, or none at all.
fn equal(expr: &Arc<dyn PhysicalExpr>) -> Option<BTreeSet<String>> {
    let value = scalar(expr)?;
    match value.is_null() {
        true => Some(BTreeSet::new()),
        false => text(&value).map(|value| [value.to_owned()].into()),
    }
}

fn scalar(expr: &Arc<dyn PhysicalExpr>) -> Option<ScalarValue> {
    if let Some(literal) = expr.downcast_ref::<Literal>() {
        return Some(literal.value().clone());
    }
    let subquery = expr.downcast_ref::<ScalarSubqueryExpr>()?;
    let nothing = RecordBatch::new_empty(Arc::new(Schema::empty()));
    match subquery.evaluate(&nothing).ok()? {
        ColumnarValue::Scalar(value) => Some(value),
        ColumnarValue::Array(_) => None,
    }
}

fn is_null(expr: &Arc<dyn PhysicalExpr>) -> bool {
    expr.downcast_ref::<Literal>().is_some_and(|literal| literal.value().is_null())
}

fn one(expr: &Arc<dyn PhysicalExpr>) -> Option<String> {
    expr.downcast_ref::<Literal>().and_then(|literal| text(literal.value())).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use datafusion::physical_expr::expressions::{binary, col, in_list, lit};

    use super::*;
    use datafusion::arrow::datatypes::{DataType, Field};

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
