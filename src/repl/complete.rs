//! Completion of commands, keywords, tables and columns.
//!
//! Names are read once from the catalog; completing asks no tenant.

use std::collections::BTreeSet;

use rustyline::Context;
use rustyline::completion::{Completer, Pair};
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::validate::Validator;
use rustyline::{Helper, Result};

use crate::engine::Engine;
use crate::repl::command::COMMANDS;

/// Words of SQL worth completing.
const KEYWORDS: &[&str] = &[
    "AND", "AS", "BETWEEN", "BY", "CASE", "COUNT", "CREATE", "DESC", "DESCRIBE", "DISTINCT",
    "ELSE", "END", "EXISTS", "EXPLAIN", "FROM", "GROUP", "HAVING", "INTERVAL", "IS", "JOIN",
    "LEFT", "LIKE", "LIMIT", "NOT", "NULL", "ORDER", "SELECT", "SHOW", "THEN", "UNION", "VIEW",
    "WHEN", "WHERE", "WITH",
];

/// What can be completed.
#[derive(Default)]
pub(super) struct Names {
    words: BTreeSet<String>,
}

impl Names {
    /// Collects the names of all tables and columns.
    pub(super) async fn of(engine: &Engine) -> Self {
        let mut words: BTreeSet<String> = KEYWORDS.iter().map(|&word| word.to_owned()).collect();
        let context = engine.context();
        let catalogs =
            context.catalog_names().into_iter().filter_map(|name| context.catalog(&name));
        for catalog in catalogs {
            for name in catalog.schema_names() {
                let Some(schema) = catalog.schema(&name) else { continue };
                for table in schema.table_names() {
                    if let Ok(Some(provider)) = schema.table(&table).await {
                        words.extend(provider.schema().fields().iter().map(|f| f.name().clone()));
                    }
                    words.insert(table);
                }
                words.insert(name);
            }
        }
        Self { words }
    }

    fn matching(&self, line: &str, end: usize) -> (usize, Vec<String>) {
        let before = &line[..end];
        if before.starts_with(['.', '\\']) && !before.contains(' ') {
            let commands = COMMANDS.iter().flat_map(|c| c.names).filter(|n| n.starts_with(before));
            return (0, commands.map(|&name| name.to_owned()).collect());
        }
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let start = before
            .rfind(|c| !is_part(c))
            .map_or(0, |at| at + before[at..].chars().next().map_or(0, char::len_utf8));
        let word = before[start..].to_lowercase();
        if word.is_empty() {
            return (start, Vec::new());
        }
        let known = self.words.iter().filter(|known| known.to_lowercase().starts_with(&word));
        (start, known.cloned().collect())
    }
}

impl Completer for Names {
    type Candidate = Pair;

    fn complete(&self, line: &str, end: usize, _: &Context<'_>) -> Result<(usize, Vec<Pair>)> {
        let (start, words) = self.matching(line, end);
        let pair = |word: String| Pair { display: word.clone(), replacement: word };
        Ok((start, words.into_iter().map(pair).collect()))
    }
}

impl Highlighter for Names {}

impl Hinter for Names {
    type Hint = String;
}

impl Validator for Names {}

impl Helper for Names {}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, start: usize, expected: &[&str]) {
        let words = ["users", "user_principal_name", "SELECT"].map(str::to_owned);
        let names = Names { words: words.into_iter().collect() };
        assert_eq!(
            names.matching(line, line.len()),
            (start, expected.iter().map(|w| (*w).to_owned()).collect())
        );
    }

    #[test]
    fn the_last_word_is_completed() {
        check("SELECT user_p", 7, &["user_principal_name"]);
        check("sel", 0, &["SELECT"]);
        check("SELECT u.Users", 9, &["users"]);
        check("SELECT 'é", 8, &[]);
        check("SELECT ", 7, &[]);
    }

    #[test]
    fn commands_are_completed_at_the_start() {
        check(".sc", 0, &[".schema"]);
        check("\\d", 0, &["\\dt", "\\d"]);
    }
}
