//! One view: a statement over tables, with words for each of its columns.

use crate::spec::Example;

/// One view, as a value.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ViewSpec {
    /// Snake case, like a table's.
    pub name: &'static str,
    /// What a row is.
    pub about: &'static str,
    /// The statement it stands for, which names every column.
    pub sql: &'static str,
    /// Its columns in order: the name, and what it holds.
    pub columns: &'static [(&'static str, &'static str)],
    /// The columns `SELECT *` leaves out, because naming them has a price.
    pub hidden: &'static [&'static str],
    /// Queries worth trying.
    pub examples: &'static [Example],
}

impl ViewSpec {
    /// A view of a statement.
    pub const fn new(name: &'static str, sql: &'static str) -> Self {
        Self { name, about: "", sql, columns: &[], hidden: &[], examples: &[] }
    }

    /// Says what a row is.
    pub const fn about(mut self, about: &'static str) -> Self {
        self.about = about;
        self
    }

    /// Says what each column of the statement holds.
    pub const fn columns(mut self, columns: &'static [(&'static str, &'static str)]) -> Self {
        self.columns = columns;
        self
    }

    /// Leaves columns out of `SELECT *`.
    pub const fn hidden(mut self, columns: &'static [&'static str]) -> Self {
        self.hidden = columns;
        self
    }

    /// Queries worth trying.
    pub const fn examples(mut self, examples: &'static [Example]) -> Self {
        self.examples = examples;
        self
    }
}
