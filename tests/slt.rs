//! Runs every `.slt` file under `tests/slt`, each against its own engine and simulator.
//!
//! `cargo test --test slt -- --complete` rewrites the expected results; read the diff.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use entraql::graph::Pacing;
use entraql::sim::{Options, WorldName};
use entraql::{Engine, Error, Settings};
use libtest_mimic::{Arguments, Failed, Trial};
use sqllogictest::{AsyncDB, DBOutput, DefaultColumnType, Runner};

fn main() {
    let mut arguments: Vec<String> = std::env::args().collect();
    let complete = arguments.iter().any(|a| a == "--complete");
    arguments.retain(|a| a != "--complete");
    let files = files(Path::new("tests/slt"));
    assert!(!files.is_empty(), "there are no .slt files");
    let trial = |file: PathBuf| {
        let name = file.display().to_string();
        Trial::test(name, move || run(&file, complete))
    };
    let trials = files.into_iter().map(trial).collect();
    libtest_mimic::run(&Arguments::from_iter(arguments), trials).exit();
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false if path.extension().is_some_and(|e| e == "slt") => found.push(path),
            false => {}
        }
    }
    found.sort();
    found
}

fn run(file: &Path, complete: bool) -> Result<(), Failed> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(2).build()?;
    let file = file.to_owned();
    runtime.block_on(async move {
        let mut runner = Runner::new(|| async { Ok(Session { engine: engine().await? }) });
        if complete {
            let validator = sqllogictest::default_validator;
            let normalizer = sqllogictest::default_normalizer;
            let types = sqllogictest::default_column_validator;
            return runner
                .update_test_file(&file, "\t", validator, normalizer, types)
                .await
                .map_err(|e| Failed::from(e.to_string()));
        }
        runner.run_file_async(&file).await.map_err(|e| Failed::from(e.display(false).to_string()))
    })
}

/// Both clocks stand still, so that a file can name dates.
fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_794_657_600, 0).unwrap_or_default()
}

async fn engine() -> Result<Engine, Error> {
    let options = Options { world: WorldName::Tiny, now: now(), ..Options::default() };
    let settings = Settings { pacing: Pacing::Off, now: Some(now()), ..Settings::default() };
    Engine::simulated(options, settings).await
}

struct Session {
    engine: Engine,
}

#[async_trait]
impl AsyncDB for Session {
    type Error = Error;
    type ColumnType = DefaultColumnType;

    async fn run(&mut self, sql: &str) -> Result<DBOutput<DefaultColumnType>, Error> {
        let mut query = self.engine.query(sql).await?;
        let mut rows = Vec::new();
        while let Some(batch) = query.next().await? {
            rows.extend(texts(&batch)?);
        }
        if !query.is_rows() {
            return Ok(DBOutput::StatementComplete(0));
        }
        let schema = query.schema();
        if schema.fields().iter().any(|f| f.name() == "plan_type") {
            rows = rows.iter().flat_map(|row| plan_lines(&row[1])).collect();
        }
        let width = rows.first().map_or(schema.fields().len(), Vec::len);
        let types = vec![DefaultColumnType::Any; width];
        Ok(DBOutput::Rows { types, rows })
    }

    async fn shutdown(&mut self) {}

    fn engine_name(&self) -> &'static str {
        "entraql"
    }
}

/// A plan is a row per line, so that a file shows it as a reader sees it.
fn plan_lines(plan: &str) -> Vec<Vec<String>> {
    plan.lines().filter(|l| !l.trim().is_empty()).map(|l| vec![l.to_owned()]).collect()
}

/// Cells as text; the port of the simulator is the only thing that differs between runs.
fn texts(batch: &RecordBatch) -> Result<Vec<Vec<String>>, Error> {
    let options = FormatOptions::default().with_null("NULL");
    let wrong = |e: datafusion::arrow::error::ArrowError| {
        Error::new(entraql::ErrorKind::Internal, e.to_string())
    };
    (0..batch.num_rows()).map(|row| texts_of_row(batch, row, &options).map_err(wrong)).collect()
}

fn texts_of_row(
    batch: &RecordBatch,
    row: usize,
    options: &FormatOptions<'_>,
) -> Result<Vec<String>, datafusion::arrow::error::ArrowError> {
    batch
        .columns()
        .iter()
        .map(|column| {
            let text = ArrayFormatter::try_new(column.as_ref(), options)?.value(row).to_string();
            Ok(if text.is_empty() { "(empty)".to_owned() } else { text })
        })
        .collect()
}
