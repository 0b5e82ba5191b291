//! What ends a query early: a budget of requests, a time limit, a longest wait.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::physical_plan::SendableRecordBatchStream;
use futures::StreamExt;

use crate::auth::{Clock, SystemClock, within};
use crate::engine::Inner;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::Meter;
use crate::provider::EntraOptions;

/// The guards of one query, as they were set when it began.
#[derive(Debug)]
pub(super) struct Guards {
    clock: Arc<dyn Clock>,
    began: Instant,
    /// The wall clock, for telling when.
    pub(super) started: DateTime<Utc>,
    /// Paused time is the reader's: since when, and how much before.
    paused: Mutex<(Option<Instant>, Duration)>,
    options: EntraOptions,
}

impl Guards {
    /// Reads the settings of the session; the time limit runs from here.
    pub(super) fn of(inner: &Inner) -> Self {
        let clock = inner.client.as_ref().map(|client| Arc::clone(client.clock()));
        let clock = clock.unwrap_or_else(SystemClock::shared);
        let state = inner.context.state();
        Self {
            began: clock.now(),
            started: clock.utc(),
            paused: Mutex::default(),
            clock,
            options: EntraOptions::of(state.config_options()),
        }
    }

    /// Returns a meter that keeps to the budget and the longest wait.
    pub(super) fn meter(&self) -> Meter {
        let meter = match self.options.max_requests as u64 {
            0 => Meter::default(),
            most => Meter::with_budget(most),
        };
        match self.options.max_wait.0 {
            Some(wait) => meter.with_max_wait(wait),
            None => meter,
        }
    }

    /// Returns the next batch, or the error that time is up.
    pub(super) async fn next(
        &self,
        stream: &mut SendableRecordBatchStream,
    ) -> Option<Result<RecordBatch>> {
        let Some(limit) = self.options.timeout.0 else {
            return stream.next().await.map(|batch| batch.map_err(Error::from_datafusion));
        };
        let left = limit.saturating_sub(self.elapsed());
        if left.is_zero() {
            return Some(Err(time_is_up(limit)));
        }
        match within(self.clock.as_ref(), left, stream.next()).await {
            Some(batch) => batch.map(|b| b.map_err(Error::from_datafusion)),
            None => Some(Err(time_is_up(limit))),
        }
    }

    /// Stops the clock of the time limit.
    pub(super) fn pause(&self) {
        self.paused().0.get_or_insert_with(|| self.clock.now());
    }

    /// Lets the clock of the time limit go on.
    pub(super) fn resume(&self) {
        let mut paused = self.paused();
        if let Some(since) = paused.0.take() {
            paused.1 += self.clock.now().duration_since(since);
        }
    }

    /// The time the query took, without that of the reader.
    fn elapsed(&self) -> Duration {
        let (since, before) = *self.paused();
        let until = since.unwrap_or_else(|| self.clock.now());
        until.duration_since(self.began).saturating_sub(before)
    }

    fn paused(&self) -> MutexGuard<'_, (Option<Instant>, Duration)> {
        self.paused.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells whether the rows before this error are wanted all the same.
    pub(super) fn accepts(&self, error: &Error) -> bool {
        let passing = [ErrorKind::Unavailable, ErrorKind::Throttled, ErrorKind::Budget];
        self.options.allow_partial && passing.contains(&error.kind())
    }
}

fn time_is_up(limit: Duration) -> Error {
    let limit = crate::provider::Patience(Some(limit));
    Error::new(ErrorKind::Budget, format!("the query took longer than its time limit of {limit}"))
        .with_hint("raise `--timeout`, or narrow the query: EXPLAIN GRAPH shows its requests")
}
