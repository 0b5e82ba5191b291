//! Where rows go: a terminal, a pipe or a file.
//!
//! Every format is a [`RowSink`]. Formats for people show every byte from the
//! tenant harmlessly; formats for programs keep it exact.

mod append;
mod arrow_file;
mod atomic;
mod beside;
mod csv;
mod duration;
mod error_json;
mod explain;
mod file;
mod folder;
mod format;
mod html;
mod json;
mod layout;
mod line;
mod looks;
mod markdown;
mod names;
mod out;
mod parquet;
mod partition;
mod quote;
mod report;
mod sanitize;
mod style;
mod table;
mod text;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;

use crate::error::Result;

pub use self::append::append_file;
pub use self::error_json::report_json;
pub use self::file::{FileFormat, open_file};
pub use self::folder::{check_folder, open_folder};
pub use self::format::Format;
pub use self::looks::Looks;
pub use self::out::{Writer, is_closed_pipe};
pub use self::report::{note, report};
pub use self::sanitize::{inert, visible, visible_json};
pub use self::style::Style;

/// Takes one result: its schema, its rows, its end.
///
/// A sink that is dropped before [`RowSink::finish`] leaves no file behind.
pub trait RowSink: Send {
    /// Takes the schema, before any row.
    fn begin(&mut self, schema: &SchemaRef) -> Result<()>;

    /// Takes the next rows.
    fn rows(&mut self, batch: &RecordBatch) -> Result<()>;

    /// Completes the result: footer, closing bracket, or the renamed file.
    fn finish(self: Box<Self>, summary: &Summary) -> Result<()>;
}

/// What is known about a result when its last row has been written.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// Names and values kept in files that can hold them: `entraql.sql`.
    pub facts: Vec<(&'static str, String)>,
    /// A remark for the reader of a table: the row cap was reached.
    pub note: Option<String>,
}

#[cfg(test)]
mod testing;
