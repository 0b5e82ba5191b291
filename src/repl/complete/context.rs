//! What is wanted at the cursor, read off the tokens around it.

use datafusion::sql::sqlparser::tokenizer::Token;

use crate::engine::{Lexeme, lex};
use crate::repl::complete::scope::{Clause, Here, Scopes, Walk};

/// The kind of thing that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Want {
    Nothing,
    /// A word of the clause: a name, a function, a keyword.
    Word,
    /// What follows these names and a dot.
    Part(Vec<String>),
    /// A field of the column with this path.
    Field(Vec<String>),
    /// A value of the column with this path.
    Member(Vec<String>),
    Setting,
}

/// The cursor and everything known about its place.
#[derive(Debug)]
pub(super) struct Context {
    /// Where the word under construction begins, and what there is of it.
    pub(super) start: usize,
    pub(super) partial: String,
    pub(super) want: Want,
    pub(super) here: Here,
    pub(super) scopes: Scopes,
    /// The tokens of the statement before that word.
    pub(super) before: Vec<Lexeme>,
    /// A quote follows the cursor already.
    pub(super) is_closed: bool,
}

/// Functions that look for a value in a list.
const SEARCHES: &[&str] =
    &["array_contains", "array_has", "array_position", "list_contains", "list_has"];

/// Reads the place of the cursor.
pub(super) fn read(text: &str, cursor: usize) -> Context {
    let (prefix, suffix) = text.split_at(cursor);
    let lexed = lex(prefix);
    let ends = lexed.tokens.iter().rposition(|l| l.token == Token::SemiColon);
    let tokens = &lexed.tokens[ends.map_or(0, |at| at + 1)..];
    let mut before: Vec<_> = tokens.iter().filter(|l| !l.is_space()).cloned().collect();
    let typed = match &lexed.open {
        Some(open) if prefix[open.at..].starts_with('\'') => Typed::Text(open.at + 1),
        Some(_) => Typed::Nothing,
        None if is_comment(tokens.last(), prefix) => Typed::Nothing,
        None => last(&mut before, prefix),
    };
    let (start, want) = wanted(&typed, &mut before, cursor);
    let partial = prefix[start..].to_owned();
    let is_text = matches!(typed, Typed::Text(_));
    let is_closed = is_text && suffix.starts_with('\'');
    let rest = rest(suffix, is_closed, !is_text && !partial.is_empty());
    let (here, scopes) = walk(&before, &partial, &rest, is_text);
    Context { start, partial, want, here, scopes, before, is_closed }
}

/// The token the cursor is at.
enum Typed {
    /// Nothing can be completed here.
    Nothing,
    /// A string that begins before this byte.
    Text(usize),
    /// A word that begins at this byte; it is empty at the cursor.
    Word(usize),
}

/// A comment to the end of a line that has not ended.
fn is_comment(last: Option<&Lexeme>, prefix: &str) -> bool {
    last.is_some_and(Lexeme::is_comment) && !prefix.ends_with("*/") && !prefix.ends_with('\n')
}

/// Takes the word before the cursor off the tokens.
fn last(before: &mut Vec<Lexeme>, prefix: &str) -> Typed {
    let Some(last) = before.last().filter(|l| l.at.end == prefix.len()) else {
        return Typed::Word(prefix.len());
    };
    match &last.token {
        Token::Word(word) if word.quote_style.is_none() => {
            let start = last.at.start;
            before.pop();
            Typed::Word(start)
        }
        Token::Word(_) | Token::Number(..) | Token::SingleQuotedString(_) => Typed::Nothing,
        Token::Placeholder(_) | Token::RParen | Token::RBracket => Typed::Nothing,
        _ => Typed::Word(prefix.len()),
    }
}

fn wanted(typed: &Typed, before: &mut Vec<Lexeme>, cursor: usize) -> (usize, Want) {
    match *typed {
        Typed::Nothing => (cursor, Want::Nothing),
        Typed::Text(start) => (start, literal(before).unwrap_or(Want::Nothing)),
        Typed::Word(start) if is_setting(before) => {
            let (_, from) = chain(before);
            let start = from.map_or(start, |at| before[at].at.start);
            before.truncate(from.unwrap_or(before.len()));
            let is_name = before.len() == 1;
            (start, if is_name { Want::Setting } else { Want::Nothing })
        }
        Typed::Word(start) => match chain(before) {
            (path, Some(_)) => (start, Want::Part(path)),
            (_, None) if before.last().is_some_and(|l| l.token == Token::Period) => {
                (start, Want::Nothing)
            }
            (_, None) => (start, Want::Word),
        },
    }
}

fn is_setting(before: &[Lexeme]) -> bool {
    let is_first = |word| before.first().is_some_and(|l| l.is_word(word));
    let is_query = before.iter().any(|l| l.is_word("FROM") || l.is_word("IN"));
    (is_first("SET") || is_first("RESET") || is_first("SHOW")) && !is_query
}

/// Returns the names of `a.b.` at the end, and the token they begin at.
fn chain(before: &[Lexeme]) -> (Vec<String>, Option<usize>) {
    let mut path = Vec::new();
    let mut from = before.len();
    while let Some([word, period]) = from.checked_sub(2).map(|at| &before[at..from])
        && period.token == Token::Period
        && let Some(name) = word.name()
    {
        path.insert(0, name);
        from -= 2;
    }
    let is_chain = !path.is_empty();
    (path, is_chain.then_some(from))
}

/// What a string may hold, by what it is compared with.
fn literal(before: &[Lexeme]) -> Option<Want> {
    let (last, rest) = before.split_last()?;
    if last.is_word("FROM") {
        let rest = strip_word(rest, "DISTINCT")?;
        let rest = strip_word(rest, "NOT").unwrap_or(rest);
        return path(strip_word(rest, "IS")?).map(|(path, _)| Want::Member(path));
    }
    if last.is_word("WHEN") {
        let (found, rest) = path(rest)?;
        return rest.last().filter(|l| l.is_word("CASE")).map(|_| Want::Member(found));
    }
    match last.token {
        Token::LBracket => path(rest).map(|(path, _)| Want::Field(path)),
        Token::Eq | Token::Neq | Token::DoubleEq => path(rest).map(|(p, _)| Want::Member(p)),
        Token::LParen | Token::Comma => listed(before),
        _ => None,
    }
}

/// `column IN ('a', '`, or `array_has(column, '`.
fn listed(mut before: &[Lexeme]) -> Option<Want> {
    while let [rest @ .., text, comma] = before
        && comma.token == Token::Comma
        && matches!(text.token, Token::SingleQuotedString(_))
    {
        before = rest;
    }
    let (last, rest) = before.split_last()?;
    if last.token == Token::LParen {
        let rest = strip_word(rest, "IN")?;
        let rest = strip_word(rest, "NOT").unwrap_or(rest);
        return path(rest).map(|(path, _)| Want::Member(path));
    }
    let (found, rest) = path(rest)?;
    let [.., function, paren] = rest else { return None };
    let name = function.name().filter(|_| paren.token == Token::LParen)?;
    SEARCHES.contains(&name.as_str()).then_some(Want::Member(found))
}

fn strip_word<'a>(tokens: &'a [Lexeme], word: &str) -> Option<&'a [Lexeme]> {
    let (last, rest) = tokens.split_last()?;
    last.is_word(word).then_some(rest)
}

/// Takes `t.column`, `column['field']` or `column.field` off the end.
fn path(tokens: &[Lexeme]) -> Option<(Vec<String>, &[Lexeme])> {
    if let [rest @ .., open, field, close] = tokens
        && (&open.token, &close.token) == (&Token::LBracket, &Token::RBracket)
        && let Token::SingleQuotedString(name) = &field.token
    {
        let (mut found, rest) = path(rest)?;
        found.push(name.clone());
        return Some((found, rest));
    }
    let (last, rest) = tokens.split_last()?;
    let name = last.name()?;
    let (mut found, from) = chain(rest);
    found.push(name);
    Some((found, &rest[..from.unwrap_or(rest.len())]))
}

/// The tokens behind the cursor, to the end of the statement.
fn rest(suffix: &str, is_closed: bool, is_word: bool) -> Vec<Lexeme> {
    let tokens = lex(suffix.get(usize::from(is_closed)..).unwrap_or_default()).tokens;
    // The other half of the word the cursor is in.
    let is_half = |l: &Lexeme| is_word && l.at.start == 0 && l.name().is_some();
    let skipped = usize::from(tokens.first().is_some_and(is_half));
    let tokens = tokens.into_iter().skip(skipped);
    tokens.take_while(|l| l.token != Token::SemiColon).filter(|l| !l.is_space()).collect()
}

fn walk(before: &[Lexeme], partial: &str, rest: &[Lexeme], is_text: bool) -> (Here, Scopes) {
    let mut walk = Walk::new();
    for lexeme in before {
        walk.read(lexeme);
    }
    let mut here = walk.here();
    if before.is_empty() {
        here.clause = Clause::Start;
    }
    let word = if is_text { Vec::new() } else { lex(partial).tokens };
    for lexeme in word.iter().chain(rest) {
        walk.read(lexeme);
    }
    (here, walk.finish())
}
