//! Where in the text of a statement an error is.

use std::ops::Range;

/// A statement and the part of it an error is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    text: String,
    span: Range<usize>,
    first_line: usize,
}

impl Place {
    /// Creates a place: the bytes `span` of `text`, moved to characters.
    pub fn new(text: impl Into<String>, span: Range<usize>) -> Self {
        let text = text.into();
        let start = text.floor_char_boundary(span.start);
        let end = text.ceil_char_boundary(span.end.max(start));
        Self { text, span: start..end, first_line: 1 }
    }

    /// Returns the statement.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the bytes of the statement the error is about. Nothing is missing there
    /// when they are none: the place is before a character, or at the end.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Returns the line, from 1; in a script, the line of the script.
    pub fn line(&self) -> usize {
        self.first_line + self.text[..self.span.start].matches('\n').count()
    }

    /// Returns the column of the statement's line, from 1, in characters.
    pub fn column(&self) -> usize {
        let before = &self.text[..self.span.start];
        before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1
    }

    /// Returns the line the statement begins at.
    pub fn first_line(&self) -> usize {
        self.first_line
    }

    /// Sets the line of the script the statement begins at.
    pub(super) fn begin_at(&mut self, line: usize) {
        self.first_line = line;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_characters() {
        let place = Place::new("é\n日本\tx", 9..10);
        assert_eq!((place.line(), place.column()), (2, 3));
        let place = Place::new("é\n日本\tx", 10..11);
        assert_eq!((place.line(), place.column()), (2, 4));
        assert_eq!(&place.text()[place.span()], "x");
    }

    #[test]
    fn a_place_is_inside_its_text() {
        assert_eq!(Place::new("é", 1..1).span(), 0..2);
        assert_eq!(Place::new("é", 7..9).span(), 2..2);
    }
}
