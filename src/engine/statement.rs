//! SQL text to one statement: our dialect, splitting, and what `*` leaves out.

use std::collections::{HashMap, HashSet};
use std::ops::{ControlFlow, Range};

use datafusion::sql::parser::{CopyToSource, DFParserBuilder, ExplainStatement, Statement};
use datafusion::sql::sqlparser;
use datafusion::sql::sqlparser::ast::{
    ExcludeSelectItem, Ident, ObjectName, Query, Select, SelectItem,
    SelectItemQualifiedWildcardKind, TableFactor, VisitMut, VisitorMut, WildcardAdditionalOptions,
};
use datafusion::sql::sqlparser::tokenizer::Token;

use crate::engine::dialect::EntraDialect;
use crate::engine::tokens::{Lexed, Open, lex};
use crate::error::{Error, ErrorKind, Place, Result};

/// The columns `*` leaves out, by table.
pub(super) type Hidden = HashMap<String, Vec<&'static str>>;

/// Splits a text into statements by its tokens: a `;` in a string or a comment never splits.
///
/// A statement begins at its first word: what is said before it is not part of it.
pub(super) fn split(text: &str) -> Result<Vec<Range<usize>>> {
    let lexed = closed(text)?;
    let mut statements = Vec::new();
    let mut current: Option<Range<usize>> = None;
    for lexeme in lexed.words() {
        if lexeme.token == Token::SemiColon {
            statements.extend(current.take());
        } else {
            let start = current.map_or(lexeme.at.start, |begun| begun.start);
            current = Some(start..lexeme.at.end);
        }
    }
    statements.extend(current);
    Ok(statements)
}

/// Tells whether a text ends with a `;`, outside strings and comments.
pub(crate) fn is_complete(text: &str) -> bool {
    let lexed = lex(text);
    let last = lexed.words().last();
    lexed.open.is_none() && last.is_some_and(|l| l.token == Token::SemiColon)
}

/// Reads a text that leaves nothing open.
fn closed(text: &str) -> Result<Lexed> {
    let lexed = lex(text);
    match &lexed.open {
        Some(open) => Err(unclosed(text, open)),
        None => Ok(lexed),
    }
}

fn unclosed(text: &str, open: &Open) -> Error {
    let rest = &text[open.at..];
    let (message, width) = match rest.chars().next() {
        Some('\'') => ("the string is not closed: a `'` is missing".to_owned(), 1),
        Some('"') => ("the quoted name is not closed: a `\"` is missing".to_owned(), 1),
        Some('/') => ("the comment is not closed: a `*/` is missing".to_owned(), 2),
        _ => (open.message.clone(), 1),
    };
    let error = Error::new(ErrorKind::Query, format!("SQL does not parse: {message}"));
    error.with_place(Place::new(text, open.at..open.at + width))
}

/// Parses exactly one statement.
pub(super) fn parse(sql: &str) -> Result<Statement> {
    let dialect = EntraDialect;
    closed(sql)?;
    let parser = DFParserBuilder::new(sql).with_dialect(&dialect).build();
    let statements = parser.and_then(|mut p| p.parse_statements()).map_err(Error::from)?;
    let mut statements = statements.into_iter();
    match (statements.next(), statements.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(Error::new(ErrorKind::Query, "there is no statement to run")),
        _ => Err(Error::new(ErrorKind::Query, "there is more than one statement")),
    }
}

/// Rewrites `*` so that columns with a price must be named.
pub(super) fn hide(statement: &mut Statement, hidden: &Hidden) -> Result<()> {
    match statement {
        Statement::Explain(ExplainStatement { statement, .. }) => hide(statement, hidden),
        Statement::CopyTo(copy) => {
            if let CopyToSource::Relation(name) = &copy.source {
                copy.source = CopyToSource::Query(Box::new(select_all(name)?));
            }
            if let CopyToSource::Query(query) = &mut copy.source {
                visit(query.as_mut(), hidden);
            }
            Ok(())
        }
        Statement::Statement(inner) => {
            visit(inner.as_mut(), hidden);
            Ok(())
        }
        Statement::CreateExternalTable(_) | Statement::Reset(_) => Ok(()),
    }
}

fn select_all(name: &ObjectName) -> Result<Query> {
    match parse(&format!("SELECT * FROM {name}"))? {
        Statement::Statement(inner) => match *inner {
            sqlparser::ast::Statement::Query(query) => Ok(*query),
            _ => Err(Error::new(ErrorKind::Internal, "a SELECT parsed to something else")),
        },
        _ => Err(Error::new(ErrorKind::Internal, "a SELECT parsed to something else")),
    }
}

fn visit(node: &mut impl VisitMut, hidden: &Hidden) {
    let mut names = CteNames::default();
    let _ = node.visit(&mut names);
    let _ = node.visit(&mut Wildcards { hidden, ctes: names.0 });
}

/// Names a query gives to its own tables: they are not ours, whatever they are called.
#[derive(Default)]
struct CteNames(HashSet<String>);

impl VisitorMut for CteNames {
    type Break = ();

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        let ctes = query.with.iter().flat_map(|with| &with.cte_tables);
        self.0.extend(ctes.map(|cte| normal(&cte.alias.name)));
        ControlFlow::Continue(())
    }
}

struct Wildcards<'a> {
    hidden: &'a Hidden,
    ctes: HashSet<String>,
}

/// A table of the FROM clause: what it is called there, and the columns `*` leaves out.
struct Source<'a> {
    name: Option<ObjectName>,
    hidden: &'a [&'static str],
}

impl VisitorMut for Wildcards<'_> {
    type Break = ();

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        let sources = self.sources(select);
        if sources.iter().any(|s| !s.hidden.is_empty()) {
            let items = std::mem::take(&mut select.projection);
            select.projection = items.into_iter().flat_map(|i| expand(i, &sources)).collect();
        }
        ControlFlow::Continue(())
    }
}

impl Wildcards<'_> {
    fn sources(&self, select: &Select) -> Vec<Source<'_>> {
        let joined = |from: &sqlparser::ast::TableWithJoins| {
            let joins = from.joins.iter().map(|j| j.relation.clone());
            std::iter::once(from.relation.clone()).chain(joins).collect::<Vec<_>>()
        };
        let factors: Vec<TableFactor> = select.from.iter().flat_map(joined).collect();
        factors.iter().map(|factor| self.source(factor)).collect()
    }

    fn source(&self, factor: &TableFactor) -> Source<'_> {
        let alias = match factor {
            TableFactor::Table { alias, .. } | TableFactor::Derived { alias, .. } => alias.as_ref(),
            _ => None,
        };
        let alias = alias.map(|a| ObjectName::from(vec![a.name.clone()]));
        match factor {
            TableFactor::Table { name, args: None, .. } => {
                Source { name: alias.or_else(|| Some(name.clone())), hidden: self.lookup(name) }
            }
            _ => Source { name: alias, hidden: &[] },
        }
    }

    fn lookup(&self, name: &ObjectName) -> &[&'static str] {
        let parts: Vec<String> = name.0.iter().filter_map(|p| p.as_ident()).map(normal).collect();
        let table = match parts.as_slice() {
            [table] if !self.ctes.contains(table) => table,
            [schema, table] | [_, schema, table] if schema == super::catalog::GRAPH => table,
            _ => return &[],
        };
        self.hidden.get(table).map_or(&[], Vec::as_slice)
    }
}

/// Unquoted names fold to lower case, as the planner folds them.
fn normal(ident: &Ident) -> String {
    match ident.quote_style {
        Some(_) => ident.value.clone(),
        None => ident.value.to_ascii_lowercase(),
    }
}

fn expand(item: SelectItem, sources: &[Source<'_>]) -> Vec<SelectItem> {
    match item {
        SelectItem::Wildcard(options) => match sources {
            [only] => vec![SelectItem::Wildcard(without(options, only.hidden))],
            many if many.iter().all(|s| s.name.is_some()) => {
                many.iter().filter_map(|s| qualified(s, &options)).collect()
            }
            _ => vec![SelectItem::Wildcard(options)],
        },
        SelectItem::QualifiedWildcard(
            SelectItemQualifiedWildcardKind::ObjectName(name),
            options,
        ) => {
            let same = |s: &&Source<'_>| s.name.as_ref().is_some_and(|n| same_name(n, &name));
            let hidden = sources.iter().find(same).map_or(&[][..], |s| s.hidden);
            let kind = SelectItemQualifiedWildcardKind::ObjectName(name);
            vec![SelectItem::QualifiedWildcard(kind, without(options, hidden))]
        }
        other => vec![other],
    }
}

fn same_name(a: &ObjectName, b: &ObjectName) -> bool {
    let parts =
        |n: &ObjectName| n.0.iter().filter_map(|p| p.as_ident()).map(normal).collect::<Vec<_>>();
    parts(a) == parts(b)
}

fn qualified(source: &Source<'_>, options: &WildcardAdditionalOptions) -> Option<SelectItem> {
    let kind = SelectItemQualifiedWildcardKind::ObjectName(source.name.clone()?);
    Some(SelectItem::QualifiedWildcard(kind, without(options.clone(), source.hidden)))
}

/// Adds columns to the EXCLUDE list of a wildcard, next to what the query excludes itself.
fn without(mut options: WildcardAdditionalOptions, hidden: &[&str]) -> WildcardAdditionalOptions {
    let mut names = match options.opt_exclude.take() {
        Some(ExcludeSelectItem::Single(name)) => vec![name],
        Some(ExcludeSelectItem::Multiple(names)) => names,
        None => Vec::new(),
    };
    let except = options.opt_except.take().into_iter();
    let except = except.flat_map(|e| std::iter::once(e.first_element).chain(e.additional_elements));
    names.extend(except.map(|ident| ObjectName::from(vec![ident])));
    for column in hidden {
        let name = ObjectName::from(vec![Ident::new(*column)]);
        if !names.iter().any(|n| same_name(n, &name)) {
            names.push(name);
        }
    }
    options.opt_exclude = (!names.is_empty()).then_some(ExcludeSelectItem::Multiple(names));
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_semicolon_in_a_string_or_comment_does_not_split() {
        let text = "-- a; b\nSELECT ';' -- ; no\n, /* ; */ 'é;' ; SELECT 2;\n-- end\n";
        let parts: Vec<_> = split(text).unwrap().into_iter().map(|at| &text[at]).collect();
        assert_eq!(parts, ["SELECT ';' -- ; no\n, /* ; */ 'é;'", "SELECT 2"]);
    }

    #[test]
    fn a_statement_is_complete_at_its_semicolon() {
        assert!(is_complete("SELECT 1; -- done"));
        assert!(!is_complete("SELECT ';"));
        assert!(!is_complete("SELECT 1 -- ;"));
    }

    #[track_caller]
    fn check(sql: &str, expected: &str) {
        let hidden = Hidden::from([("users".to_owned(), vec!["raw"])]);
        let mut statement = parse(sql).unwrap();
        hide(&mut statement, &hidden).unwrap();
        assert_eq!(statement.to_string(), expected);
    }

    #[test]
    fn a_star_leaves_out_what_is_hidden() {
        check("SELECT * FROM users", "SELECT * EXCLUDE (raw) FROM users");
        check("SELECT u.* FROM graph.users u", "SELECT u.* EXCLUDE (raw) FROM graph.users u");
        check(
            "SELECT * FROM users JOIN other o ON true",
            "SELECT users.* EXCLUDE (raw), o.* FROM users JOIN other o ON true",
        );
        check("SELECT * EXCLUDE (id) FROM users", "SELECT * EXCLUDE (id, raw) FROM users");
    }

    #[test]
    fn a_named_column_and_a_query_of_that_name_stay() {
        check("SELECT raw FROM users", "SELECT raw FROM users");
        check(
            "WITH users AS (SELECT 1 AS raw) SELECT * FROM users",
            "WITH users AS (SELECT 1 AS raw) SELECT * FROM users",
        );
    }

    #[test]
    fn copy_of_a_table_is_copy_of_its_star() {
        check("COPY users TO 'u.parquet'", "COPY (SELECT * EXCLUDE (raw) FROM users) TO u.parquet");
    }
}
