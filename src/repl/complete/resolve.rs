//! From names to columns: aliases, subqueries, WITH, and structs.

use crate::repl::complete::names::{ColumnName, Names};
use crate::repl::complete::scope::{Output, Scopes, Source};

/// Subqueries below each other, after which nobody looks any deeper.
const DEEPEST: usize = 8;

/// Names seen from one place of a statement.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) names: &'a Names,
    pub(super) scopes: &'a Scopes,
    pub(super) scope: usize,
}

impl View<'_> {
    /// Returns what the tables of this SELECT are called.
    pub(super) fn aliases(&self) -> Vec<String> {
        self.scopes.all[self.scope].sources.iter().filter_map(called).collect()
    }

    /// Tells whether this SELECT reads a table we know.
    pub(super) fn has_columns(&self) -> bool {
        !self.columns().is_empty()
    }

    /// Returns the columns of the tables of this SELECT, each name once.
    pub(super) fn columns(&self) -> Vec<ColumnName> {
        let mut all: Vec<ColumnName> = Vec::new();
        for column in self.of_scope(self.scope, DEEPEST) {
            if !all.iter().any(|known| known.name == column.name) {
                all.push(column);
            }
        }
        all
    }

    /// Returns the names the SELECT list gives.
    pub(super) fn outputs(&self) -> Vec<String> {
        let outputs = self.scopes.all[self.scope].outputs.iter();
        outputs
            .filter_map(|output| match output {
                Output::Column(name) => Some(name.clone()),
                Output::Star(_) => None,
            })
            .collect()
    }

    /// Returns the columns of a table, or the fields of a column, by path.
    pub(super) fn below(&self, path: &[String]) -> Vec<ColumnName> {
        let mut scope = Some(self.scope);
        while let Some(at) = scope {
            let sources = &self.scopes.all[at].sources;
            if let [first, rest @ ..] = path
                && let Some(source) = sources.iter().find(|s| called(s).as_ref() == Some(first))
            {
                return deep(self.of_source(source, at, DEEPEST), rest);
            }
            let found = deep(self.of_scope(at, DEEPEST), path);
            if !found.is_empty() {
                return found;
            }
            scope = self.scopes.all[at].parent;
        }
        self.names.table(path).map_or_else(Vec::new, |table| table.columns.clone())
    }

    /// Returns the column with a path; without a FROM, the one of any table.
    pub(super) fn column(&self, path: &[String]) -> Option<ColumnName> {
        let (last, table) = path.split_last()?;
        let found = match table {
            [] => {
                let mut scopes =
                    std::iter::successors(Some(self.scope), |&at| self.scopes.all[at].parent);
                scopes
                    .find_map(|at| self.of_scope(at, DEEPEST).into_iter().find(|c| c.name == *last))
            }
            table => self.below(table).into_iter().find(|c| c.name == *last),
        };
        found.or_else(|| self.anywhere(path))
    }

    fn anywhere(&self, path: &[String]) -> Option<ColumnName> {
        if !self.scopes.all[self.scope].sources.is_empty() {
            return None;
        }
        let (last, parents) = path.split_last()?;
        let tables = self.names.default_tables();
        let mut found = tables.map(|table| deep(table.columns.clone(), parents));
        found.find_map(|columns| columns.into_iter().find(|c| c.name == *last))
    }

    fn of_scope(&self, scope: usize, depth: usize) -> Vec<ColumnName> {
        let sources = self.scopes.all[scope].sources.iter();
        sources.flat_map(|source| self.of_source(source, scope, depth)).collect()
    }

    fn of_source(&self, source: &Source, scope: usize, depth: usize) -> Vec<ColumnName> {
        if depth == 0 {
            return Vec::new();
        }
        if let Some(query) = source.query {
            return self.of_query(query, depth - 1);
        }
        let cte = match source.name.as_slice() {
            // A recursive WITH names itself.
            [name] => self.scopes.ctes.iter().find(|(n, at)| n == name && *at != scope),
            _ => None,
        };
        match cte {
            Some(&(_, query)) => self.of_query(query, depth - 1),
            None => self.names.table(&source.name).map_or_else(Vec::new, |t| t.columns.clone()),
        }
    }

    /// The output columns of a query; what passes through unchanged keeps its fields.
    fn of_query(&self, scope: usize, depth: usize) -> Vec<ColumnName> {
        let inner = self.of_scope(scope, depth);
        let mut columns = Vec::new();
        for output in &self.scopes.all[scope].outputs {
            match output {
                Output::Star(None) => columns.extend(inner.iter().cloned()),
                Output::Star(Some(table)) => {
                    let sources = self.scopes.all[scope].sources.iter();
                    let own = sources.filter(|s| called(s).as_ref() == Some(table));
                    columns.extend(own.flat_map(|s| self.of_source(s, scope, depth)));
                }
                Output::Column(name) => {
                    let known = inner.iter().find(|c| c.name == *name).cloned();
                    let new = || ColumnName { name: name.clone(), ..ColumnName::default() };
                    columns.push(known.unwrap_or_else(new));
                }
            }
        }
        columns
    }
}

fn called(source: &Source) -> Option<String> {
    source.alias.clone().or_else(|| source.name.last().cloned())
}

fn deep(columns: Vec<ColumnName>, path: &[String]) -> Vec<ColumnName> {
    path.iter().fold(columns, |columns, name| {
        let column = columns.into_iter().find(|c| c.name == *name);
        column.map(|c| c.fields).unwrap_or_default()
    })
}
