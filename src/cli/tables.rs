//! `entraql tables` and `entraql describe TABLE`: what can be queried.

use crate::cli::args::Options;
use crate::cli::query::with_run;
use crate::error::Result;
use crate::repl::{TABLES, describe};

/// Lists the tables.
pub(super) async fn list(options: &Options) -> Result<()> {
    with_run(options, async |run| run.statement(TABLES).await).await
}

/// Lists the columns of a table.
pub(super) async fn columns(options: &Options, table: &str) -> Result<()> {
    with_run(options, async |run| {
        let sql = describe(run.engine(), table).await?;
        run.statement(&sql).await
    })
    .await
}
