//! The candidates for what is wanted, the likeliest first.

use datafusion::sql::sqlparser::tokenizer::Token;

use crate::engine::Lexeme;
use crate::repl::complete::context::{Context, Want};
use crate::repl::complete::keywords as words;
use crate::repl::complete::names::{ColumnName, Names};
use crate::repl::complete::resolve::View;
use crate::repl::complete::scope::Clause;
use crate::repl::complete::{Candidate, Kind};

/// Returns everything that fits, before it is compared with what has been typed.
pub(super) fn offer(names: &Names, context: &Context) -> Vec<Candidate> {
    let view = View { names, scopes: &context.scopes, scope: context.here.scope };
    let offer = Offer { names, context, view };
    match &context.want {
        Want::Nothing => Vec::new(),
        Want::Word => offer.word(),
        Want::Part(path) => offer.part(path),
        Want::Field(path) => offer.fields(path),
        Want::Member(path) => offer.members(path),
        Want::Setting => offer.settings(),
    }
}

struct Offer<'a> {
    names: &'a Names,
    context: &'a Context,
    view: View<'a>,
}

impl Offer<'_> {
    fn word(&self) -> Vec<Candidate> {
        let before = &self.context.before;
        let last = before.last();
        let is_last = |word: &str| last.is_some_and(|l| l.is_word(word));
        let is_name = is_last("AS") && self.context.here.clause != Clause::Start;
        if is_name || is_last("INTERVAL") {
            return Vec::new();
        }
        if ["GROUP", "ORDER", "PARTITION"].into_iter().any(is_last) {
            return self.keywords(&["BY"]);
        }
        match self.context.here.clause {
            Clause::Start => self.keywords(self.beginnings()),
            Clause::Free if before.len() == 1 => self.keywords(words::OBJECTS),
            Clause::Table if is_complete(before) => Vec::new(),
            Clause::Table => self.tables(),
            Clause::From if self.context.here.wants_table => self.tables(),
            Clause::From => self.keywords(words::AFTER_TABLE),
            Clause::Limit if is_complete(before) => self.keywords(words::AFTER_LIMIT),
            Clause::Free | Clause::Limit | Clause::Setting => Vec::new(),
            Clause::Select | Clause::Expression | Clause::By => self.expression(),
        }
    }

    fn beginnings(&self) -> &'static [&'static str] {
        let is_last = |words: &[&str]| {
            let last = self.context.before.last();
            last.is_some_and(|l| words.iter().any(|word| l.is_word(word)))
        };
        match self.context.before.as_slice() {
            [] => words::STATEMENTS,
            _ if is_last(&["EXPLAIN", "ANALYZE", "VERBOSE"]) => words::EXPLAINS,
            _ if is_last(&["UNION", "EXCEPT", "INTERSECT", "ALL"]) => words::UNIONS,
            [.., last] if last.token == Token::LParen || last.is_word("AS") => words::QUERIES,
            _ => words::QUERIES,
        }
    }

    /// A value, or what can follow one.
    fn expression(&self) -> Vec<Candidate> {
        let before = &self.context.before;
        if let Some(next) = idiom(before) {
            return self.keywords(next);
        }
        if is_complete(before) {
            let clause = match self.context.here.clause {
                Clause::Select => words::AFTER_ITEM,
                Clause::By => words::AFTER_BY,
                _ => words::AFTER_CONDITION,
            };
            return self.keywords(&[clause, words::OPERATORS].concat());
        }
        let mut all = self.columns();
        let opens = before.last().is_some_and(|l| l.token == Token::LParen);
        if opens {
            all.extend(self.keywords(words::QUERIES));
        }
        // All functions there are would hide the columns.
        if !self.context.partial.is_empty() {
            all.extend(self.functions());
            all.extend(self.keywords(words::OPERANDS));
            if before.last().is_some_and(|l| l.is_word("SELECT") || l.token == Token::LParen) {
                all.extend(self.keywords(&["ALL", "DISTINCT"]));
            }
        }
        all
    }

    /// The columns of FROM; without a FROM, those of every table.
    fn columns(&self) -> Vec<Candidate> {
        let mut all: Vec<_> = self.view.columns().iter().map(column).collect();
        if self.context.here.clause == Clause::By {
            all.extend(self.view.outputs().into_iter().map(|name| named(name, Kind::Column)));
        }
        let aliases = self.view.aliases();
        if aliases.len() > 1 || !self.context.partial.is_empty() {
            let dotted = |name: String| Candidate::new(format!("{}.", quoted(&name)), Kind::Alias);
            all.extend(aliases.into_iter().map(dotted));
        }
        if !self.view.has_columns() && !self.context.partial.is_empty() {
            let tables = self.names.default_tables();
            all.extend(tables.flat_map(|table| table.columns.iter().map(column)));
        }
        all
    }

    fn functions(&self) -> Vec<Candidate> {
        let called = |name: &String| Candidate::new(format!("{name}("), Kind::Function);
        self.names.functions.iter().map(called).collect()
    }

    /// Everything that can stand after FROM.
    fn tables(&self) -> Vec<Candidate> {
        let ctes =
            self.context.scopes.ctes.iter().map(|(name, _)| named(name.clone(), Kind::Table));
        let tables = self.names.default_tables().map(|t| named(t.name.clone(), Kind::Table));
        let schemas = self.names.schemas.iter();
        let schemas =
            schemas.map(|name| Candidate::new(format!("{}.", quoted(name)), Kind::Schema));
        let mut all: Vec<_> = ctes.chain(tables).chain(schemas).collect();
        if self.context.here.clause != Clause::Table && !self.context.partial.is_empty() {
            let functions = self.names.table_functions.iter();
            all.extend(functions.map(|f| Candidate::new(format!("{f}("), Kind::Function)));
        }
        if self.context.before.last().is_some_and(|l| l.token == Token::LParen) {
            all.extend(self.keywords(words::QUERIES));
        }
        all
    }

    /// What follows `a.b.`.
    fn part(&self, path: &[String]) -> Vec<Candidate> {
        let here = self.context.here;
        if here.clause == Clause::Free || here.clause == Clause::Limit {
            return Vec::new();
        }
        if here.wants_table || here.clause == Clause::Table {
            return self.qualified(path);
        }
        self.view.below(path).iter().map(column).collect()
    }

    fn qualified(&self, path: &[String]) -> Vec<Candidate> {
        let schema = match path {
            [catalog] if self.names.catalogs.contains(catalog) => {
                let schemas = self.names.schemas.iter();
                return schemas.map(|s| Candidate::new(format!("{s}."), Kind::Schema)).collect();
            }
            [schema] | [_, schema] => schema,
            _ => return Vec::new(),
        };
        let tables = self.names.tables.iter().filter(|table| table.schema == *schema);
        tables.map(|table| named(table.name.clone(), Kind::Table)).collect()
    }

    fn fields(&self, path: &[String]) -> Vec<Candidate> {
        let end = if self.context.is_closed { "" } else { "']" };
        let found = self.view.column(path).map(|c| c.fields).unwrap_or_default();
        found.iter().map(|f| Candidate::new(format!("{}{end}", f.name), Kind::Field)).collect()
    }

    fn members(&self, path: &[String]) -> Vec<Candidate> {
        let end = if self.context.is_closed { "" } else { "'" };
        let found = self.view.column(path).map(|c| c.members).unwrap_or_default();
        found.iter().map(|m| Candidate::new(format!("{m}{end}"), Kind::Member)).collect()
    }

    fn settings(&self) -> Vec<Candidate> {
        let is_show = self.context.before.first().is_some_and(|l| l.is_word("SHOW"));
        let shows = self.keywords(if is_show { words::SHOWS } else { &[] });
        let settings = self.names.settings.iter();
        let settings = settings.map(|name| Candidate::new(name.clone(), Kind::Setting));
        settings.chain(shows).collect()
    }

    /// Keywords in the case the user writes.
    fn keywords(&self, words: &[&str]) -> Vec<Candidate> {
        let is_lower = self.context.partial.starts_with(|c: char| c.is_lowercase());
        let cased = |word: &&str| if is_lower { word.to_lowercase() } else { (*word).to_owned() };
        words.iter().map(|word| Candidate::new(cased(word), Kind::Keyword)).collect()
    }
}

/// Words that only certain others can follow.
fn idiom(before: &[Lexeme]) -> Option<&'static [&'static str]> {
    let (last, rest) = before.split_last()?;
    if last.is_word("IS") || (last.is_word("NOT") && rest.last().is_some_and(|l| l.is_word("IS"))) {
        return Some(words::AFTER_IS);
    }
    if last.is_word("NULLS") {
        return Some(&["FIRST", "LAST"]);
    }
    (last.is_word("NOT") && is_complete(rest)).then_some(words::AFTER_NOT)
}

/// Tells whether a value has just been completed.
fn is_complete(before: &[Lexeme]) -> bool {
    let Some((last, rest)) = before.split_last() else { return false };
    match &last.token {
        Token::Word(word) if word.quote_style.is_none() => {
            !words::OPENERS.iter().any(|opener| last.is_word(opener))
                && !["DESCRIBE", "DESC", "TABLE", "VIEW", "COPY", "IF"]
                    .iter()
                    .any(|w| rest.len() < 2 && last.is_word(w))
        }
        Token::Word(_) | Token::Number(..) | Token::SingleQuotedString(_) => true,
        Token::RParen | Token::RBracket | Token::Placeholder(_) => true,
        Token::Mul => rest.last().is_some_and(|l| {
            matches!(l.token, Token::Comma | Token::Period) || l.is_word("SELECT")
        }),
        _ => false,
    }
}

fn column(column: &ColumnName) -> Candidate {
    named(column.name.clone(), Kind::Column)
}

fn named(name: String, kind: Kind) -> Candidate {
    Candidate::new(quoted(&name), kind)
}

/// Names with other than lower-case letters need quotes.
fn quoted(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    match name.chars().all(is_plain) && !name.starts_with(|c: char| c.is_ascii_digit()) {
        true => name.to_owned(),
        false => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}
