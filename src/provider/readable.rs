//! Predicates as the reader wrote them: instants as text, fields in brackets.

use chrono::{DateTime, SecondsFormat};
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Column, ScalarValue};
use datafusion::logical_expr::Expr;
use datafusion::logical_expr::expr::InList;

use crate::provider::bound::nanos;
use crate::provider::path::text;

/// Returns a predicate as SQL. Only for reading: nothing parses it again.
pub(super) fn sql(expr: &Expr) -> String {
    let plain = expr.clone().transform_up(|e| Ok(reworded(e))).map(|t| t.data);
    plain.unwrap_or_else(|_| expr.clone()).human_display().to_string()
}

fn reworded(expr: Expr) -> Transformed<Expr> {
    let words = match &expr {
        Expr::Literal(value, _) => quoted(value).or_else(|| instant(value)),
        Expr::ScalarFunction(call) if call.name() == "get_field" => field(&call.args),
        Expr::InList(list) => Some(in_list(list)),
        Expr::Column(column) if column.relation.is_some() => Some(column.name.clone()),
        _ => None,
    };
    match words {
        Some(words) => Transformed::yes(Expr::Column(Column::new_unqualified(words))),
        None => Transformed::no(expr),
    }
}

fn in_list(list: &InList) -> String {
    let values: Vec<_> = list.list.iter().map(|v| v.human_display().to_string()).collect();
    let not = if list.negated { "NOT " } else { "" };
    format!("{} {not}IN ({})", list.expr.human_display(), values.join(", "))
}

fn quoted(value: &ScalarValue) -> Option<String> {
    text(value).map(|text| format!("'{}'", text.replace('\'', "''")))
}

fn instant(value: &ScalarValue) -> Option<String> {
    let nanos = i64::try_from(nanos(value)?).ok()?;
    let at = DateTime::from_timestamp_nanos(nanos);
    Some(format!("'{}'", at.to_rfc3339_opts(SecondsFormat::AutoSi, true)))
}

/// The arguments were reworded before: a field name already stands in quotes.
fn field(args: &[Expr]) -> Option<String> {
    let (base, names) = args.split_first()?;
    let names = names.iter().map(|name| format!("[{}]", name.human_display()));
    Some(base.human_display().to_string() + &names.collect::<String>())
}

#[cfg(test)]
mod tests {
    use datafusion::logical_expr::{col, lit};
    use datafusion::prelude::get_field;

    use super::*;

    #[test]
    fn a_predicate_reads_as_it_was_written() {
        let code = get_field(col("t.status"), "error_code").not_eq(lit(0));
        assert_eq!(sql(&code), "status['error_code'] != 0");
        let at = ScalarValue::TimestampMicrosecond(Some(1_500_000), Some("UTC".into()));
        assert_eq!(sql(&col("t.name").eq(lit("O'B"))), "name = 'O''B'");
        let names = col("t.name").in_list(vec![lit("a"), lit("b")], true);
        assert_eq!(sql(&names), "name NOT IN ('a', 'b')");
        let since = col("at").gt(Expr::Literal(at, None));
        assert_eq!(sql(&since), "at > '1970-01-01T00:00:01.500Z'");
    }
}
