//! The token of a statement an error is about.
//!
//! DataFusion knows the place of a name it can't find, the parser that of the word it
//! did not expect. Other errors quote what they are about: if it stands in the statement
//! once, that is the place.

use std::ops::Range;

use datafusion::common::{SchemaError, Span};
use datafusion::error::DataFusionError;
use datafusion::sql::sqlparser::parser::ParserError;
use datafusion::sql::sqlparser::tokenizer::{self, Location, Token};

use crate::engine::tokens::{Lexed, Lexeme, bytes, lex};
use crate::error::{Error, ErrorKind, Place};

/// Points an error at its token.
pub(super) fn locate(error: Error, sql: &str) -> Error {
    if error.kind() != ErrorKind::Query || error.place().is_some() {
        return error;
    }
    let lexed = lex(sql);
    let theirs = std::error::Error::source(&error).and_then(|e| e.downcast_ref());
    let found = theirs.and_then(|theirs| reported(theirs, sql, &lexed));
    let message = error.message();
    match found.or_else(|| quoted(message, &lexed)).or_else(|| shaped(message, &lexed)) {
        Some(span) => error.with_place(Place::new(sql, span)),
        None => error,
    }
}

/// What DataFusion or the parser says.
fn reported(error: &DataFusionError, sql: &str, lexed: &Lexed) -> Option<Range<usize>> {
    let root = error.find_root();
    if let DataFusionError::SQL(syntax, _) = root {
        return unexpected(syntax, sql, lexed);
    }
    let span = error.diagnostic()?.span?;
    let span = bytes(sql, span_of(span))?;
    let is_token = lexed.words().any(|l| l.at.start == span.start);
    is_token.then(|| narrowed(root, span, lexed))
}

fn span_of(span: Span) -> tokenizer::Span {
    let at = |l: datafusion::common::Location| Location { line: l.line, column: l.column };
    tokenizer::Span::new(at(span.start), at(span.end))
}

/// Of `u.nope`, the part that does not exist.
fn narrowed(error: &DataFusionError, span: Range<usize>, lexed: &Lexed) -> Range<usize> {
    let DataFusionError::SchemaError(inner, _) = error else { return span };
    let SchemaError::FieldNotFound { field, valid_fields } = inner.as_ref() else { return span };
    let table = field.relation.as_ref().filter(|relation| {
        !valid_fields.iter().any(|known| known.relation.as_ref() == Some(relation))
    });
    let name = table.map_or(field.name(), |table| table.table());
    let mut inside = lexed.words().filter(|l| span.contains(&l.at.start));
    inside.find(|l| l.name().as_deref() == Some(name)).map_or(span, |l| l.at.clone())
}

/// The parser writes the place at the end of its sentence, and none for the end.
fn unexpected(error: &ParserError, sql: &str, lexed: &Lexed) -> Option<Range<usize>> {
    let ParserError::ParserError(text) = error else { return None };
    if text.ends_with("found: EOF") {
        let end = lexed.words().last().map_or(sql.len(), |last| last.at.end);
        return Some(end..end);
    }
    let (_, at) = text.rsplit_once(" at Line: ")?;
    let (line, column) = at.split_once(", Column: ")?;
    let at = Location { line: line.parse().ok()?, column: column.parse().ok()? };
    let start = bytes(sql, tokenizer::Span::new(at, at))?.start;
    lexed.words().find(|l| l.at.start == start).map(|l| l.at.clone())
}

/// What a message quotes, where the statement has it once. A column that is named twice
/// is as wrong at its first place as at the second.
fn quoted(message: &str, lexed: &Lexed) -> Option<Range<usize>> {
    quotations(message).find_map(|(name, is_column)| {
        let mut found = lexed.words().enumerate().filter(|(_, l)| stands_for(l, name));
        let (at, first) = found.next()?;
        let is_call = lexed.words().nth(at + 1).is_some_and(|l| l.token == Token::LParen);
        let is_only = found.next().is_none() || (is_column && !is_call);
        is_only.then(|| first.at.clone())
    })
}

fn quotations(message: &str) -> impl Iterator<Item = (&str, bool)> {
    let starts = message.char_indices().filter(|(_, c)| matches!(c, '\'' | '`'));
    starts.filter_map(|(at, quote)| {
        let (inner, _) = message[at + 1..].split_once(quote)?;
        // Of a dotted name, the last part is the one that stands in the text.
        let last = inner.rsplit('.').next()?;
        (!last.is_empty()).then_some((last, quote == '`'))
    })
}

/// What a message describes by its shape, where the statement has that shape once.
fn shaped(message: &str, lexed: &Lexed) -> Option<Range<usize>> {
    let sign = match message.rsplit_once("can't be compared: ") {
        Some((_, operands)) => operands.split(' ').nth(1)?,
        None if message.ends_with(" has no fields") => "[",
        None => return None,
    };
    let mut found = lexed.words().filter(|l| l.token.to_string() == sign);
    found.next().filter(|_| found.next().is_none()).map(|l| l.at.clone())
}

fn stands_for(lexeme: &Lexeme, name: &str) -> bool {
    match &lexeme.token {
        Token::SingleQuotedString(text) => text == name,
        _ => lexeme.name().is_some_and(|word| word == name.to_lowercase() || word == name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(message: &str, sql: &str, expected: Option<&str>) {
        let error = locate(Error::new(ErrorKind::Query, message), sql);
        assert_eq!(error.place().map(|p| &p.text()[p.span()]), expected);
    }

    #[test]
    fn what_a_message_quotes_is_pointed_at() {
        check("'x' is not a time", "SELECT 'é', 'x'", Some("'x'"));
        check("no `a` here", "SELECT A, b, a", Some("A"));
        check("the two sides can't be compared: Boolean = Utf8", "SELECT 'a=b', c = d", Some("="));
        check("table 'entra.graph.user' is gone", "SELECT * FROM user", Some("user"));
    }

    #[test]
    fn nothing_is_pointed_at_by_chance() {
        check("'x' is not a time", "SELECT 'x', 'x'", None);
        check("`f` takes one argument", "SELECT f(1), f(2, 3)", None);
        check("no such thing", "SELECT such", None);
    }
}
