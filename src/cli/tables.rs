//! `entraql tables`.

use crate::cli::args::Options;
use crate::cli::query;
use crate::error::Result;
use crate::repl::TABLES;

/// Lists the tables.
pub(super) async fn run(options: &Options) -> Result<()> {
    query::one(options, TABLES.to_owned()).await
}
