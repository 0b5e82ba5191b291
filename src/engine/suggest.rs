//! "Did you mean", and the place of an error in its statement.

use std::collections::HashSet;

use datafusion::execution::SessionState;
use datafusion::prelude::SessionContext;

use crate::engine::catalog::{ALL_SIGN_INS, CATALOG, GRAPH};
use crate::engine::guard::settings;
use crate::engine::tokens::{Lexeme, lex};
use crate::engine::{Inner, place};
use crate::error::{Error, ErrorKind};
use crate::spec::{Column, TableSpec};
use crate::tables;

/// Adds what a query error lacks: its place, and a name that is nearly the one asked for.
pub(super) fn explain(inner: &Inner, sql: &str, error: Error) -> Error {
    let error = place::locate(error, sql);
    if error.kind() != ErrorKind::Query || error.hint().is_some() {
        return error;
    }
    let state = inner.context.state();
    match missing(error.message()) {
        Some(("table", name)) => {
            let name = name.to_owned();
            with_table_hint(error, &name, &inner.context)
        }
        Some(("function", name)) => hinted(nearest(name, functions(&state)), error, FUNCTIONS),
        Some(("table function", name)) => {
            let names = state.table_functions().keys().cloned().collect();
            hinted(nearest(name, names), error, "")
        }
        Some(("field", name)) => hinted(nearest(name, fields(sql)), error, FIELDS),
        Some(("setting", name)) => {
            hinted(nearest(name, settings(&state).map(|s| s.key).collect()), error, SETTINGS)
        }
        _ => error,
    }
}

const FUNCTIONS: &str = "`SHOW FUNCTIONS` lists all";
const FIELDS: &str = "`DESCRIBE <table>` shows the fields of its structs";
const SETTINGS: &str = "`SHOW ALL` lists all";
const TABLES: &str = "`SHOW TABLES` lists all";

/// Adds the table whose name is nearest to `name`.
pub(super) fn with_table_hint(error: Error, name: &str, context: &SessionContext) -> Error {
    hinted(nearest(name, table_names(context)), error, TABLES)
}

fn hinted(nearest: Option<String>, error: Error, all: &str) -> Error {
    let guess = nearest.map(|name| format!("did you mean `{name}`?"));
    let parts: Vec<_> = guess.into_iter().chain([all.to_owned()]).collect();
    error.with_hint(parts.join(" ").trim().to_owned())
}

/// What is missing, and its name, by the words of our own and of DataFusion's errors.
fn missing(message: &str) -> Option<(&'static str, &str)> {
    for what in ["table function", "table", "function", "setting", "field"] {
        let begun = message.strip_prefix("there is no ").and_then(|m| m.strip_prefix(what));
        if let Some(name) = begun.and_then(|m| m.strip_prefix(" `")) {
            return Some((what, name.trim_end_matches('`')));
        }
    }
    None
}

/// Every table and view; those outside the default schema with their schema.
fn table_names(context: &SessionContext) -> Vec<String> {
    let Some(catalog) = context.catalog(CATALOG) else { return Vec::new() };
    let named = |schema: String| {
        let tables = catalog.schema(&schema).map(|s| s.table_names()).unwrap_or_default();
        tables.into_iter().map(move |table| match schema.as_str() {
            GRAPH => table,
            other => format!("{other}.{table}"),
        })
    };
    catalog.schema_names().into_iter().flat_map(named).collect()
}

/// The fields of the structs of every table a statement names.
fn fields(sql: &str) -> Vec<String> {
    let words: HashSet<String> = lex(sql).words().filter_map(Lexeme::name).collect();
    let is_named = |table: &&&TableSpec| {
        let names = [Some(table.name), table.alias, Some(ALL_SIGN_INS)];
        names.into_iter().flatten().any(|name| words.contains(name))
    };
    let tables = tables::ALL.iter().filter(is_named);
    let columns = tables.flat_map(|table| table.columns_served());
    let mut found = Vec::new();
    for column in columns {
        collect(column.fields(), &mut found);
    }
    found
}

fn collect(fields: &[Column], into: &mut Vec<String>) {
    for field in fields {
        into.push(field.name.to_owned());
        collect(field.fields(), into);
    }
}

fn functions(state: &SessionState) -> Vec<String> {
    let scalar = state.scalar_functions().keys();
    let aggregate = state.aggregate_functions().keys();
    scalar.chain(aggregate).chain(state.window_functions().keys()).cloned().collect()
}

/// Swapped letters are the commonest slip, and they count as one.
pub(super) fn nearest(name: &str, all: Vec<String>) -> Option<String> {
    let last = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
    let score = |known: &String| {
        let full = strsim::normalized_damerau_levenshtein(name, known);
        full.max(strsim::normalized_damerau_levenshtein(&last(name), &last(known)))
    };
    let scored = all.into_iter().map(|known| (score(&known), known));
    // Of equals the first in the alphabet, so that the answer never changes.
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(&a.1)))?;
    (best.0 > 0.6).then_some(best.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: Option<&str>) {
        let known = ["sign_ins", "users", "meta.tables", "count", "cot"];
        let known = known.into_iter().map(str::to_owned).collect();
        assert_eq!(nearest(name, known).as_deref(), expected);
    }

    #[test]
    fn a_name_that_is_nearly_there_is_named() {
        check("sign_in", Some("sign_ins"));
        check("cuont", Some("count"));
        check("tabels", Some("meta.tables"));
        check("mta.tables", Some("meta.tables"));
    }

    #[test]
    fn the_fields_are_those_of_the_tables_named() {
        let found = fields("SELECT status['eror_code'] FROM Sign_Ins");
        assert_eq!(nearest("eror_code", found).as_deref(), Some("error_code"));
        assert!(fields("SELECT 1 FROM mine").is_empty());
    }

    #[test]
    fn nothing_is_guessed_from_afar() {
        check("zzz", None);
    }
}
