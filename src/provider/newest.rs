//! The order of a log is a promise a plan may rest on, so it is checked row by row.

use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::TimestampMicrosecondType;

use crate::error::{Error, ErrorKind, Result};
use crate::provider::stream::Scan;

/// Watches the time column of one scan.
pub(super) struct Newest {
    table: &'static str,
    time: Option<usize>,
    ordered: bool,
    oldest_first: bool,
    last: Option<i64>,
}

impl Newest {
    pub(super) fn of(scan: &Scan) -> Self {
        let spec = scan.plan.spec;
        let time = spec.newest_first.and_then(|name| scan.schema.index_of(name).ok());
        let (ordered, oldest_first) = (scan.ordered, scan.plan.oldest_first);
        Self { table: spec.name, time, ordered, oldest_first, last: None }
    }

    /// Returns the newest and the oldest instant of a batch.
    ///
    /// # Errors
    ///
    /// `Malformed` when the plan rests on the order and the rows are not in it.
    pub(super) fn check(&mut self, batch: &RecordBatch) -> Result<Option<(i64, i64)>> {
        let Some(index) = self.time else { return Ok(None) };
        let times = batch.column(index).as_primitive::<TimestampMicrosecondType>();
        if self.ordered {
            for row in 0..times.len() {
                if times.is_null(row) {
                    return Err(self.out_of_order("a row without a time"));
                }
                let at = times.value(row);
                if self.last.is_some_and(|last| self.is_before(at, last)) {
                    return Err(self.out_of_order("rows out of order"));
                }
                self.last = Some(at);
            }
        }
        let oldest = times.iter().flatten().min();
        Ok(times.iter().flatten().max().zip(oldest))
    }

    /// Tells whether a row belongs before the one it came after.
    fn is_before(&self, at: i64, last: i64) -> bool {
        if self.oldest_first { at < last } else { at > last }
    }

    fn out_of_order(&self, what: &str) -> Error {
        let table = self.table;
        Error::new(ErrorKind::Malformed, format!("Graph sent {what} in `{table}`"))
            .with_context("table", table)
            .with_hint("`SET entra.trust_order = false` reads the log without relying on its order")
    }
}
