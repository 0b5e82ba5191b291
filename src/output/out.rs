//! The writer under every text format.
//!
//! Formats for programs are exact in a file or a pipe; on a terminal the same
//! bytes pass through the sanitizer of their syntax first.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::io::{self, BufWriter, Write};

use crate::error::{Error, ErrorKind, Result};
use crate::output::sanitize::{visible_except, visible_json};

/// Anything rows can be written to.
pub type Writer = Box<dyn Write + Send>;

/// What happens to text on its way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guard {
    /// The bytes are right as they are.
    Exact,
    /// Separated values: line breaks and tabs are structure.
    Separated,
    /// JSON: escapes must remain JSON.
    Json,
}

/// A buffered writer whose errors are ours.
pub(super) struct Out {
    writer: BufWriter<Writer>,
    guard: Guard,
}

impl Out {
    pub(super) fn new(writer: Writer, guard: Guard) -> Self {
        Self { writer: BufWriter::new(writer), guard }
    }

    /// Writes text that holds whole rows.
    pub(super) fn text(&mut self, text: &str) -> Result<()> {
        let shown = match self.guard {
            Guard::Exact => Cow::Borrowed(text),
            Guard::Separated => visible_except(text, &['\n', '\t']),
            Guard::Json => visible_json(text),
        };
        self.writer.write_all(shown.as_bytes()).map_err(from_io)
    }

    /// Hands everything to the system, so that rows appear as they arrive.
    pub(super) fn flush(&mut self) -> Result<()> {
        self.writer.flush().map_err(from_io)
    }
}

/// Turns a failed write into our error, keeping the cause.
pub(super) fn from_io(error: io::Error) -> Error {
    Error::new(ErrorKind::Output, format!("the result could not be written: {error}"))
        .with_source(error)
}

/// Turns a failure of a format's own library into our error, keeping the cause.
pub(super) fn from_format(error: impl StdError + Send + Sync + 'static) -> Error {
    Error::new(ErrorKind::Output, format!("the result could not be written: {error}"))
        .with_source(error)
}

/// Returns whether the reader of a pipe went away, which is no error of ours.
///
/// Sockets break as well, but their errors are of another kind.
pub fn is_closed_pipe(error: &Error) -> bool {
    let mut cause = error.source().filter(|_| error.kind() == ErrorKind::Output);
    while let Some(layer) = cause {
        if let Some(io) = layer.downcast_ref::<io::Error>() {
            return io.kind() == io::ErrorKind::BrokenPipe;
        }
        cause = layer.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_pipe_is_told_from_a_full_disk() {
        let pipe = from_io(io::ErrorKind::BrokenPipe.into());
        let disk = from_io(io::ErrorKind::StorageFull.into());
        assert!(is_closed_pipe(&pipe));
        assert!(!is_closed_pipe(&disk));
    }

    #[test]
    fn a_broken_connection_is_no_closed_pipe() {
        let broken = io::Error::from(io::ErrorKind::BrokenPipe);
        let error = Error::new(ErrorKind::Unavailable, "lost").with_source(broken);
        assert!(!is_closed_pipe(&error));
    }
}
