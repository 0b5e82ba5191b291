//! What a renderer may assume about the place it writes to.

/// The place rows are written to, as far as it changes their looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Style {
    /// A person is reading along: formats for programs are sanitized as well.
    pub terminal: bool,
    /// Cells per line, if lines must not be longer.
    pub width: Option<usize>,
    /// Colors are welcome.
    pub color: bool,
}

impl Style {
    /// Returns the style of files and pipes: no limits, no colors, exact bytes.
    pub fn plain() -> Self {
        Self::default()
    }

    /// Returns text in a color, where colors are welcome.
    pub(super) fn paint(self, text: &str, color: &str) -> String {
        if self.color { format!("\u{1b}[{color}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
