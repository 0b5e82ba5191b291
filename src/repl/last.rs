//! The last result: its rows, and the query behind it where the cap stopped it.

use crate::engine::Receipt;
use crate::error::{Error, ErrorKind, Result};
use crate::output::{RowSink, Summary};
use crate::repl::Ticker;
use crate::repl::kept::Kept;
use crate::repl::progress::ProgressLine;
use crate::repl::reading::Reading;
use crate::repl::show::{stopped, summary};

/// A result that can be shown again.
pub(super) struct Last {
    pub(super) sql: String,
    pub(super) receipt: Receipt,
    kept: Kept,
    rest: Rest,
}

/// What there is beyond the rows that were read.
enum Rest {
    Nothing,
    /// The query, paused.
    Paused(Box<Reading>),
    /// It can no longer be read, for this reason.
    Gone(String),
}

impl Last {
    pub(super) fn new(sql: &str, kept: Kept, reading: Reading) -> Self {
        let receipt = reading.receipt();
        let mut last = Self { sql: sql.to_owned(), receipt, kept, rest: Rest::Nothing };
        last.put_back(reading);
        last
    }

    fn put_back(&mut self, reading: Reading) {
        self.receipt = reading.receipt();
        self.rest = match reading.is_over() {
            true => Rest::Nothing,
            false => Rest::Paused(Box::new(reading)),
        };
    }

    /// Ends the query behind the result, because another one begins.
    pub(super) fn end(&mut self) {
        if let Rest::Paused(_) = self.rest {
            self.rest = Rest::Gone(format!("{} for another one", stopped(&self.receipt)));
        }
    }

    /// Returns why rows are missing, where some are.
    pub(super) fn missing(&self) -> Option<String> {
        match &self.rest {
            Rest::Nothing => None,
            Rest::Paused(_) => Some(format!("{}, there may be more", stopped(&self.receipt))),
            Rest::Gone(reason) => Some(reason.clone()),
        }
    }

    /// Returns what a reader of the screen is told below the rows.
    pub(super) fn note(&self) -> Option<String> {
        match &self.rest {
            Rest::Paused(_) => {
                let stopped = stopped(&self.receipt);
                Some(format!("{stopped}; `.more` continues, `.maxrows 0` lifts the cap"))
            }
            _ => self.missing(),
        }
    }

    /// Returns what a sink is told at the end of the rows.
    pub(super) fn summary(&self) -> Summary {
        let facts = summary(&self.sql, &self.receipt, self.missing());
        Summary { note: self.note(), ..facts }
    }

    /// Writes the rows once more. No request is sent.
    pub(super) fn replay(&mut self, mut sink: Box<dyn RowSink>) -> Result<()> {
        sink.begin(&self.kept.schema())?;
        self.kept.replay(|batch| sink.rows(batch))?;
        sink.finish(&self.summary())
    }

    /// Reads on where the cap stopped the query, and writes the further rows.
    pub(super) async fn more(
        &mut self,
        cap: Option<u64>,
        ticker: Option<Ticker>,
        sink: &mut dyn RowSink,
    ) -> Result<()> {
        let ended = Rest::Gone("stopped by an error or an interrupt".to_owned());
        let mut reading = match std::mem::replace(&mut self.rest, ended) {
            Rest::Paused(reading) => *reading,
            other => {
                self.rest = other;
                return Err(self.nothing_more());
            }
        };
        sink.begin(&reading.schema())?;
        let kept = &mut self.kept;
        let line = ProgressLine::start(reading.progress(), ticker);
        reading
            .read(cap, |batch| {
                kept.push(batch)?;
                line.aside(|| sink.rows(batch))
            })
            .await?;
        drop(line);
        self.put_back(reading);
        Ok(())
    }

    fn nothing_more(&self) -> Error {
        match &self.rest {
            Rest::Gone(reason) => Error::new(ErrorKind::Usage, format!("the query was {reason}"))
                .with_hint("run the statement again"),
            _ => Error::new(ErrorKind::Usage, "the last result is complete"),
        }
    }
}
