//! Colors of SQL while it is typed.
//!
//! The text stays what it is, byte for byte; only color changes are put between. It need
//! not be complete: an open string is a string to the end.

use std::collections::HashSet;
use std::ops::Range;

use datafusion::sql::sqlparser::tokenizer::Token;

use crate::engine::{Lexed, Lexeme, lex};
use crate::repl::complete::{Names, is_keyword};

const KEYWORD: &str = "1;34";
const TEXT: &str = "32";
const NUMBER: &str = "36";
const COMMENT: &str = "2";
const FUNCTION: &str = "33";
const TABLE: &str = "35";
const COMMAND: &str = "1";
const BRACKET: &str = "1;7";

/// The names that get a color.
#[derive(Debug, Default)]
pub(super) struct Palette {
    tables: HashSet<String>,
    functions: HashSet<String>,
}

impl Palette {
    pub(super) fn of(names: &Names) -> Self {
        let functions = names.functions.iter().chain(&names.table_functions);
        Self {
            tables: names.tables.iter().map(|table| table.name.clone()).collect(),
            functions: functions.cloned().collect(),
        }
    }

    /// Returns the text with colors; the brackets around the cursor stand out.
    pub(super) fn paint(&self, text: &str, cursor: Option<usize>) -> String {
        if text.starts_with(['.', '\\']) {
            let name = text.find(char::is_whitespace).unwrap_or(text.len());
            return painted(&text[..name], COMMAND) + &text[name..];
        }
        let lexed = lex(text);
        let brackets = cursor.and_then(|at| pair(&lexed, at));
        let mut out = String::with_capacity(text.len() * 2);
        let mut at = 0;
        for (n, lexeme) in lexed.tokens.iter().enumerate() {
            // What a hint inside a comment holds has been painted with the comment.
            if lexeme.at.start < at || lexeme.at.is_empty() {
                continue;
            }
            out.push_str(&text[at..lexeme.at.start]);
            let color = match &brackets {
                Some(pair) if pair.contains(&lexeme.at.start) => Some(BRACKET),
                _ => self.color(lexeme, lexed.tokens.get(n + 1)),
            };
            let part = &text[lexeme.at.clone()];
            out.push_str(&color.map_or_else(|| part.to_owned(), |color| painted(part, color)));
            at = lexeme.at.end;
        }
        let rest = &text[at..];
        if rest.is_empty() {
            return out;
        }
        out + &painted(rest, if rest.starts_with("/*") { COMMENT } else { TEXT })
    }

    fn color(&self, lexeme: &Lexeme, next: Option<&Lexeme>) -> Option<&'static str> {
        match &lexeme.token {
            _ if lexeme.is_comment() => Some(COMMENT),
            Token::Number(..) => Some(NUMBER),
            Token::Word(word) if word.quote_style.is_none() => {
                let name = word.value.to_lowercase();
                let is_call = next.is_some_and(|l| l.token == Token::LParen);
                match () {
                    () if is_call && self.functions.contains(&name) => Some(FUNCTION),
                    () if is_keyword(&name) => Some(KEYWORD),
                    () => self.tables.contains(&name).then_some(TABLE),
                }
            }
            Token::Word(word) => self.tables.contains(&word.value).then_some(TABLE),
            other => is_text(other).then_some(TEXT),
        }
    }
}

fn is_text(token: &Token) -> bool {
    matches!(
        token,
        Token::SingleQuotedString(_)
            | Token::EscapedStringLiteral(_)
            | Token::UnicodeStringLiteral(_)
            | Token::NationalStringLiteral(_)
            | Token::HexStringLiteral(_)
            | Token::DollarQuotedString(_)
    )
}

/// Every line on its own, because an editor may draw them apart.
fn painted(text: &str, color: &str) -> String {
    let lines = text.split('\n').map(|line| match line {
        "" => String::new(),
        line => format!("\u{1b}[{color}m{line}\u{1b}[0m"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The bracket at or before the cursor, and the one it belongs to.
fn pair(lexed: &Lexed, cursor: usize) -> Option<[usize; 2]> {
    let mut open: Vec<(&Token, Range<usize>)> = Vec::new();
    for lexeme in &lexed.tokens {
        match &lexeme.token {
            Token::LParen | Token::LBracket => open.push((&lexeme.token, lexeme.at.clone())),
            Token::RParen | Token::RBracket => {
                let (begun, from) = open.pop()?;
                let fits = (begun == &Token::LParen) == (lexeme.token == Token::RParen);
                let touches = |at: &Range<usize>| at.start == cursor || at.end == cursor;
                if fits && (touches(&from) || touches(&lexeme.at)) {
                    return Some([from.start, lexeme.at.start]);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn palette() -> Palette {
        let set = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Palette { tables: set(&["users"]), functions: set(&["count"]) }
    }

    /// Colors as `<n:text>`, to be read by people.
    fn shown(text: &str, cursor: Option<usize>) -> String {
        let painted = palette().paint(text, cursor);
        painted.replace("\u{1b}[0m", ">").replace("\u{1b}[", "<").replace('m', ":")
    }

    #[test]
    fn every_kind_of_token_has_its_color() {
        assert_eq!(
            shown("SELECT count(id), 'é', 5 FROM users -- x", None),
            "<1;34:SELECT> <33:count>(id), <32:'é'>, <36:5> <1;34:FROM> <35:users> <2:-- x>"
        );
        assert_eq!(shown(".tables x", None), "<1:.tables> x");
    }

    #[test]
    fn what_is_open_is_colored_to_the_end() {
        assert_eq!(shown("select 'a\n;", None), "<1;34:select> <32:'a>\n<32:;>");
        assert_eq!(shown("/* a", None), "<2:/* a>");
    }

    #[test]
    fn the_brackets_at_the_cursor_stand_out() {
        assert_eq!(shown("(a(')'))", Some(0)), "<1;7:(>a(<32:')'>)<1;7:)>");
        assert_eq!(shown("(a(')'))", Some(3)), "(a<1;7:(><32:')'><1;7:)>)");
        assert_eq!(shown("(a)", Some(2)), "<1;7:(>a<1;7:)>");
        assert_eq!(shown("(a]", Some(0)), "(a]");
    }

    /// Whatever is typed: without the colors it is the text again.
    #[test]
    fn colors_change_no_text() {
        let text = "SELECT E'a\\'b', \"ü\n\", $1, /*! 50110 x */ 'é' -- 日本\n WHERE a->>'b' #- $$x$$ ;\r\n(((";
        for (at, _) in text.char_indices() {
            for part in [&text[..at], &text[at..]] {
                let painted = palette().paint(part, Some(at));
                let mut plain = String::new();
                let mut pieces = painted.split("\u{1b}[");
                plain.push_str(pieces.next().unwrap());
                for piece in pieces {
                    plain.push_str(piece.split_once('m').unwrap().1);
                }
                assert_eq!(plain, part);
            }
        }
    }
}
