//! Cuts `$filter` text into tokens.

/// A piece of filter text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    /// A name, path, operator, number, date or GUID.
    Word(String),
    /// A string literal without its quotes.
    Text(String),
    Open,
    Close,
    Comma,
    Colon,
}

/// Cuts the text; a string without an end or a stray character is an error.
pub(crate) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            ':' => (Token::Colon, 1),
            '\'' => quoted(rest)?,
            _ => word(rest, first)?,
        };
        found.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(found)
}

fn quoted(rest: &str) -> Result<(Token, usize), String> {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != '\'' {
            text.push(c);
        } else if chars.next_if(|(_, next)| *next == '\'').is_some() {
            text.push('\'');
        } else {
            return Ok((Token::Text(text), at + 1));
        }
    }
    Err("There is an unterminated string literal in the filter.".to_owned())
}

fn word(rest: &str, first: char) -> Result<(Token, usize), String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_$/.-+".contains(c);
    if !plain(first) {
        return Err(format!("Syntax error: character '{first}' is not valid."));
    }
    let mut length = rest.find(|c| !plain(c)).unwrap_or(rest.len());
    // A date-time holds colons; a lambda variable is followed by one.
    if first.is_ascii_digit() && rest[..length].contains('T') {
        length = rest.find(|c| !plain(c) && c != ':').unwrap_or(rest.len());
    }
    Ok((Token::Word(rest[..length].to_owned()), length))
}
