//! What DataFusion reports, in the reader's words.
//!
//! DataFusion prefixes its errors by layer and appends backtraces, lists of all columns
//! and invitations to report a bug; the reader needs the cause.

use std::collections::BTreeSet;

use datafusion::common::{Column, SchemaError};
use datafusion::error::DataFusionError;
use datafusion::sql::sqlparser::parser::ParserError;

use crate::error::{Error, ErrorKind};

/// Words of layers, and of no use to whoever wrote the SQL.
const LAYERS: &[&str] = &[
    "Error during planning: ",
    "Execution error: ",
    "Schema error: ",
    "Invalid or Unsupported Configuration: ",
    "This feature is not implemented: ",
    "External error: ",
    "Arrow error: ",
    "Parser error: ",
    "Cast error: ",
    "Optimizer rule 'simplify_expressions' failed\ncaused by\n",
];

/// Translates an error in which there is none of ours.
pub(super) fn translated(error: DataFusionError) -> Error {
    let root = root(&error);
    let (message, hint) = said(root);
    let kind = kind_of(root);
    Error { hint, ..Error::new(kind, message).with_source(error) }
}

/// Returns the error below what DataFusion wraps around it.
fn root(error: &DataFusionError) -> &DataFusionError {
    match error {
        DataFusionError::Context(_, inner) | DataFusionError::Diagnostic(_, inner) => root(inner),
        DataFusionError::Collection(all) => all.first().map_or(error, root),
        DataFusionError::Shared(inner) => root(inner),
        other => other,
    }
}

fn kind_of(error: &DataFusionError) -> ErrorKind {
    match error {
        DataFusionError::IoError(_) | DataFusionError::ObjectStore(_) => ErrorKind::Output,
        // A call with the wrong arguments is reported as if it were a bug.
        DataFusionError::Internal(text) if call(text).is_none() => ErrorKind::Internal,
        _ => ErrorKind::Query,
    }
}

/// Returns the cause, and what to do about it where that is known.
fn said(error: &DataFusionError) -> (String, Option<String>) {
    match error {
        DataFusionError::SchemaError(inner, _) => schema(inner),
        DataFusionError::SQL(inner, _) => (syntax(inner), None),
        other => worded(&bare(other)),
    }
}

fn schema(error: &SchemaError) -> (String, Option<String>) {
    match error {
        SchemaError::FieldNotFound { field, valid_fields } => missing(field, valid_fields),
        SchemaError::AmbiguousReference { field } => {
            let name = &field.name;
            let hint = format!("name its table: `t.{name}`");
            (format!("`{name}` could be a column of more than one table"), Some(hint))
        }
        other => (strip(&other.to_string()).to_owned(), None),
    }
}

/// The column meant, when a name is nearly one of them.
fn missing(field: &Column, all: &[Column]) -> (String, Option<String>) {
    let name = field.name();
    let Some(table) = field.relation.as_ref().map(ToString::to_string) else {
        let hint = nearest(name, all.iter().map(Column::name));
        return (format!("there is no column `{name}`"), Some(column_hint(hint)));
    };
    let tables = || all.iter().filter_map(|c| c.relation.as_ref()).map(ToString::to_string);
    if !tables().any(|known| known == table) {
        let tables: BTreeSet<_> = tables().collect();
        let hint = match nearest(&table, tables.iter().map(String::as_str)) {
            Some(best) => format!("did you mean `{best}.{name}`?"),
            None => format!("FROM names {}", Vec::from_iter(tables).join(", ")),
        };
        return (format!("FROM names no table `{table}`"), Some(hint));
    }
    let own = all.iter().filter(|c| c.relation.as_ref().is_some_and(|r| r.to_string() == table));
    let hint = nearest(name, own.map(Column::name));
    (format!("there is no column `{name}` in `{table}`"), Some(column_hint(hint)))
}

fn column_hint(nearest: Option<&str>) -> String {
    let all = "`DESCRIBE <table>` lists all columns";
    nearest.map_or_else(|| all.to_owned(), |best| format!("did you mean `{best}`? {all}"))
}

fn nearest<'a>(name: &str, all: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let near = |c: &&str| strsim::jaro_winkler(name, c);
    all.max_by(|a, b| near(a).total_cmp(&near(b))).filter(|best| near(best) > 0.75)
}

/// The place is told apart from the words.
fn syntax(error: &ParserError) -> String {
    let text = match error {
        ParserError::ParserError(text) | ParserError::TokenizerError(text) => text.as_str(),
        ParserError::RecursionLimitExceeded => "it is nested too deeply",
    };
    let text = text.rsplit_once(" at Line: ").map_or(text, |(text, _)| text);
    let text = text.replacen("Expected: ", "expected ", 1).replacen(", found: ", ", found ", 1);
    format!("SQL does not parse: {}", text.replace("found EOF", "found the end"))
}

fn bare(error: &DataFusionError) -> String {
    let text = error.strip_backtrace();
    let text = text.split("\nThis issue was likely caused").next().unwrap_or(&text);
    strip(text).trim().to_owned()
}

fn strip(text: &str) -> &str {
    let shorter = LAYERS.iter().find_map(|layer| text.strip_prefix(layer));
    shorter.map_or(text, strip)
}

/// Sentences of DataFusion and Arrow that name types or internals and not the cause.
fn worded(text: &str) -> (String, Option<String>) {
    if let Some(value) = between(text, "Error parsing timestamp from '", "'") {
        let hint = "`'2026-11-01'`, `'2026-11-01T08:00:00Z'`, or `now() - INTERVAL '1 day'`";
        return (format!("'{value}' is not a time"), Some(hint.to_owned()));
    }
    if let Some(value) = between(text, "Invalid input syntax for type interval: \"", "\"") {
        let hint = "`INTERVAL '7 days'`, `INTERVAL '90 minutes'`";
        return (format!("'{value}' is not an interval"), Some(hint.to_owned()));
    }
    if let Some(data_type) = between(text, "Cannot access field at argument 1: type ", " is not") {
        let message = format!("a value of type {data_type} has no fields");
        return (message, Some("`DESCRIBE <table>` shows which columns are structs".to_owned()));
    }
    if text.contains("Nested type ") && text.ends_with(" is not supported in CSV") {
        let hint = "`-o FILE.csv` and `.export FILE.csv` write such values as JSON; \
                    Parquet keeps them as they are";
        return ("COPY can't write structs and lists to CSV".to_owned(), Some(hint.to_owned()));
    }
    if let Some(field) = between(text, "Field ", " not found in struct") {
        return (format!("there is no field `{field}`"), None);
    }
    if let Some(operands) =
        text.strip_prefix("Cannot infer common argument type for comparison operation ")
    {
        return (format!("the two sides can't be compared: {operands}"), None);
    }
    if let Some(name) = between(text, "Invalid function '", "'") {
        return (format!("there is no function `{name}`"), None);
    }
    if let Some(name) = between(text, "table '", "' not found") {
        return (format!("there is no table `{}`", short(name)), None);
    }
    if let Some(name) = between(text, "table function '", "' not found") {
        return (format!("there is no table function `{name}`"), None);
    }
    if let Some(name) = text.strip_suffix("' is not a variable which can be viewed with 'SHOW'") {
        return (format!("there is no setting `{}`", name.trim_start_matches('\'')), None);
    }
    let other = || (call(text).unwrap_or_else(|| text.to_owned()), None);
    arguments(text).or_else(|| ungrouped(text)).unwrap_or_else(other)
}

/// A call whose arguments fit no signature, without the list of all signatures.
fn call(text: &str) -> Option<String> {
    let name = between(text, "Function '", "' failed to match any signature")?;
    let given = between(text, "but received ", " (DataType")?;
    Some(format!("`{name}` does not take a value of type {given}"))
}

/// A call with the wrong number or types of arguments, and the ways to call it.
fn arguments(text: &str) -> Option<(String, Option<String>)> {
    let (message, rest) = text.split_once(" No function matches the given name")?;
    let (_, candidates) = rest.split_once("Candidate functions:")?;
    let candidates: Vec<_> = candidates.lines().map(str::trim).filter(|c| !c.is_empty()).collect();
    let message = message.trim_end_matches('.').replacen("Function", "function", 1);
    Some((message, Some(format!("it is {}", candidates.join(" or ")))))
}

/// A column beside an aggregate.
fn ungrouped(text: &str) -> Option<(String, Option<String>)> {
    let column = between(text, "column \"", "\" must appear in the GROUP BY")?;
    let message = format!("`{column}` is neither in GROUP BY nor inside an aggregate function");
    Some((message, Some(format!("add it to GROUP BY, or take one: `min({column})`"))))
}

/// The name as one writes it: without the catalog, and without the schema that is meant
/// when none is named.
fn short(table: &str) -> &str {
    let name = table.strip_prefix("entra.").unwrap_or(table);
    name.strip_prefix("graph.").unwrap_or(name)
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let rest = &text[text.find(before)? + before.len()..];
    rest.split_once(after).map(|(inner, _)| inner)
}
