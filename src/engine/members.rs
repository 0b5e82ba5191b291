//! Warns of a comparison with a value that an enumeration does not have.
//!
//! `risk_level = 'hihg'` is good SQL with an empty answer. It is no error either: Graph adds
//! members without notice, and they pass through as text.

use std::collections::BTreeSet;

use datafusion::catalog::TableProvider;
use datafusion::common::TableReference;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::datasource::source_as_provider;
use datafusion::error::Result;
use datafusion::logical_expr::expr::{InList, ScalarFunction};
use datafusion::logical_expr::{BinaryExpr, Expr, LogicalPlan, Operator, TableScan};

use crate::provider::GraphTable;
use crate::spec::{Column, TableSpec};

/// Returns a sentence for every literal that is no documented member of what it is compared
/// with.
pub(super) fn unknown(plan: &LogicalPlan) -> Vec<String> {
    let mut found = BTreeSet::new();
    let mut sources = Vec::new();
    let collected = plan.apply_with_subqueries(|node| {
        sources.extend(source(node));
        Ok(TreeNodeRecursion::Continue)
    });
    let searched = collected.and_then(|_| {
        plan.apply_with_subqueries(|node| {
            node.apply_expressions(|expr| search(expr, &sources, &mut found))
        })
    });
    // A plan that can't be walked can't run either, and will say so itself.
    searched.map_or_else(|_| Vec::new(), |_| found.into_iter().collect())
}

/// A name columns are qualified with, and the tables behind it.
type Source = (TableReference, Vec<&'static TableSpec>);

fn source(node: &LogicalPlan) -> Option<Source> {
    match node {
        LogicalPlan::TableScan(scan) => Some((scan.table_name.clone(), vec![spec(scan)?])),
        LogicalPlan::SubqueryAlias(alias) => Some((alias.alias.clone(), specs(&alias.input))),
        _ => None,
    }
}

fn spec(scan: &TableScan) -> Option<&'static TableSpec> {
    let provider = source_as_provider(&scan.source).ok()?;
    let provider: &dyn TableProvider = provider.as_ref();
    provider.downcast_ref::<GraphTable>().map(GraphTable::spec)
}

fn specs(plan: &LogicalPlan) -> Vec<&'static TableSpec> {
    match plan {
        LogicalPlan::TableScan(scan) => spec(scan).into_iter().collect(),
        plan => plan.inputs().into_iter().flat_map(specs).collect(),
    }
}

fn search(
    expr: &Expr,
    sources: &[Source],
    found: &mut BTreeSet<String>,
) -> Result<TreeNodeRecursion> {
    use datafusion::common::tree_node::TreeNode;
    expr.apply(|expr| {
        let (subject, values) = compared(expr);
        let column = subject.and_then(|subject| column(subject, sources));
        let column = column.filter(|column| !column.members.is_empty());
        if let Some(column) = column {
            let unknown = values.into_iter().filter(|value| !column.members.contains(value));
            found.extend(unknown.map(|value| sentence(column, value)));
        }
        Ok(TreeNodeRecursion::Continue)
    })
}

/// Returns what is compared, and the texts it is compared with.
fn compared(expr: &Expr) -> (Option<&Expr>, Vec<&str>) {
    match expr {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq | Operator::NotEq, right }) => {
            match text(left) {
                Some(value) => (Some(right), vec![value]),
                None => (Some(left), text(right).into_iter().collect()),
            }
        }
        Expr::InList(InList { expr, list, .. }) => {
            (Some(expr), list.iter().filter_map(text).collect())
        }
        Expr::ScalarFunction(ScalarFunction { func, args }) if func.name() == "array_has" => {
            (args.first(), args.get(1).and_then(text).into_iter().collect())
        }
        _ => (None, Vec::new()),
    }
}

fn text(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Literal(value, _) => value.try_as_str().flatten(),
        Expr::Cast(cast) => text(&cast.expr),
        _ => None,
    }
}

fn column(expr: &Expr, sources: &[Source]) -> Option<&'static Column> {
    match expr {
        Expr::Column(column) => {
            let relation = column.relation.as_ref()?;
            let (_, specs) = sources.iter().find(|(name, _)| name == relation)?;
            specs.iter().find_map(|spec| spec.column(&column.name))
        }
        Expr::ScalarFunction(call) if call.name() == "get_field" => {
            let (base, names) = call.args.split_first()?;
            names.iter().try_fold(column(base, sources)?, |parent, name| {
                let name = text(name)?;
                parent.fields().iter().find(|field| field.name == name)
            })
        }
        Expr::Cast(cast) => column(&cast.expr, sources),
        _ => None,
    }
}

/// Members worth listing when none is near.
const LISTED: usize = 8;

fn sentence(column: &Column, value: &str) -> String {
    let name = column.name;
    let near = |member: &&str| strsim::jaro_winkler(&member.to_lowercase(), &value.to_lowercase());
    let best = column.members.iter().copied().max_by(|a, b| near(a).total_cmp(&near(b)));
    match best.filter(|best| near(best) > 0.8) {
        Some(best) => {
            format!("'{value}' is no documented member of `{name}`; did you mean '{best}'?")
        }
        None => {
            let members: Vec<_> = column.members.iter().take(LISTED).copied().collect();
            let more = if column.members.len() > LISTED { ", …" } else { "" };
            let members = members.join(", ");
            format!("'{value}' is no documented member of `{name}`: {members}{more}")
        }
    }
}

#[cfg(feature = "sim")]
#[cfg(test)]
mod tests {
    use crate::engine::Engine;

    async fn check(sql: &str, expected: &[&str]) {
        let engine = Engine::demo().await.unwrap();
        let query = engine.query(sql).await.unwrap();
        assert_eq!(query.receipt().warnings, expected, "{sql}");
        assert_eq!(query.receipt().requests, 0, "{sql}");
    }

    #[tokio::test]
    async fn a_value_an_enumeration_lacks_is_pointed_out_before_any_request() {
        let high = "'hihg' is no documented member of `risk_level`; did you mean 'high'?";
        for sql in [
            "SELECT id FROM risky_users WHERE risk_level = 'hihg'",
            "SELECT id FROM risky_users AS r WHERE 'hihg' <> r.risk_level",
            "SELECT id FROM risky_users WHERE risk_level IN ('low', 'hihg')",
            "SELECT count(*) FILTER (WHERE risk_level = 'hihg') FROM risky_users",
            "WITH r AS (SELECT * FROM risky_users) SELECT id FROM r WHERE risk_level = 'hihg'",
            "SELECT 1 WHERE EXISTS (SELECT 1 FROM risky_users WHERE risk_level = 'hihg')",
            "SELECT u.id FROM users u JOIN risky_users r ON r.id = u.id AND r.risk_level = 'hihg'",
        ] {
            check(sql, &[high]).await;
        }
        check(
            "SELECT id FROM risky_users WHERE risk_level = 'HIGH'",
            &["'HIGH' is no documented member of `risk_level`; did you mean 'high'?"],
        )
        .await;
        check(
            "SELECT id FROM all_sign_ins WHERE conditional_access_status = 'zzz'",
            &["'zzz' is no documented member of `conditional_access_status`: success, failure, \
               notApplied"],
        )
        .await;
    }

    #[tokio::test]
    async fn members_and_other_columns_are_left_alone() {
        for sql in [
            "SELECT id FROM risky_users WHERE risk_level = 'high' OR user_display_name = 'hihg'",
            "SELECT 1 FROM (VALUES ('x')) AS t(risk_level) WHERE risk_level = 'hihg'",
            "SELECT id FROM risky_users WHERE risk_level ILIKE 'HIGH'",
        ] {
            check(sql, &[]).await;
        }
    }
}
