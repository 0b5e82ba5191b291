//! An engine on a simulator that fails as told, on a clock that does not wait.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use entraql::graph::{Pacing, RecorderClock};
use entraql::sim::{
    CLIENT_ID, CLIENT_SECRET, FaultScript, Options, Seen, Simulator, TENANT_ID, WorldName,
};
use entraql::{Engine, Error, Receipt, Secret, Settings, Tenant};

/// Rows per page: the log of sign-ins has three pages, the directory four.
pub const PAGE: usize = 7;

/// Both clocks stand here, so that a script can name dates.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_794_657_600, 0).unwrap()
}

/// An engine, its simulator and its clock.
pub struct Rig {
    pub engine: Engine,
    pub clock: Arc<RecorderClock>,
}

/// What a query came to: rows count only when it ended well.
pub struct Outcome {
    pub result: Result<Vec<Vec<String>>, Error>,
    pub receipt: Receipt,
}

impl Rig {
    /// A simulator with one of the embedded scripts.
    pub async fn scripted(name: &str) -> Self {
        let script = FaultScript::named(name).unwrap_or_else(|| panic!("no script {name}"));
        Self::failing(Some(script)).await
    }

    /// A simulator with a script of the test's own.
    pub async fn written(steps: &str) -> Self {
        let script = format!(r#"{{"about": "written by a test", "steps": {steps}}}"#);
        Self::failing(Some(FaultScript::from_json(&script).unwrap())).await
    }

    pub async fn sound() -> Self {
        Self::failing(None).await
    }

    async fn failing(faults: Option<FaultScript>) -> Self {
        Self::with(Options { faults, ..options() }, settings()).await
    }

    /// Settings get a clock that writes waits down, whatever clock they had.
    pub async fn with(options: Options, settings: Settings) -> Self {
        let clock = RecorderClock::starting_at(now());
        let settings = Settings { clock: Arc::clone(&clock) as _, ..settings };
        let engine = Engine::simulated(options, settings).await.unwrap();
        Self { engine, clock }
    }

    pub fn simulator(&self) -> &Simulator {
        self.engine.simulator().unwrap()
    }

    /// Requests to Graph, as the simulator saw them.
    pub fn graph(&self) -> Vec<Seen> {
        graph_of(self.simulator())
    }

    /// Requests for a token.
    pub fn tokens(&self) -> usize {
        self.simulator().seen().iter().filter(|s| s.target.contains("/oauth2/")).count()
    }

    /// The waits of one kind, in seconds.
    pub fn waits(&self, why: &str) -> Vec<f64> {
        let sleeps = self.clock.sleeps();
        sleeps.iter().filter(|s| s.1 == why).map(|s| s.0.as_secs_f64()).collect()
    }

    pub async fn run(&self, sql: &str) -> Outcome {
        run(&self.engine, sql).await
    }

    /// The rows of a query that must end well.
    pub async fn rows(&self, sql: &str) -> Vec<Vec<String>> {
        self.run(sql).await.result.unwrap_or_else(|e| panic!("{sql}\n{e:?}"))
    }

    /// The first column of a query that must end well.
    pub async fn ids(&self, sql: &str) -> Vec<String> {
        self.rows(sql).await.into_iter().map(|row| row[0].clone()).collect()
    }

    /// The error of a query that must not end well.
    pub async fn error(&self, sql: &str) -> Error {
        match self.run(sql).await.result {
            Err(error) => error,
            Ok(rows) => panic!("{sql}\ngave {} rows as complete", rows.len()),
        }
    }
}

pub fn options() -> Options {
    Options { world: WorldName::Tiny, now: now(), max_page: Some(PAGE), ..Options::default() }
}

pub fn settings() -> Settings {
    Settings {
        pacing: Pacing::Off,
        max_wait: Duration::from_secs(60),
        max_body: 1024 * 1024,
        now: Some(now()),
        ..Settings::default()
    }
}

/// The simulated tenant behind an origin.
pub fn tenant(origin: &str) -> Tenant {
    Tenant {
        tenant_id: TENANT_ID.to_owned(),
        client_id: CLIENT_ID.to_owned(),
        credential: Secret::new(CLIENT_SECRET).into(),
        authority: origin.to_owned(),
        graph: origin.to_owned(),
    }
}

pub fn graph_of(simulator: &Simulator) -> Vec<Seen> {
    let version = |seen: &Seen| ["/v1.0/", "/beta/"].iter().any(|v| seen.target.starts_with(v));
    simulator.seen().into_iter().filter(version).collect()
}

/// Runs a query to its end. An error takes the rows before it away.
pub async fn run(engine: &Engine, sql: &str) -> Outcome {
    let mut query = match engine.query(sql).await {
        Ok(query) => query,
        Err(error) => return Outcome { result: Err(error), receipt: Receipt::default() },
    };
    let mut rows = Vec::new();
    let result = loop {
        match query.next().await {
            Ok(Some(batch)) => rows.extend(texts(&batch)),
            Ok(None) => break Ok(rows),
            Err(error) => break Err(error),
        }
    };
    // A caller that asks on after an error must not be told that this was everything.
    if result.is_err() {
        drop(query.next().await);
    }
    let receipt = query.receipt();
    assert_eq!(receipt.complete, result.is_ok(), "{sql}: what the receipt says: {receipt}");
    Outcome { result, receipt }
}

fn texts(batch: &RecordBatch) -> Vec<Vec<String>> {
    let options = FormatOptions::default().with_null("NULL");
    let columns: Vec<_> =
        batch.columns().iter().map(|c| ArrayFormatter::try_new(c, &options).unwrap()).collect();
    let row = |at| columns.iter().map(|column| column.value(at).to_string()).collect();
    (0..batch.num_rows()).map(row).collect()
}
