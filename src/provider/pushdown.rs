//! Splits the filters of a scan into what Graph can evaluate and what it can't.
//!
//! A pushed filter may only widen the SQL predicate: Graph compares text without
//! case, drops nulls on `ne`, and is loose on strict date bounds. DataFusion
//! evaluates the predicate again, which costs nothing next to a request.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::expr::InList;
use datafusion::logical_expr::{Between, BinaryExpr, Expr, Like, Operator};

use crate::odata::{Comparison, Filter, Literal, Member};
use crate::provider::bound::{below_date_cast, below_time_cast, bound, day_bound, nanos, strictly};
use crate::provider::path::{Property, Scope, property, text};
use crate::spec::{ANY_EQ, Column, EQ, Kind, NULL, Ops, PREFIX, RANGE, STRICT, TableSpec};

/// The most values of `in` and branches of `or` in a default query.
///
/// <https://learn.microsoft.com/graph/aad-advanced-queries>
pub(super) const MAX_BRANCHES: usize = 15;

/// The longest text Graph compares in a default query.
pub(super) const MAX_TEXT: usize = 120;

/// A filter Graph can evaluate.
#[derive(Debug, Clone)]
pub(super) struct Pushed {
    /// What is sent.
    pub filter: Filter,
    /// Graph's answer is SQL's answer, so nothing has to be evaluated again.
    pub exact: bool,
    /// Needs the advanced-query header and `$count=true`.
    pub advanced: bool,
    /// The columns named.
    pub columns: Vec<&'static Column>,
}

impl Pushed {
    fn leaf(property: &Property, op: Ops, filter: Filter) -> Self {
        Self {
            filter,
            exact: false,
            advanced: property.leaf.advanced.intersects(op),
            columns: vec![property.root, property.leaf],
        }
    }

    /// Tells whether all it asks is that a flag is set, which most objects of a directory meet.
    pub(super) fn is_set_flag(&self) -> bool {
        matches!(self.filter, Filter::Compare(_, Comparison::Eq, Literal::Flag(true)))
    }

    fn exactly(self) -> Self {
        Self { exact: true, ..self }
    }
}

/// A filter to send, or the reason why there is none.
pub(super) type Verdict = Result<Pushed, String>;

/// Translates one conjunct. It is pushed whole or not at all: half of an `OR` would
/// drop rows.
pub(super) fn translate(scope: &Scope, expr: &Expr) -> Verdict {
    let pushed = clause(scope, expr)?;
    Ok(Pushed { exact: pushed.exact && !scope.spec.ignores_filter, ..pushed })
}

fn clause(scope: &Scope, expr: &Expr) -> Verdict {
    match expr {
        Expr::BinaryExpr(binary) => match binary.op {
            Operator::Or => either(scope, binary),
            Operator::And => Err("an AND inside an OR is evaluated here".into()),
            _ => comparison(scope, binary),
        },
        Expr::InList(list) if !list.negated => in_list(scope, list),
        Expr::Between(between) if !between.negated => between_bounds(scope, between),
        Expr::Like(like) if !like.negated => like_pattern(scope, like),
        Expr::IsNull(inner) => null_test(scope, inner, Comparison::Eq),
        Expr::IsNotNull(inner) => null_test(scope, inner, Comparison::Ne),
        Expr::IsTrue(inner) => flag(scope, inner, true),
        Expr::IsFalse(inner) => flag(scope, inner, false),
        Expr::Not(inner) => flag(scope, inner, false).map_err(|_| negation()),
        Expr::Column(_) => flag(scope, expr, true),
        Expr::ScalarFunction(call) if call.name() == "get_field" => flag(scope, expr, true),
        Expr::ScalarFunction(call) => function(scope, call.name(), &call.args),
        Expr::InList(_) | Expr::Like(_) | Expr::Between(_) => Err(negation()),
        _ => Err("not a comparison of a column with a value".into()),
    }
}

fn negation() -> String {
    "a negation is evaluated here: Graph would drop rows that SQL keeps".into()
}

fn column_of(scope: &Scope, expr: &Expr) -> Result<Property, String> {
    property(scope, expr).ok_or_else(|| "not a comparison of a column with a value".into())
}

/// Fails unless real Graph accepts the operator on the property.
fn allowed(property: &Property, op: Ops) -> Result<(), String> {
    if property.ops.has(op) {
        return Ok(());
    }
    let name = op.names().first().copied().unwrap_or_default();
    Err(format!("Graph has no `{name}` filter on `{}`", property.path))
}

fn comparison(scope: &Scope, binary: &BinaryExpr) -> Verdict {
    let (left, op, right) = oriented(binary)?;
    if op == Operator::NotEq {
        return not_equal(scope, left, right);
    }
    if let Some(inner) = below_date_cast(left) {
        return day(&column_of(scope, inner)?, op, right);
    }
    if let Some(inner) = below_lower(left) {
        return folded(&column_of(scope, inner)?, op, right, scope);
    }
    let property = column_of(scope, below_time_cast(left))?;
    match (&property.leaf.kind, op) {
        (Kind::Time, _) => time(&property, op, right),
        (Kind::Text, Operator::Eq) => text_equal(&property, right),
        (Kind::Integer | Kind::Long, Operator::Eq) => integer_equal(&property, right),
        (Kind::Flag, Operator::Eq) => flag_equal(scope, left, right, false),
        (Kind::Text, _) => Err("text order is evaluated here: Graph has its own".into()),
        _ => Err(format!("`{op}` on `{}` has no filter in Graph", property.path)),
    }
}

/// Puts the literal on the right side.
fn oriented(binary: &BinaryExpr) -> Result<(&Expr, Operator, &ScalarValue), String> {
    match (binary.left.as_ref(), binary.right.as_ref()) {
        (column, Expr::Literal(value, _)) => Ok((column, binary.op, value)),
        (Expr::Literal(value, _), column) => {
            let op = binary.op.swap().ok_or("not a comparison of a column with a value")?;
            Ok((column, op, value))
        }
        _ => Err("not a comparison of a column with a value".into()),
    }
}

fn not_equal(scope: &Scope, left: &Expr, right: &ScalarValue) -> Verdict {
    let is_flag = property(scope, left).is_some_and(|p| matches!(p.leaf.kind, Kind::Flag));
    if is_flag { flag_equal(scope, left, right, true) } else { Err(negation()) }
}

fn flag_equal(scope: &Scope, left: &Expr, right: &ScalarValue, negated: bool) -> Verdict {
    match right {
        ScalarValue::Boolean(Some(value)) => flag(scope, left, *value != negated),
        _ => Err("not a comparison of a column with a value".into()),
    }
}

fn flag(scope: &Scope, expr: &Expr, value: bool) -> Verdict {
    let property = column_of(scope, expr)?;
    if !matches!(property.leaf.kind, Kind::Flag) {
        return Err(negation());
    }
    equal(&property, Literal::Flag(value)).map(Pushed::exactly)
}

fn equal(property: &Property, value: Literal) -> Verdict {
    allowed(property, EQ)?;
    let filter = Filter::Compare(property.path.clone(), Comparison::Eq, value);
    Ok(Pushed::leaf(property, EQ, filter))
}

fn integer_equal(property: &Property, right: &ScalarValue) -> Verdict {
    equal(property, Literal::Integer(integer(right)?)).map(Pushed::exactly)
}

fn integer(value: &ScalarValue) -> Result<i64, String> {
    match value {
        ScalarValue::Int32(Some(v)) => Ok(i64::from(*v)),
        ScalarValue::Int64(Some(v)) => Ok(*v),
        _ => Err("the value is not a whole number".into()),
    }
}

fn text_equal(property: &Property, right: &ScalarValue) -> Verdict {
    equal(property, Literal::Text(sendable(right)?.to_owned()))
}

/// Returns a text Graph can compare in any query.
fn sendable(value: &ScalarValue) -> Result<&str, String> {
    let value = text(value).ok_or("the value is not text")?;
    if value.is_empty() {
        return Err("an empty text is evaluated here".into());
    }
    if value.chars().count() > MAX_TEXT {
        return Err(format!("Graph compares at most {MAX_TEXT} characters"));
    }
    if value.chars().any(char::is_control) {
        return Err("control characters are evaluated here".into());
    }
    Ok(value)
}

fn time(property: &Property, op: Operator, right: &ScalarValue) -> Verdict {
    let range = range(property)?;
    let at = nanos(right).ok_or("the value is not a timestamp")?;
    let filter = bound(&property.path, op, at);
    let filter =
        filter.ok_or_else(|| format!("`{op}` with this instant has no filter in Graph"))?;
    Ok(Pushed::leaf(property, range, spelled(range, filter)))
}

/// Returns the operators a bound on the property is sent with.
fn range(property: &Property) -> Result<Ops, String> {
    if property.ops.has(STRICT) {
        return Ok(STRICT);
    }
    allowed(property, RANGE).map(|()| RANGE)
}

/// Writes a bound with the operators Graph knows here.
fn spelled(range: Ops, filter: Filter) -> Filter {
    if range == STRICT { strictly(filter) } else { filter }
}

fn day(property: &Property, op: Operator, right: &ScalarValue) -> Verdict {
    let range = range(property)?;
    let ScalarValue::Date32(Some(days)) = right else {
        return Err("the value is not a date".into());
    };
    let filter = day_bound(&property.path, op, *days);
    let filter = filter.ok_or_else(|| format!("`{op}` with this date has no filter in Graph"))?;
    Ok(Pushed::leaf(property, range, spelled(range, filter)))
}

fn between_bounds(scope: &Scope, between: &Between) -> Verdict {
    let property = column_of(scope, below_time_cast(&between.expr))?;
    let (Expr::Literal(low, _), Expr::Literal(high, _)) = (&*between.low, &*between.high) else {
        return Err("not a comparison of a column with values".into());
    };
    let low = time(&property, Operator::GtEq, low)?;
    let high = time(&property, Operator::LtEq, high)?;
    Ok(Pushed { filter: Filter::And(vec![low.filter, high.filter]), ..low })
}

fn null_test(scope: &Scope, inner: &Expr, op: Comparison) -> Verdict {
    let property = column_of(scope, inner)?;
    allowed(&property, NULL)?;
    let filter = Filter::Compare(property.path.clone(), op, Literal::Null);
    Ok(Pushed::leaf(&property, NULL, filter))
}

fn in_list(scope: &Scope, list: &InList) -> Verdict {
    let property = column_of(scope, &list.expr)?;
    allowed(&property, EQ)?;
    let values = list.list.iter().filter(|e| !is_null(e)).map(|e| literal(&property, e));
    let values = values.collect::<Result<Vec<_>, _>>()?;
    let exact = matches!(property.leaf.kind, Kind::Flag | Kind::Integer | Kind::Long);
    let leaf = one_of(scope, &property, values)?;
    Ok(if exact { leaf.exactly() } else { leaf })
}

fn is_null(expr: &Expr) -> bool {
    matches!(expr, Expr::Literal(value, _) if value.is_null())
}

fn literal(property: &Property, expr: &Expr) -> Result<Literal, String> {
    let Expr::Literal(value, _) = expr else {
        return Err("a list with something else than values is evaluated here".into());
    };
    match (&property.leaf.kind, value) {
        (Kind::Text, value) => Ok(Literal::Text(sendable(value)?.to_owned())),
        (Kind::Integer | Kind::Long, value) => Ok(Literal::Integer(integer(value)?)),
        (Kind::Flag, ScalarValue::Boolean(Some(value))) => Ok(Literal::Flag(*value)),
        _ => Err(format!("a list on `{}` has no filter in Graph", property.path)),
    }
}

/// `in` where Graph has it, an `or` of `eq` where it hasn't.
fn one_of(scope: &Scope, property: &Property, values: Vec<Literal>) -> Verdict {
    if values.len() > MAX_BRANCHES {
        return Err(format!(
            "Graph takes at most {MAX_BRANCHES} values, here are {}",
            values.len()
        ));
    }
    if property.leaf.single_value && values.len() > 1 {
        return Err(one_value());
    }
    let filter = any_value(scope.spec, &property.path, values).ok_or("an empty list")?;
    Ok(Pushed::leaf(property, EQ, filter))
}

/// Returns the filter for any of the values; nothing for none.
pub(super) fn any_value(spec: &TableSpec, path: &str, values: Vec<Literal>) -> Option<Filter> {
    if spec.takes_in && values.len() > 1 {
        return Some(Filter::In(path.to_owned(), values));
    }
    let equal = |value| Filter::Compare(path.to_owned(), Comparison::Eq, value);
    any_of(values.into_iter().map(equal).collect())
}

fn one_value() -> String {
    "Graph compares this with one value at a time".into()
}

fn any_of(mut branches: Vec<Filter>) -> Option<Filter> {
    if branches.len() > 1 { Some(Filter::Or(branches)) } else { branches.pop() }
}

/// An `OR`: every branch a single comparison, all of them pushable.
fn either(scope: &Scope, binary: &BinaryExpr) -> Verdict {
    let mut branches = Vec::new();
    flatten(&binary.left, &mut branches);
    flatten(&binary.right, &mut branches);
    let pushed = branches.iter().map(|e| translate(scope, e)).collect::<Result<Vec<_>, _>>()?;
    if pushed.iter().any(|p| matches!(p.filter, Filter::And(_))) {
        return Err("an AND inside an OR is evaluated here".into());
    }
    if pushed.iter().flat_map(|p| &p.columns).any(|column| column.single_value) {
        return Err(one_value());
    }
    union(scope, pushed)
}

fn flatten<'a>(expr: &'a Expr, out: &mut Vec<&'a Expr>) {
    match expr {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Or, right }) => {
            flatten(left, out);
            flatten(right, out);
        }
        other => out.push(other),
    }
}

fn union(scope: &Scope, pushed: Vec<Pushed>) -> Verdict {
    let merged = Pushed {
        exact: pushed.iter().all(|p| p.exact),
        advanced: pushed.iter().any(|p| p.advanced),
        columns: pushed.iter().flat_map(|p| p.columns.clone()).collect(),
        filter: merge(scope, pushed.into_iter().map(|p| p.filter).collect()),
    };
    if merged.filter.leaves() > MAX_BRANCHES {
        return Err(format!("Graph takes at most {MAX_BRANCHES} branches of an OR"));
    }
    let paths = merged.filter.paths();
    // The logs refuse an `or` across properties.
    if !scope.spec.directory && paths.iter().any(|p| *p != paths[0]) {
        return Err("this log takes an OR between values of one property only".into());
    }
    Ok(merged)
}

/// Equalities on one property become `in` where Graph has it.
fn merge(scope: &Scope, filters: Vec<Filter>) -> Filter {
    let mut paths = Vec::new();
    let mut values = Vec::new();
    for filter in &filters {
        match filter {
            Filter::Compare(path, Comparison::Eq, value) if *value != Literal::Null => {
                paths.push(path);
                values.push(value.clone());
            }
            _ => {}
        }
    }
    let one = values.len() == filters.len() && paths.iter().all(|p| *p == paths[0]);
    if one && scope.spec.takes_in {
        Filter::In(paths[0].clone(), values)
    } else {
        Filter::Or(filters)
    }
}

fn like_pattern(scope: &Scope, like: &Like) -> Verdict {
    let Expr::Literal(pattern, _) = &*like.pattern else {
        return Err("a pattern that is not a constant".into());
    };
    let pattern = sendable(pattern)?;
    let special = |c: char| matches!(c, '%' | '_' | '\\') || Some(c) == like.escape_char;
    let prefix = pattern.find(special).map_or(pattern, |end| &pattern[..end]);
    let property = column_of(scope, &like.expr)?;
    if like.case_insensitive {
        case_blind(scope, pattern)?;
    }
    if prefix.len() == pattern.len() {
        return equal(&property, Literal::Text(pattern.to_owned()));
    }
    starts_with(&property, prefix)
}

fn starts_with(property: &Property, prefix: &str) -> Verdict {
    if prefix.is_empty() {
        return Err("a pattern that starts with a wildcard is evaluated here".into());
    }
    allowed(property, PREFIX)?;
    let filter = Filter::StartsWith(property.path.clone(), prefix.to_owned());
    Ok(Pushed::leaf(property, PREFIX, filter))
}

/// `ILIKE` and `lower()` match every spelling, so they may go out only where Graph does too.
///
/// Observed on directory objects, not documented for the logs; and beyond ASCII the
/// two may fold differently.
fn case_blind(scope: &Scope, value: &str) -> Result<(), String> {
    if !scope.spec.directory {
        return Err("how this log compares case is not documented".into());
    }
    if value.is_ascii() { Ok(()) } else { Err("case beyond ASCII is evaluated here".into()) }
}

fn below_lower(expr: &Expr) -> Option<&Expr> {
    match expr {
        Expr::ScalarFunction(call) if matches!(call.name(), "lower" | "upper") => call.args.first(),
        _ => None,
    }
}

fn folded(property: &Property, op: Operator, right: &ScalarValue, scope: &Scope) -> Verdict {
    if op != Operator::Eq || !matches!(property.leaf.kind, Kind::Text) {
        return Err("not a comparison of a column with a value".into());
    }
    case_blind(scope, sendable(right)?)?;
    text_equal(property, right)
}

fn function(scope: &Scope, name: &str, args: &[Expr]) -> Verdict {
    match (name, args) {
        ("starts_with", [column, Expr::Literal(value, _)]) => {
            starts_with(&column_of(scope, column)?, sendable(value)?)
        }
        ("array_has", [column, Expr::Literal(value, _)]) => {
            member(&column_of(scope, column)?, sendable(value)?)
        }
        _ => Err(format!("`{name}` is evaluated here")),
    }
}

fn member(property: &Property, value: &str) -> Verdict {
    allowed(property, ANY_EQ)?;
    let condition = Member::Eq(Literal::Text(value.to_owned()));
    Ok(Pushed::leaf(property, ANY_EQ, Filter::Any(property.path.clone(), condition)))
}

#[cfg(test)]
#[path = "pushdown_tests.rs"]
mod tests;
