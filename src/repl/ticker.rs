//! Where the line of progress is drawn: stderr, without a single escape sequence.

#[cfg(feature = "repl")]
use std::io::{self, Write};

/// A terminal that understands carriage returns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticker {
    #[cfg_attr(not(feature = "repl"), expect(dead_code, reason = "nothing is drawn"))]
    width: u16,
}

impl Ticker {
    /// Creates a place for lines of this width.
    pub(crate) fn new(width: usize) -> Self {
        // The last column is left out: some terminals break the line there.
        Self { width: u16::try_from(width.saturating_sub(1)).unwrap_or(u16::MAX).max(1) }
    }
}

#[cfg(feature = "repl")]
impl indicatif::TermLike for Ticker {
    fn width(&self) -> u16 {
        self.width
    }

    fn move_cursor_up(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_down(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_right(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_left(&self, _: usize) -> io::Result<()> {
        self.write_str("\r")
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.write_str(text)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        io::stderr().write_all(text.as_bytes())
    }

    fn clear_line(&self) -> io::Result<()> {
        self.write_str(&format!("\r{}\r", " ".repeat(usize::from(self.width))))
    }

    fn flush(&self) -> io::Result<()> {
        io::stderr().flush()
    }
}
