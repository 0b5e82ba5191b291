//! Parameters: `$name` in a statement becomes a value before planning.
//!
//! A value enters the syntax tree as a literal of its type, never as text that is parsed.
//! DataFusion's own placeholders have no type while a statement is planned, which `LIMIT`,
//! lists and functions need; and a literal is pushed down as one.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use datafusion::arrow::datatypes::{DataType, Field, IntervalMonthDayNano};
use datafusion::common::ScalarValue;
use datafusion::sql::parser::{CopyToSource, ExplainStatement, Statement};
use datafusion::sql::sqlparser::ast::{
    Array, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList, FunctionArguments,
    Ident, Interval, ObjectName, Statement as Ast, Value, ValueWithSpan, VisitMut, VisitorMut,
};
use datafusion::sql::sqlparser::tokenizer::Token;

use crate::engine::suggest;
use crate::engine::tokens::lex;
use crate::error::{Error, ErrorKind, Result};

/// Values by the name of their parameter, without `$`.
pub type Parameters = BTreeMap<String, ScalarValue>;

/// Returns the names of the parameters of a text, each once, in order.
pub(super) fn names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for lexeme in lex(text).words() {
        if let Token::Placeholder(name) = &lexeme.token {
            let name = name.trim_start_matches('$').to_owned();
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// Puts the values into a statement. Every parameter needs one, and every value a parameter.
pub(super) fn bind(sql: &str, statement: &mut Statement, values: &Parameters) -> Result<()> {
    let names = names(sql);
    // What a prepared statement or a function leaves open is bound when it is called.
    let is_open = matches!(
        statement,
        Statement::Statement(inner) if matches!(**inner, Ast::Prepare { .. } | Ast::CreateFunction(_))
    );
    if is_open && values.is_empty() {
        return Ok(());
    }
    if let Some(extra) = values.keys().find(|name| !names.contains(*name)) {
        return Err(unknown(extra, names));
    }
    if let Some(missing) = names.iter().find(|name| !values.contains_key(*name)) {
        let message = format!("the statement needs a value for `${missing}`");
        return Err(Error::new(ErrorKind::Usage, message)
            .with_hint(format!("give it with `--param {missing}=VALUE`")));
    }
    substitute(statement, values)
}

/// Says that nothing in a statement has this name.
pub(crate) fn unknown(name: &str, names: Vec<String>) -> Error {
    let hint = match suggest::nearest(name, names.clone()) {
        Some(known) => format!("did you mean `{known}`?"),
        None if names.is_empty() => "the statement has no parameters".to_owned(),
        None => format!("its parameters are {}", names.join(", ")),
    };
    let message = format!("the statement has no parameter `${name}`");
    Error::new(ErrorKind::Usage, message).with_hint(hint)
}

fn substitute(statement: &mut Statement, values: &Parameters) -> Result<()> {
    let mut binder = Binder { values };
    let done = match statement {
        Statement::Explain(ExplainStatement { statement, .. }) => {
            return substitute(statement, values);
        }
        Statement::CopyTo(copy) => match &mut copy.source {
            CopyToSource::Query(query) => VisitMut::visit(query.as_mut(), &mut binder),
            CopyToSource::Relation(_) => ControlFlow::Continue(()),
        },
        Statement::Statement(inner) => VisitMut::visit(inner.as_mut(), &mut binder),
        Statement::CreateExternalTable(_) | Statement::Reset(_) => ControlFlow::Continue(()),
    };
    match done {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(error) => Err(error),
    }
}

struct Binder<'a> {
    values: &'a Parameters,
}

impl VisitorMut for Binder<'_> {
    type Break = Error;

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        let Expr::Value(ValueWithSpan { value: Value::Placeholder(name), .. }) = expr else {
            return ControlFlow::Continue(());
        };
        let Some(value) = self.values.get(name.trim_start_matches('$')) else {
            return ControlFlow::Continue(());
        };
        match literal(value) {
            Ok(literal) => {
                *expr = literal;
                ControlFlow::Continue(())
            }
            Err(error) => ControlFlow::Break(error.with_context("parameter", name.clone())),
        }
    }
}

/// Returns the literal a value is planned back from.
fn literal(value: &ScalarValue) -> Result<Expr> {
    Ok(match value {
        ScalarValue::Null => plain(Value::Null),
        ScalarValue::Boolean(Some(flag)) => plain(Value::Boolean(*flag)),
        ScalarValue::Int64(Some(number)) => plain(Value::Number(number.to_string(), false)),
        ScalarValue::Float64(Some(number)) if number.is_finite() => {
            plain(Value::Number(format!("{number:?}"), false))
        }
        ScalarValue::Utf8(Some(text)) => string(text),
        ScalarValue::IntervalMonthDayNano(Some(interval)) => duration(*interval),
        ScalarValue::List(list) if !value.is_null() => {
            let items = list.value(0);
            let items = (0..items.len())
                .map(|at| literal(&ScalarValue::try_from_array(&items, at).map_err(Error::from)?));
            let elem = items.collect::<Result<_>>()?;
            cast(Expr::Array(Array { elem, named: false }), &value.data_type())
        }
        other => cast(plain(text(other)?), &other.data_type()),
    })
}

fn plain(value: Value) -> Expr {
    Expr::Value(value.with_empty_span())
}

fn string(text: &str) -> Expr {
    plain(Value::SingleQuotedString(text.to_owned()))
}

fn text(value: &ScalarValue) -> Result<Value> {
    let text = value.cast_to(&DataType::Utf8).map_err(Error::from)?;
    Ok(match text {
        ScalarValue::Utf8(Some(text)) => Value::SingleQuotedString(text),
        _ => Value::Null,
    })
}

fn duration(interval: IntervalMonthDayNano) -> Expr {
    let IntervalMonthDayNano { months, days, nanoseconds } = interval;
    let text = format!("{months} months {days} days {nanoseconds} nanoseconds");
    Expr::Interval(Interval {
        value: Box::new(string(&text)),
        leading_field: None,
        leading_precision: None,
        last_field: None,
        fractional_seconds_precision: None,
    })
}

/// Lists are cast as well: an empty one has no type of its own.
fn cast(expr: Expr, to: &DataType) -> Expr {
    let to = match to {
        DataType::List(item) => {
            DataType::List(Field::new_list_field(item.data_type().clone(), true).into())
        }
        other => other.clone(),
    };
    let unnamed = |expr| FunctionArg::Unnamed(FunctionArgExpr::Expr(expr));
    let args = vec![unnamed(expr), unnamed(string(&to.to_string()))];
    Expr::Function(Function {
        name: ObjectName::from(vec![Ident::new("arrow_cast")]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList {
            duplicate_treatment: None,
            args,
            clauses: Vec::new(),
        }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    })
}
