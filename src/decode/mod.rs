//! JSON to Arrow: one page of Graph becomes one record batch.
//!
//! A value goes from the page's text straight into its column's builder, and only
//! the projected columns are built. A page is decoded whole before a row of it is
//! used, because a cut body can look like a clean reply.

mod builder;
mod instant;
mod open;
mod page;
mod slot;

use datafusion::arrow::record_batch::RecordBatch;

pub use page::{Decoder, peek_next_link};

/// A decoded page.
#[derive(Debug)]
pub struct Page {
    /// The rows, in the order Graph sent them.
    pub batch: RecordBatch,
    /// Where the next page lives; absent on the last one.
    pub next: Option<String>,
    /// Values that did not fit their column and became null.
    pub misfits: Vec<Misfit>,
}

/// A value that did not fit its column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The column, with the path below it for a nested field.
    pub column: String,
    /// The key of the row, where it has one.
    pub key: Option<String>,
    /// What was there instead, without the value itself.
    pub found: &'static str,
    /// The member came more than once, and its first value was read; otherwise it is null.
    pub kept_first: bool,
}

/// Why a body gave no page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The body ends early or is not JSON: worth another try.
    Cut(String),
    /// The body is JSON, but not what the protocol promises.
    Malformed(String),
    /// The body is an error object under a success status.
    GraphError,
}

#[cfg(test)]
mod tests;
