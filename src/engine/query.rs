//! One statement from text to rows.

use std::sync::Arc;
use std::time::Instant;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::execution::SessionState;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::{EmptyRecordBatchStream, SendableRecordBatchStream};
use datafusion::prelude::{DataFrame, SessionContext};

use crate::engine::copy::{self, Staged};
use crate::engine::cost::{self, Preview};
use crate::engine::guards::Guards;
use crate::engine::history::History;
use crate::engine::parameter::Parameters;
use crate::engine::progress::Progress;
use crate::engine::receipt::Receipt;
use crate::engine::{Inner, lists, members, naming, parameter, safe, statement};
use crate::error::{Error, Result};
use crate::provider::{Ledger, Sizes};

/// A running statement. Dropping it stops every request of it.
pub struct Query {
    sql: String,
    schema: SchemaRef,
    stream: SendableRecordBatchStream,
    progress: Progress,
    history: Arc<History>,
    guards: Guards,
    started: Instant,
    rows: u64,
    complete: bool,
    failed: bool,
    is_rows: bool,
    /// The files of a `COPY`, until it has ended well.
    staged: Vec<Staged>,
}

impl std::fmt::Debug for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Query").field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl Query {
    /// Returns the columns of the result.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// Tells whether the statement has a result to show: `SELECT`, `EXPLAIN`, `SHOW`.
    pub fn is_rows(&self) -> bool {
        self.is_rows
    }

    /// Returns the next batch, or nothing at the end.
    ///
    /// With `entra.allow_partial`, a query that a guard, a throttle or an outage ends after
    /// its first rows ends well; its receipt says that it is not complete.
    ///
    /// # Errors
    ///
    /// Whatever keeps the result from being complete. Batches handed out before are then
    /// not the whole answer.
    pub async fn next(&mut self) -> Result<Option<RecordBatch>> {
        match self.guards.next(&mut self.stream).await {
            Some(Ok(batch)) => {
                self.rows += batch.num_rows() as u64;
                Ok(Some(batch))
            }
            Some(Err(error)) => self.fail(error),
            None => {
                // The stream of a query that failed is over as well.
                self.complete = !self.failed;
                if self.complete {
                    self.staged.drain(..).try_for_each(Staged::commit)?;
                }
                Ok(None)
            }
        }
    }

    /// Keeps the query from sending requests until [`Query::resume`]; what is on its way
    /// arrives. A batch that needs no further request can still be had.
    pub fn pause(&self) {
        self.guards.pause();
        self.progress.ledger.meter().hold();
    }

    /// Lets the query send requests again.
    pub fn resume(&self) {
        self.guards.resume();
        self.progress.ledger.meter().release();
    }

    /// Drops what is under way; the error may still be a result worth having.
    fn fail(&mut self, error: Error) -> Result<Option<RecordBatch>> {
        self.failed = true;
        self.stream = Box::pin(EmptyRecordBatchStream::new(self.schema()));
        if self.rows == 0 || !self.guards.accepts(&error) {
            return Err(error);
        }
        self.progress.ledger.warn(format!("the result is incomplete: {error}"));
        Ok(None)
    }

    /// Returns a handle that tells, from any task, how far the query is.
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// Returns what the query has cost so far.
    pub fn receipt(&self) -> Receipt {
        let ledger = &self.progress.ledger;
        let counts = ledger.meter().counts();
        let scans = ledger.scans();
        Receipt {
            rows: self.rows,
            pages: scans.iter().map(|s| s.pages).sum(),
            requests: counts.requests,
            retries: counts.retries,
            throttled: counts.throttled,
            bytes: counts.bytes,
            started: self.guards.started,
            elapsed: self.started.elapsed(),
            scans,
            warnings: ledger.warnings(),
            complete: self.complete,
            failed: self.failed,
        }
    }
}

/// How one statement is run.
#[derive(Debug, Clone, Default)]
pub struct QueryOptions {
    /// The value of each `$name` in the statement.
    pub parameters: Parameters,
    /// Nothing but reading: no `COPY`, `CREATE`, `SET`, at any depth.
    pub safe: bool,
}

/// The receipt of a query outlives it, in `meta.receipts`.
impl Drop for Query {
    fn drop(&mut self) {
        let receipt = self.receipt();
        self.history.add(std::mem::take(&mut self.sql), receipt);
    }
}

/// Plans a statement and starts it.
pub(super) async fn start(inner: &Inner, sql: &str, options: &QueryOptions) -> Result<Query> {
    let guards = Guards::of(inner);
    let ledger = Arc::new(Ledger::new(guards.meter()));
    let state = state(inner, Some(&ledger));
    if let Some(preview) = Preview::of(sql) {
        let stream = cost::preview(inner, &state, &preview, options, ledger.meter());
        let stream = Box::pin(stream).await?;
        return Ok(query(inner, sql, ledger, guards, stream));
    }
    let plan = plan(inner, &state, sql, options).await?;
    lists::check_rows(&plan)?;
    for warning in members::unknown(&plan) {
        ledger.warn(warning);
    }
    let (plan, staged) = copy::stage(plan)?;
    let is_rows = !matches!(plan, LogicalPlan::Ddl(_) | LogicalPlan::Statement(_));
    let frame = frame(inner, state, plan).await?;
    let stream = frame.execute_stream().await.map_err(Error::from_datafusion)?;
    let mut query = query(inner, sql, ledger, guards, stream);
    (query.is_rows, query.staged) = (is_rows, staged);
    Ok(query)
}

fn query(
    inner: &Inner,
    sql: &str,
    ledger: Arc<Ledger>,
    guards: Guards,
    stream: SendableRecordBatchStream,
) -> Query {
    Query {
        sql: sql.to_owned(),
        schema: stream.schema(),
        stream,
        progress: Progress { ledger, client: inner.client.clone() },
        history: Arc::clone(&inner.history),
        guards,
        started: Instant::now(),
        rows: 0,
        complete: false,
        failed: false,
        is_rows: true,
        staged: Vec::new(),
    }
}

/// Plans a statement as a frame of the shared session.
pub(super) async fn data_frame(
    inner: &Inner,
    sql: &str,
    options: &QueryOptions,
) -> Result<DataFrame> {
    let state = state(inner, None);
    let plan = plan(inner, &state, sql, options).await?;
    frame(inner, state, plan).await
}

/// Copies the session's state for one query: its own ledger, and one meaning of `now()`.
fn state(inner: &Inner, ledger: Option<&Arc<Ledger>>) -> SessionState {
    let mut state = inner.context.state();
    if let Some(ledger) = ledger {
        state.config_mut().set_extension(Arc::clone(ledger));
    }
    let history = Arc::clone(&inner.history);
    state.config_mut().set_extension(Arc::new(Sizes::new(move |target| history.pages(target))));
    if let Some(now) = inner.now {
        state.execution_props_mut().query_execution_start_time = Some(now);
    }
    state
}

pub(super) async fn plan(
    inner: &Inner,
    state: &SessionState,
    sql: &str,
    options: &QueryOptions,
) -> Result<LogicalPlan> {
    let mut statement = statement::parse(sql)?;
    statement::hide(&mut statement, &inner.hidden)?;
    naming::name_columns(&mut statement);
    parameter::bind(sql, &mut statement, &options.parameters)?;
    let tables = state.resolve_table_references(&statement).unwrap_or_default();
    lists::check(state, &tables).await?;
    let plan = state.statement_to_plan(statement).await.map_err(Error::from_datafusion)?;
    if options.safe {
        safe::check(&plan)?;
    }
    inner.guard.check(&plan, state)?;
    Ok(plan)
}

/// `SET` and `CREATE` act on the shared session; a query runs on its own copy.
async fn frame(inner: &Inner, state: SessionState, plan: LogicalPlan) -> Result<DataFrame> {
    let frame = match plan {
        LogicalPlan::Statement(_) => inner.context.execute_logical_plan(plan).await,
        LogicalPlan::Ddl(_) => {
            SessionContext::new_with_state(state).execute_logical_plan(plan).await
        }
        plan => Ok(DataFrame::new(state, plan)),
    };
    frame.map_err(Error::from_datafusion)
}
