//! One query on its way to a sink.

use std::io;

use datafusion::arrow::array::RecordBatch;
use datafusion::common::runtime::SpawnedTask;

use crate::engine::{Query, Receipt};
use crate::error::{Error, ErrorKind, Result};
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
    let (receipt, is_capped) = stream(query, sink.as_mut(), cap).await?;
    sink.finish(&summary(sql, &receipt, cap.filter(|_| is_capped)))?;
    Ok(Shown { receipt, is_rows: true })
}

/// Returns what the rows cost, and whether the cap ended the stream.
async fn stream(
    mut query: Query,
    sink: &mut dyn RowSink,
    cap: Option<u64>,
) -> Result<(Receipt, bool)> {
    let cap = cap.unwrap_or(u64::MAX);
    let mut shown = 0;
    let mut is_over = false;
    while shown < cap && !is_over {
        let batch;
        (query, batch) = pull(query).await?;
        is_over = batch.is_none();
        if let Some(batch) = batch {
            let batch = first(&batch, cap - shown);
            shown += batch.num_rows() as u64;
            sink.rows(&batch)?;
        }
    }
    let mut receipt = query.receipt();
    // A batch may have held more than the cap let through.
    receipt.rows = shown;
    Ok((receipt, !is_over))
}

/// Takes the next batch on a thread of its own, so that this one keeps listening for
/// Ctrl-C while a join computes. Dropped, it takes the query along.
async fn pull(mut query: Query) -> Result<(Query, Option<RecordBatch>)> {
    let task = SpawnedTask::spawn(async move {
        let batch = query.next().await;
        (query, batch)
    });
    let (query, batch) = task.join().await.map_err(|error| {
        Error::new(ErrorKind::Internal, "the query ended without an answer").with_source(error)
    })?;
    Ok((query, batch?))
}

fn first(batch: &RecordBatch, rows: u64) -> RecordBatch {
    let rows = usize::try_from(rows).unwrap_or(usize::MAX);
    batch.slice(0, rows.min(batch.num_rows()))
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
