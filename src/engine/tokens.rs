//! SQL text as tokens that know their bytes.
//!
//! Text that is still being typed has tokens, too: what is open at its end is named
//! instead of being an error.

use std::ops::Range;

use datafusion::sql::sqlparser::tokenizer::{
    Location, Span, Token, TokenWithSpan, Tokenizer, Whitespace,
};

use crate::engine::dialect::EntraDialect;

/// A token and the bytes it stands at.
#[derive(Debug, Clone)]
pub(crate) struct Lexeme {
    pub(crate) token: Token,
    pub(crate) at: Range<usize>,
}

impl Lexeme {
    /// Tells whether the token is a space, a line break or a comment.
    pub(crate) fn is_space(&self) -> bool {
        matches!(self.token, Token::Whitespace(_) | Token::EOF)
    }

    /// Tells whether the token is a comment.
    #[cfg(feature = "repl")]
    pub(crate) fn is_comment(&self) -> bool {
        use Whitespace::{MultiLineComment, SingleLineComment};
        let Token::Whitespace(space) = &self.token else { return false };
        matches!(space, MultiLineComment(_) | SingleLineComment { .. })
    }

    /// Returns the name a word stands for: unquoted ones are lower case.
    pub(crate) fn name(&self) -> Option<String> {
        let Token::Word(word) = &self.token else { return None };
        Some(match word.quote_style {
            Some(_) => word.value.clone(),
            None => word.value.to_ascii_lowercase(),
        })
    }

    /// Tells whether the token is this unquoted word, in any case.
    pub(crate) fn is_word(&self, expected: &str) -> bool {
        matches!(&self.token, Token::Word(word)
            if word.quote_style.is_none() && word.value.eq_ignore_ascii_case(expected))
    }
}

/// A string, a quoted name or a comment without an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Open {
    /// Where it begins.
    pub(crate) at: usize,
    /// What the tokenizer says.
    pub(crate) message: String,
}

/// A text, token by token.
#[derive(Debug, Clone)]
pub(crate) struct Lexed {
    pub(crate) tokens: Vec<Lexeme>,
    /// What the text leaves open at its end.
    pub(crate) open: Option<Open>,
}

impl Lexed {
    /// Returns the tokens that are neither space nor comment.
    pub(crate) fn words(&self) -> impl Iterator<Item = &Lexeme> {
        self.tokens.iter().filter(|lexeme| !lexeme.is_space())
    }
}

/// Reads a text as tokens of our dialect.
pub(crate) fn lex(text: &str) -> Lexed {
    let mut found = Vec::new();
    let failed = Tokenizer::new(&EntraDialect, text).tokenize_with_location_into_buf(&mut found);
    let tokens = placed(text, found);
    // Whatever is open begins where the last whole token ends.
    let at = tokens.last().map_or(0, |last: &Lexeme| last.at.end);
    let open = failed.err().map(|error| Open { at, message: error.message });
    Lexed { tokens, open }
}

/// Walks the text once; the tokens come in its order.
fn placed(text: &str, found: Vec<TokenWithSpan>) -> Vec<Lexeme> {
    let mut cursor = Cursor { text, at: 0, line: 1, column: 1 };
    let mut tokens = Vec::with_capacity(found.len());
    for TokenWithSpan { token, span } in found {
        let start = cursor.reach(span.start);
        tokens.push(Lexeme { token, at: start..cursor.reach(span.end) });
    }
    tokens
}

/// Returns the bytes of a span of the tokenizer, if it is one of this text.
pub(crate) fn bytes(text: &str, span: Span) -> Option<Range<usize>> {
    let mut cursor = Cursor { text, at: 0, line: 1, column: 1 };
    let start = cursor.reach(span.start);
    let is_there = Location { line: cursor.line, column: cursor.column } == span.start;
    is_there.then(|| start..cursor.reach(span.end))
}

/// Lines and columns count from 1; columns count characters, and only `\n` ends a line.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
    line: u64,
    column: u64,
}

impl Cursor<'_> {
    /// Goes forward to a place, or to the end of the text.
    fn reach(&mut self, to: Location) -> usize {
        let rest = &self.text[self.at..];
        let mut chars = rest.chars();
        while (self.line, self.column) < (to.line, to.column) {
            match chars.next() {
                Some('\n') => (self.line, self.column) = (self.line + 1, 1),
                Some(_) => self.column += 1,
                None => break,
            }
        }
        self.at = self.text.len() - chars.as_str().len();
        self.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let lexed = lex(text);
        let words: Vec<_> = lexed.words().map(|l| &text[l.at.clone()]).collect();
        assert_eq!(words, expected);
    }

    #[test]
    fn tokens_are_cut_at_characters() {
        check("SELECT 'é;\n日' ,\r\n\t\"ü\" -- x\n;", &["SELECT", "'é;\n日'", ",", "\"ü\"", ";"]);
    }

    #[test]
    fn what_is_open_begins_after_the_last_token() {
        for (text, at) in [("SELECT 'a", 7), ("é /* b", 3), ("a \"b\n", 2)] {
            assert_eq!(lex(text).open.map(|open| open.at), Some(at), "{text}");
        }
        assert_eq!(lex("SELECT 'a'").open, None);
    }

    #[test]
    fn a_span_of_another_text_has_no_bytes() {
        let span = |line, from, to| {
            Span::new(Location { line, column: from }, Location { line, column: to })
        };
        assert_eq!(bytes("é\n日本 x", span(2, 2, 3)), Some(6..9));
        assert_eq!(bytes("é", span(2, 1, 2)), None);
        assert_eq!(bytes("é", span(1, 7, 9)), None);
    }
}
