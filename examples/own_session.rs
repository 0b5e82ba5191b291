//! Tables of entraql beside tables of your own, in a DataFusion session you already have.
//!
//! Run with `cargo run --example own_session`. It asks the built-in demo tenant; with
//! `Engine::open` it would ask yours.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, RecordBatch, StringArray};
use datafusion::error::Result;
use datafusion::prelude::SessionContext;
use entraql::Engine;

/// Which cost center pays for which department: knowledge the directory does not have.
fn cost_centers() -> Result<RecordBatch> {
    let departments: ArrayRef = Arc::new(StringArray::from(vec!["Engineering", "Finance"]));
    let centers: ArrayRef = Arc::new(StringArray::from(vec!["CC-100", "CC-200"]));
    Ok(RecordBatch::try_from_iter([("department", departments), ("cost_center", centers)])?)
}

#[tokio::main]
async fn main() -> Result<()> {
    let engine = Engine::demo().await?;
    let context = SessionContext::new();
    context.register_table("users", engine.table("users")?)?;
    context.register_batch("cost_centers", cost_centers()?)?;

    // Reads two columns of `users`, page by page; the join and the count happen here.
    let sql = "SELECT c.cost_center, u.department, count(*) AS accounts
                 FROM users u JOIN cost_centers c ON c.department = u.department
                WHERE u.account_enabled
                GROUP BY ALL
                ORDER BY 1";
    context.sql(sql).await?.show().await
}
