//! One query on its way to a sink.

use std::io;

use crate::engine::{Query, Receipt};
use crate::error::Result;
use crate::output::{RowSink, Summary, note};

/// What became of a query.
#[derive(Debug)]
pub(crate) struct Shown {
    /// What it cost.
    pub receipt: Receipt,
    /// It returned rows, be it none; a `SET` does not.
    pub is_rows: bool,
}

/// Streams a query into the sink that `open` creates, up to a cap of rows.
///
/// The sink is opened before the first request, so that a file that cannot be
/// written costs none. Reaching the cap drops the stream, which stops the scan.
pub(crate) async fn show(
    mut query: Query,
    sql: &str,
    cap: Option<u64>,
    open: impl FnOnce() -> Result<Box<dyn RowSink>>,
) -> Result<Shown> {
    if !query.is_rows() {
        while query.next().await?.is_some() {}
        return Ok(Shown { receipt: query.receipt(), is_rows: false });
    }
    let mut sink = open()?;
    sink.begin(&query.schema())?;
    let is_capped = stream(&mut query, sink.as_mut(), cap).await?;
    let receipt = query.receipt();
    drop(query);
    sink.finish(&summary(sql, &receipt, cap.filter(|_| is_capped)))?;
    Ok(Shown { receipt, is_rows: true })
}

/// Returns whether the cap ended the stream.
async fn stream(query: &mut Query, sink: &mut dyn RowSink, cap: Option<u64>) -> Result<bool> {
    let mut left = cap.unwrap_or(u64::MAX);
    while left > 0 {
        let Some(batch) = query.next().await? else { return Ok(false) };
        let rows =
            usize::try_from(left).map_or(batch.num_rows(), |left| left.min(batch.num_rows()));
        sink.rows(&batch.slice(0, rows))?;
        left -= rows as u64;
    }
    Ok(true)
}

fn summary(sql: &str, receipt: &Receipt, cap: Option<u64>) -> Summary {
    let mut facts = vec![("entraql.sql", sql.to_owned()), ("entraql.receipt", receipt.to_json())];
    let note = cap.map(|cap| format!("stopped at the cap of {cap}, there may be more"));
    facts.extend(note.clone().map(|note| ("entraql.note", note)));
    Summary { facts, note }
}

/// Tells on stderr what a query cost and what is odd about its result.
pub(crate) fn tell(shown: &Shown, is_quiet: bool) {
    let mut stderr = io::stderr().lock();
    for warning in &shown.receipt.warnings {
        note(&mut stderr, &format!("warning: {warning}"));
    }
    if !is_quiet && (shown.is_rows || shown.receipt.requests > 0) {
        note(&mut stderr, &shown.receipt.to_string());
    }
}
