//! Names for the columns of a result that the query leaves unnamed.
//!
//! DataFusion would call them `sum(Int64(1))` and `status[error_code]` after its plan. The
//! reader knows the query, not the plan: `sum(1)`, `status['error_code']`.

use std::collections::HashSet;

use datafusion::sql::parser::{CopyToSource, Statement};
use datafusion::sql::sqlparser::ast::{
    Expr, Ident, Query, Select, SelectItem, SetExpr, Statement as Sql, TableFactor, TableWithJoins,
};

/// Names the columns of the result a statement has, stores or exports.
pub(super) fn name_columns(statement: &mut Statement) {
    match statement {
        Statement::Statement(sql) => match sql.as_mut() {
            Sql::Query(query) => name(query),
            Sql::CreateView(view) => name(&mut view.query),
            Sql::CreateTable(table) => table.query.as_deref_mut().into_iter().for_each(name),
            _ => {}
        },
        Statement::CopyTo(copy) => {
            if let CopyToSource::Query(query) = &mut copy.source {
                name(query);
            }
        }
        // A plan is shown as it is.
        Statement::Explain(_) | Statement::CreateExternalTable(_) | Statement::Reset(_) => {}
    }
}

fn name(query: &mut Query) {
    // `ORDER BY` finds a column of a union by the name the plan gives it.
    let is_sorted = query.order_by.is_some();
    if let Some(select) = first_select(&mut query.body, is_sorted) {
        name_items(select);
    }
}

/// The part of a union that names its columns.
fn first_select(body: &mut SetExpr, is_sorted: bool) -> Option<&mut Select> {
    match body {
        SetExpr::Select(select) => Some(select),
        SetExpr::SetOperation { left, .. } if !is_sorted => first_select(left, is_sorted),
        SetExpr::Query(query) if !is_sorted => {
            let is_sorted = query.order_by.is_some();
            first_select(&mut query.body, is_sorted)
        }
        _ => None,
    }
}

fn name_items(select: &mut Select) {
    let mut taken = HashSet::new();
    let relations = relations(select);
    for item in &mut select.projection {
        if let SelectItem::UnnamedExpr(expr) = item
            && let Some(name) = title(expr, &relations).filter(|name| taken.insert(name.clone()))
        {
            let (expr, alias) = (expr.clone(), Ident::with_quote('"', name));
            *item = SelectItem::ExprWithAlias { expr, alias };
        }
    }
}

/// What columns can be qualified with.
fn relations(select: &Select) -> HashSet<String> {
    let joined = |from: &TableWithJoins| {
        let others = from.joins.iter().map(|join| join.relation.clone());
        std::iter::once(from.relation.clone()).chain(others).collect::<Vec<_>>()
    };
    let called = |factor: TableFactor| match factor {
        TableFactor::Table { alias: Some(alias), .. }
        | TableFactor::Derived { alias: Some(alias), .. } => Some(alias.name.value),
        TableFactor::Table { name, .. } => Some(name.0.last()?.as_ident()?.value.clone()),
        _ => None,
    };
    select.from.iter().flat_map(joined).filter_map(called).collect()
}

/// The path of a field, without what its column is qualified with; nothing for a column.
fn field(parts: &[Ident], relations: &HashSet<String>) -> Option<String> {
    let qualified = parts.iter().take(3).position(|part| relations.contains(&part.value));
    let path = &parts[qualified.map_or(0, |at| at + 1)..];
    let names: Vec<_> = path.iter().map(|part| part.value.as_str()).collect();
    (names.len() > 1).then(|| names.join("."))
}

/// The text of an expression that has no name of its own.
fn title(expr: &Expr, relations: &HashSet<String>) -> Option<String> {
    match expr {
        Expr::Identifier(_) => None,
        Expr::CompoundIdentifier(parts) => field(parts, relations),
        Expr::Nested(inner) => title(inner, relations),
        expr => {
            let text = expr.to_string();
            // Of a struct it makes a column for each field.
            let is_unnest = text.to_lowercase().contains("unnest(");
            (!is_unnest && !text.is_empty()).then_some(text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::statement;

    fn check(sql: &str, expected: &str) {
        let mut statement = statement::parse(sql).unwrap();
        name_columns(&mut statement);
        assert_eq!(statement.to_string(), expected, "{sql}");
    }

    #[test]
    fn an_expression_is_named_by_its_text() {
        check(
            "SELECT s['a'], count(*), (1), id, t.id, b AS c, t.* FROM t",
            "SELECT s['a'] AS \"s['a']\", count(*) AS \"count(*)\", (1) AS \"1\", id, t.id, b AS c, t.* FROM t",
        );
        check(
            "SELECT user.name, a.user.org.name, a.time, o.a.time FROM o.a JOIN (SELECT 1) AS b ON b.x = 1",
            "SELECT user.name AS \"user.name\", a.user.org.name AS \"user.org.name\", a.time, o.a.time \
             FROM o.a JOIN (SELECT 1) AS b ON b.x = 1",
        );
        check("SELECT f(\"a b\")", "SELECT f(\"a b\") AS \"f(\"\"a b\"\")\"");
        check(
            "CREATE VIEW v AS SELECT 1 + 1 UNION SELECT 2 + 2",
            "CREATE VIEW v AS SELECT 1 + 1 AS \"1 + 1\" UNION SELECT 2 + 2",
        );
    }

    #[test]
    fn what_the_plan_must_find_by_name_is_left_alone() {
        for sql in [
            "SELECT unnest(a) FROM t",
            "SELECT lower(a) FROM t UNION SELECT b FROM t ORDER BY lower(a)",
            "SELECT a FROM (SELECT f(b) FROM t)",
            "EXPLAIN SELECT 1 + 1",
        ] {
            check(sql, sql);
        }
    }

    #[test]
    fn the_same_expression_twice_is_left_to_the_planner() {
        check("SELECT f(a), f(a) FROM t", "SELECT f(a) AS \"f(a)\", f(a) FROM t");
    }
}
