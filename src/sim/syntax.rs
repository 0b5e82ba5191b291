//! Parses `$filter` text into a tree, independently of the code that renders it.
//!
//! The grammar is the part of OData that Graph documents: comparisons, `in`,
//! string functions, `any` lambdas, `and`, `or`, `not` and parentheses.

use crate::sim::lexer::{Token, tokens};
use crate::sim::moment::{self, Moment};

/// A filter, as written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expr {
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    /// `path op literal`
    Compare(String, Op, Literal),
    /// `path in ('a','b')`
    In(String, Vec<Literal>),
    /// `startsWith(path,'v')`
    Match(Function, String, Literal),
    /// `path/any(x: ...)`; paths inside are relative to the element, `""` being itself.
    Any(String, Box<Expr>),
}

/// A comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

/// A string function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    StartsWith,
    EndsWith,
    Contains,
}

/// A literal, typed by its spelling.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    Time(Moment),
    Guid(String),
}

impl Op {
    /// Returns the OData word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        let all = [Self::Eq, Self::Ne, Self::Gt, Self::Ge, Self::Lt, Self::Le];
        all.into_iter().find(|op| op.word() == word)
    }
}

impl Function {
    /// Returns the OData word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::StartsWith => "startsWith",
            Self::EndsWith => "endsWith",
            Self::Contains => "contains",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        let all = [Self::StartsWith, Self::EndsWith, Self::Contains];
        all.into_iter().find(|function| function.word().eq_ignore_ascii_case(word))
    }
}

/// Parses a filter; the error says what was expected where.
pub(crate) fn parse(text: &str) -> Result<Expr, String> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0, variable: None };
    let expr = parser.or()?;
    match parser.peek() {
        None => Ok(expr),
        Some(token) => Err(format!("Syntax error: unexpected {token:?}.")),
    }
}

/// Deeper nesting is refused before it can exhaust the stack.
const MAX_DEPTH: usize = 64;

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// The range variable of the enclosing lambda.
    variable: Option<String>,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self) -> Result<Token, String> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token.ok_or_else(|| "Syntax error: unexpected end of filter.".to_owned())
    }

    fn accept(&mut self, wanted: &Token) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn accept_word(&mut self, word: &str) -> bool {
        self.accept(&Token::Word(word.to_owned()))
    }

    fn expect(&mut self, wanted: &Token) -> Result<(), String> {
        match self.take()? {
            token if token == *wanted => Ok(()),
            token => Err(format!("Syntax error: expected {wanted:?}, found {token:?}.")),
        }
    }

    fn or(&mut self) -> Result<Expr, String> {
        let mut parts = vec![self.and()?];
        while self.accept_word("or") {
            parts.push(self.and()?);
        }
        Ok(flatten(parts, Expr::Or))
    }

    fn and(&mut self) -> Result<Expr, String> {
        let mut parts = vec![self.unary()?];
        while self.accept_word("and") {
            parts.push(self.unary()?);
        }
        Ok(flatten(parts, Expr::And))
    }

    fn unary(&mut self) -> Result<Expr, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("The node count or depth limit has been exceeded.".to_owned());
        }
        let expr = self.primary();
        self.depth -= 1;
        expr
    }

    fn primary(&mut self) -> Result<Expr, String> {
        if self.accept(&Token::Open) {
            let inner = self.or()?;
            self.expect(&Token::Close)?;
            return Ok(inner);
        }
        let word = match self.take()? {
            Token::Word(word) => word,
            token => return Err(format!("Syntax error: unexpected {token:?}.")),
        };
        if word == "not" {
            return Ok(Expr::Not(Box::new(self.unary()?)));
        }
        if self.accept(&Token::Open) {
            return self.call(&word);
        }
        self.comparison(&word)
    }

    fn call(&mut self, word: &str) -> Result<Expr, String> {
        if let Some(path) = word.strip_suffix("/any") {
            return self.any(path);
        }
        let Some(function) = Function::parse(word) else {
            return Err(format!("An unknown function with name '{word}' was found."));
        };
        let path = self.path()?;
        self.expect(&Token::Comma)?;
        let literal = self.literal()?;
        self.expect(&Token::Close)?;
        self.skip_eq_true();
        Ok(Expr::Match(function, path, literal))
    }

    /// `startsWith(a,'b') eq true` means the same as the call alone.
    fn skip_eq_true(&mut self) {
        let tail = self.tokens.get(self.at..self.at + 2);
        if tail == Some(&[Token::Word("eq".into()), Token::Word("true".into())]) {
            self.at += 2;
        }
    }

    fn any(&mut self, path: &str) -> Result<Expr, String> {
        if self.variable.is_some() {
            return Err("Nested lambda expressions are not supported.".to_owned());
        }
        let Token::Word(variable) = self.take()? else {
            return Err("Syntax error: a lambda needs a range variable.".to_owned());
        };
        self.expect(&Token::Colon)?;
        self.variable = Some(variable);
        let body = self.or();
        self.variable = None;
        let body = body?;
        self.expect(&Token::Close)?;
        Ok(Expr::Any(path.to_owned(), Box::new(body)))
    }

    fn comparison(&mut self, word: &str) -> Result<Expr, String> {
        let path = self.relative(word)?;
        let Token::Word(op) = self.take()? else {
            return Err(format!("Syntax error: an operator is expected after '{word}'."));
        };
        if op == "in" {
            return Ok(Expr::In(path, self.list()?));
        }
        match Op::parse(&op) {
            Some(op) => Ok(Expr::Compare(path, op, self.literal()?)),
            None => Err(format!("Syntax error: '{op}' is not an operator.")),
        }
    }

    fn list(&mut self) -> Result<Vec<Literal>, String> {
        self.expect(&Token::Open)?;
        let mut values = vec![self.literal()?];
        while self.accept(&Token::Comma) {
            values.push(self.literal()?);
        }
        self.expect(&Token::Close)?;
        Ok(values)
    }

    fn path(&mut self) -> Result<String, String> {
        match self.take()? {
            Token::Word(word) => self.relative(&word),
            token => Err(format!("Syntax error: a property is expected, not {token:?}.")),
        }
    }

    /// Takes the range variable off a path inside a lambda.
    fn relative(&self, word: &str) -> Result<String, String> {
        let Some(variable) = &self.variable else {
            return Ok(word.to_owned());
        };
        match word.strip_prefix(variable.as_str()) {
            Some("") => Ok(String::new()),
            Some(rest) if rest.starts_with('/') => Ok(rest[1..].to_owned()),
            _ => Err(format!("Could not find a range variable for '{word}'.")),
        }
    }

    fn literal(&mut self) -> Result<Literal, String> {
        match self.take()? {
            Token::Text(text) => Ok(Literal::Text(text)),
            Token::Word(word) => self.bare(&word),
            token => Err(format!("Syntax error: a value is expected, not {token:?}.")),
        }
    }

    fn bare(&mut self, word: &str) -> Result<Literal, String> {
        match word {
            "null" => return Ok(Literal::Null),
            "true" => return Ok(Literal::Bool(true)),
            "false" => return Ok(Literal::Bool(false)),
            _ => {}
        }
        // An enum literal: microsoft.graph.riskLevel'medium'.
        if word.starts_with("microsoft.graph.")
            && let Some(Token::Text(member)) = self.peek().cloned()
        {
            self.at += 1;
            return Ok(Literal::Text(member));
        }
        if let Ok(number) = word.parse::<f64>() {
            return Ok(Literal::Number(number));
        }
        if let Some(at) = moment::parse(word) {
            return Ok(Literal::Time(at));
        }
        if is_guid(word) {
            return Ok(Literal::Guid(word.to_owned()));
        }
        Err(format!("Syntax error: '{word}' is not a literal."))
    }
}

fn flatten(mut parts: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
    if parts.len() == 1 { parts.swap_remove(0) } else { join(parts) }
}

fn is_guid(word: &str) -> bool {
    let hex = word.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    hex && word.split('-').map(str::len).eq([8, 4, 4, 4, 12])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> Literal {
        Literal::Text(value.to_owned())
    }

    #[test]
    fn a_doubled_quote_is_one_quote() {
        let expr = parse("displayName eq 'O''Brien'");
        assert_eq!(expr, Ok(Expr::Compare("displayName".into(), Op::Eq, text("O'Brien"))));
    }

    #[test]
    fn and_binds_tighter_than_or() {
        let Ok(Expr::Or(parts)) = parse("a eq 1 or b eq 2 and c eq 3") else {
            panic!("an or at the top")
        };
        assert!(matches!(parts[1], Expr::And(_)));
    }

    #[test]
    fn a_lambda_is_relative_to_its_element() {
        let expr = parse("targetResources/any(t: t/id eq 'x')");
        let body = Expr::Compare("id".into(), Op::Eq, text("x"));
        assert_eq!(expr, Ok(Expr::Any("targetResources".into(), Box::new(body))));
        assert!(parse("a/any(t: other/id eq 'x')").is_err());
    }

    #[test]
    fn literals_are_typed_by_spelling() {
        let time = parse("d ge 2026-01-01T00:00:00.5Z");
        assert!(matches!(time, Ok(Expr::Compare(_, Op::Ge, Literal::Time((_, 500_000_000))))));
        let quoted = parse("d ge '2026-01-01T00:00:00Z'");
        assert!(matches!(quoted, Ok(Expr::Compare(_, _, Literal::Text(_)))));
        assert!(matches!(parse("a eq -5"), Ok(Expr::Compare(_, _, Literal::Number(_)))));
    }

    #[test]
    fn broken_filters_are_refused() {
        for broken in ["", "a", "a eq", "a eq 'x", "a eq 'x' b", "(a eq 1", "a eq x", "f(a,'b')"] {
            assert!(parse(broken).is_err(), "{broken}");
        }
        let deep = format!("{}a eq 1{}", "(".repeat(500), ")".repeat(500));
        assert!(parse(&deep).is_err());
    }
}
