//! `entraql describe TABLE`.

use crate::cli::args::Options;
use crate::cli::query;
use crate::error::Result;
use crate::repl::describe;

/// Lists the columns of a table.
pub(super) async fn run(options: &Options, table: &str) -> Result<()> {
    query::one(options, describe(table)?).await
}
