//! One query on its way to a sink, and what is told about it afterwards.

use std::io::Write;

use crate::engine::{Query, Receipt};
use crate::error::Result;
use crate::output::{RowSink, Summary, note};
use crate::repl::Ticker;
use crate::repl::progress::ProgressLine;
use crate::repl::reading::Reading;

/// What became of a query.
#[derive(Debug)]
pub(crate) struct Shown {
    /// What it cost.
    pub receipt: Receipt,
    /// It returned rows, be it none; a `SET` does not.
    pub is_rows: bool,
    /// Why rows are missing, where some are.
    pub missing: Option<String>,
}

/// Streams a query into the sink that `open` creates, up to a cap of rows.
///
/// The sink is opened before the first request, so that a file that cannot be
/// written costs none. Reaching the cap drops the query, which stops the scan.
pub(crate) async fn show(
    mut query: Query,
    sql: &str,
    cap: Option<u64>,
    ticker: Option<Ticker>,
    open: impl FnOnce() -> Result<Box<dyn RowSink>>,
) -> Result<Shown> {
    if !query.is_rows() {
        while query.next().await?.is_some() {}
        return Ok(Shown { receipt: query.receipt(), is_rows: false, missing: None });
    }
    let mut sink = open()?;
    let mut reading = Reading::new(query);
    sink.begin(&reading.schema())?;
    let line = ProgressLine::start(reading.progress(), ticker);
    reading.read(cap, |batch| line.aside(|| sink.rows(batch))).await?;
    drop(line);
    let receipt = reading.receipt();
    let missing = (!reading.is_over()).then(|| format!("{}, there may be more", stopped(&receipt)));
    sink.finish(&summary(sql, &receipt, missing.clone()))?;
    Ok(Shown { receipt, is_rows: true, missing })
}

/// Says where the cap stopped a query.
pub(super) fn stopped(receipt: &Receipt) -> String {
    match receipt.requests {
        1 => "stopped after 1 request".to_owned(),
        requests => format!("stopped after {requests} requests"),
    }
}

/// Returns what a sink is told at the end.
pub(super) fn summary(sql: &str, receipt: &Receipt, missing: Option<String>) -> Summary {
    let mut facts = vec![("entraql.sql", sql.to_owned()), ("entraql.receipt", receipt.to_json())];
    facts.extend(missing.clone().map(|missing| ("entraql.note", missing)));
    Summary { facts, note: missing }
}

/// Tells what a query cost and what is odd about its result.
pub(crate) fn tell(to: &mut dyn Write, shown: &Shown, is_quiet: bool, is_verbose: bool) {
    if is_verbose {
        shown.receipt.details().iter().for_each(|detail| note(to, detail));
    }
    for warning in &shown.receipt.warnings {
        note(to, &format!("warning: {warning}"));
    }
    for line in shown.receipt.cached() {
        note(to, &line);
    }
    if let Some(missing) = &shown.missing {
        note(to, &format!("incomplete: {missing}"));
    }
    if !is_quiet && (shown.is_rows || shown.receipt.requests > 0) {
        note(to, &shown.receipt.to_string());
    }
}
