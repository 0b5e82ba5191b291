//! What became of the statements of a run, and so of its exit code.

use crate::cli::args::Options;
use crate::cli::told;
use crate::error::{Error, ErrorKind, Result};
use crate::output::is_closed_pipe;
use crate::repl::Shown;

/// Counts results, rows and failures.
#[derive(Debug)]
pub(super) struct Tally<'a> {
    options: &'a Options,
    statements: usize,
    /// Results so far.
    pub(super) results: usize,
    rows: u64,
    /// Results cut short, which `--allow-partial` let pass.
    partial: usize,
    failures: usize,
    first: Option<ErrorKind>,
}

impl<'a> Tally<'a> {
    pub(super) fn new(options: &'a Options, statements: usize) -> Self {
        Self { options, statements, results: 0, rows: 0, partial: 0, failures: 0, first: None }
    }

    /// Counts a statement; errs when the run is to end with it.
    pub(super) fn count(&mut self, done: Result<Shown>) -> Result<()> {
        match done {
            Ok(shown) => {
                self.results += usize::from(shown.is_rows);
                self.partial += usize::from(shown.receipt.is_partial());
                self.rows += if shown.is_rows { shown.receipt.rows } else { 0 };
                Ok(())
            }
            Err(error) if self.passes_over(&error) => {
                told(&error, self.options.error_format, self.options.verbose);
                self.failures += 1;
                self.first = self.first.or(Some(error.kind()));
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// The user who interrupts, and the reader who leaves, mean all of it.
    fn passes_over(&self, error: &Error) -> bool {
        let is_over = error.kind() == ErrorKind::Cancelled || is_closed_pipe(error);
        self.options.running.keep_going && self.statements > 1 && !is_over
    }

    /// Says what the run came to.
    pub(super) fn end(self) -> Result<()> {
        if let Some(kind) = self.first {
            let message = format!("{} of {} statements failed", self.failures, self.statements);
            return Err(Error::new(kind, message));
        }
        if self.partial > 0 {
            let noun = if self.partial == 1 { "result is" } else { "results are" };
            let message = format!("{} {noun} incomplete", self.partial);
            return Err(Error::new(ErrorKind::Incomplete, message));
        }
        if self.options.running.fail_on_rows && self.rows > 0 {
            let noun = if self.rows == 1 { "row was" } else { "rows were" };
            return Err(Error::new(ErrorKind::Found, format!("{} {noun} found", self.rows)));
        }
        Ok(())
    }
}
