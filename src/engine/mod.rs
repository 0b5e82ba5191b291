//! Stand-in with the signatures of the engine room, replaced when that room lands.
//!
//! Statements run on a plain DataFusion context; the demo is one small table.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use datafusion::arrow::array::{Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::prelude::{SessionConfig, SessionContext};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer};
use futures::StreamExt;

use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;

#[derive(Clone)]
pub struct Engine {
    context: SessionContext,
}

pub struct Tenant {
    pub tenant_id: String,
    pub client_id: String,
    pub client_secret: Secret,
    pub authority: String,
    pub graph: String,
}

impl Engine {
    pub async fn open(_tenant: Tenant) -> Result<Engine> {
        Self::offline().await
    }

    pub async fn demo() -> Result<Engine> {
        let engine = Self::offline().await?;
        let names = StringArray::from_iter(
            (0..5000).map(|n| (n % 7 > 0).then(|| format!("user {n}\u{1b}"))),
        );
        let ids = Int64Array::from_iter_values(0..5000);
        let users = RecordBatch::try_from_iter([
            ("id", Arc::new(ids) as _),
            ("display_name", Arc::new(names) as _),
        ]);
        engine.context.register_batch(
            "users",
            users.map_err(|e| Error::new(ErrorKind::Internal, e.to_string()))?,
        )?;
        Ok(engine)
    }

    pub async fn offline() -> Result<Engine> {
        let config = SessionConfig::new().with_information_schema(true);
        Ok(Self { context: SessionContext::new_with_config(config) })
    }

    pub fn split(&self, text: &str) -> Result<Vec<String>> {
        let mut found = vec![String::new()];
        for token in tokens(text)? {
            match token {
                Token::SemiColon => found.push(String::new()),
                Token::Whitespace(space) if space.to_string().starts_with(['-', '/']) => {}
                other => found.last_mut().into_iter().for_each(|s| s.push_str(&other.to_string())),
            }
        }
        Ok(found.into_iter().map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect())
    }

    pub fn is_complete(&self, text: &str) -> bool {
        let Ok(tokens) = tokens(text) else { return false };
        tokens.iter().rev().find(|t| !matches!(t, Token::Whitespace(_))) == Some(&Token::SemiColon)
    }

    pub async fn query(&self, sql: &str) -> Result<Query> {
        let frame = self.context.sql(sql).await?;
        let is_rows = !frame.schema().fields().is_empty();
        Ok(Query {
            stream: frame.execute_stream().await?,
            is_rows,
            rows: 0,
            started: Instant::now(),
        })
    }

    pub fn context(&self) -> &SessionContext {
        &self.context
    }
}

fn tokens(text: &str) -> Result<Vec<Token>> {
    Tokenizer::new(&GenericDialect {}, text)
        .tokenize()
        .map_err(|e| Error::new(ErrorKind::Query, e.to_string()))
}

pub struct Query {
    stream: SendableRecordBatchStream,
    is_rows: bool,
    rows: u64,
    started: Instant,
}

impl Query {
    pub fn schema(&self) -> SchemaRef {
        self.stream.schema()
    }

    pub async fn next(&mut self) -> Result<Option<RecordBatch>> {
        let batch = self.stream.next().await.transpose()?;
        self.rows += batch.as_ref().map_or(0, |b| b.num_rows() as u64);
        Ok(batch)
    }

    pub fn receipt(&self) -> Receipt {
        Receipt {
            rows: self.rows,
            elapsed: self.started.elapsed(),
            complete: true,
            ..Receipt::default()
        }
    }

    pub fn is_rows(&self) -> bool {
        self.is_rows
    }
}

#[derive(Debug, Clone, Default)]
pub struct ScanReceipt;

#[derive(Debug, Clone, Default)]
pub struct Receipt {
    pub rows: u64,
    pub pages: u64,
    pub requests: u64,
    pub retries: u64,
    pub throttled: Duration,
    pub bytes: u64,
    pub elapsed: Duration,
    pub scans: Vec<ScanReceipt>,
    pub warnings: Vec<String>,
    pub complete: bool,
}

impl Receipt {
    pub fn to_json(&self) -> String {
        format!("{{\"rows\":{},\"requests\":{}}}", self.rows, self.requests)
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rows, {} requests, {} ms", self.rows, self.requests, self.elapsed.as_millis())
    }
}
