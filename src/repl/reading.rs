//! A query that stops at a number of rows, and goes on where it stopped.
//!
//! Between two readings it is paused: rows at hand are kept, and no request is sent.

use std::time::{Duration, Instant};

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::runtime::SpawnedTask;
use futures::FutureExt;

use crate::engine::{Progress, Query, Receipt};
use crate::error::{Error, ErrorKind, Result};

/// A query being read.
#[derive(Debug)]
pub(crate) struct Reading {
    /// Absent after a failure, which ends a query.
    query: Option<Query>,
    schema: SchemaRef,
    /// Rows at hand that were not asked for yet.
    rest: Option<RecordBatch>,
    rows: u64,
    is_over: bool,
    paused: Option<Instant>,
    idle: Duration,
}

impl Reading {
    pub(crate) fn new(query: Query) -> Self {
        Self {
            schema: query.schema(),
            query: Some(query),
            rest: None,
            rows: 0,
            is_over: false,
            paused: None,
            idle: Duration::ZERO,
        }
    }

    pub(crate) fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.schema)
    }

    /// Returns whether there is nothing left to read.
    pub(crate) fn is_over(&self) -> bool {
        self.is_over
    }

    /// Returns a view of the query for the line of progress.
    pub(crate) fn progress(&self) -> Option<Progress> {
        self.query.as_ref().map(Query::progress)
    }

    /// Returns what the rows handed out so far have cost. Time in which the query was
    /// paused is not counted.
    pub(crate) fn receipt(&self) -> Receipt {
        let mut receipt = self.query.as_ref().map(Query::receipt).unwrap_or_default();
        // A batch may have held more rows than were asked for.
        receipt.rows = self.rows;
        let idle = self.idle + self.paused.map(|since| since.elapsed()).unwrap_or_default();
        receipt.elapsed = receipt.elapsed.saturating_sub(idle);
        receipt.complete &= self.is_over;
        receipt
    }

    /// Hands out up to `cap` rows, all there are without one, and pauses.
    pub(crate) async fn read(
        &mut self,
        cap: Option<u64>,
        mut take: impl FnMut(&RecordBatch) -> Result<()>,
    ) -> Result<()> {
        self.resume();
        let mut left = cap.unwrap_or(u64::MAX);
        while left > 0 && !self.is_over {
            let Some(batch) = self.next().await? else {
                self.is_over = true;
                break;
            };
            let batch = self.cut(batch, left);
            left -= batch.num_rows() as u64;
            self.rows += batch.num_rows() as u64;
            take(&batch)?;
        }
        self.pause()
    }

    async fn next(&mut self) -> Result<Option<RecordBatch>> {
        if let Some(rest) = self.rest.take() {
            return Ok(Some(rest));
        }
        let Some(query) = self.query.take() else { return Err(ended()) };
        let (query, batch) = pull(query).await?;
        self.query = Some(query);
        Ok(batch)
    }

    /// Keeps the rows after the first `rows` for later.
    fn cut(&mut self, batch: RecordBatch, rows: u64) -> RecordBatch {
        let rows = usize::try_from(rows).unwrap_or(usize::MAX).min(batch.num_rows());
        if rows < batch.num_rows() {
            self.rest = Some(batch.slice(rows, batch.num_rows() - rows));
        }
        batch.slice(0, rows)
    }

    fn resume(&mut self) {
        self.idle += self.paused.take().map(|since| since.elapsed()).unwrap_or_default();
        if let Some(query) = &self.query {
            query.resume();
        }
    }

    fn pause(&mut self) -> Result<()> {
        if let Some(query) = &self.query {
            query.pause();
        }
        self.paused = Some(Instant::now());
        self.peek()
    }

    /// Looks whether the end has been reached by chance: `LIMIT 100` under a cap of 100.
    ///
    /// The query is paused, so that looking sends nothing.
    fn peek(&mut self) -> Result<()> {
        let Some(query) = self.query.as_mut() else { return Ok(()) };
        while self.rest.is_none() && !self.is_over {
            match query.next().now_or_never() {
                None => break,
                Some(Ok(None)) => self.is_over = true,
                Some(Ok(Some(batch))) => self.rest = Some(batch).filter(|b| b.num_rows() > 0),
                Some(Err(error)) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Takes the next batch on a thread of its own, so that this one keeps listening for
/// Ctrl-C while a join computes. Dropped, it takes the query along.
async fn pull(mut query: Query) -> Result<(Query, Option<RecordBatch>)> {
    let task = SpawnedTask::spawn(async move {
        let batch = query.next().await;
        (query, batch)
    });
    let (query, batch) = task.join().await.map_err(|error| ended().with_source(error))?;
    Ok((query, batch?))
}

fn ended() -> Error {
    Error::new(ErrorKind::Internal, "the query ended without an answer")
}
