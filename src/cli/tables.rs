//! `entraql tables`, `describe TABLE` and `inspect TABLE`: what can be queried.

use crate::cli::args::Options;
use crate::cli::query::with_run;
use crate::error::Result;
use crate::repl::{TABLES, describe, inspect};

/// Lists the tables.
pub(super) async fn list(options: &Options) -> Result<()> {
    with_run(options, async |run| run.statement(TABLES, 0).await).await
}

/// Lists the columns of a table.
pub(super) async fn columns(options: &Options, table: &str) -> Result<()> {
    with_run(options, async |run| {
        let sql = describe(run.engine(), table).await?;
        run.statement(&sql, 0).await
    })
    .await
}

/// Tells what reading a table needs and costs.
pub(super) async fn inspected(options: &Options, table: &str) -> Result<()> {
    with_run(options, async |run| {
        for (before, sql) in inspect(run.engine(), table).await?.iter().enumerate() {
            run.statement(sql, before).await?;
        }
        Ok(())
    })
    .await
}
