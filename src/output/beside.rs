//! A file that is written by a thread of its own, while the next rows are fetched and decoded.
//!
//! A failed write is told with the next rows, or at the end at the latest. Dropped, it waits
//! for the thread, so that nothing half-written is left behind.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;

use crate::error::{Error, ErrorKind, Result};
use crate::output::out::from_io;
use crate::output::{RowSink, Summary};

/// Batches that wait to be written; whoever has more waits too.
const WAITING: usize = 2;

/// What the thread is told.
enum Step {
    Rows(RecordBatch),
    Finish(Summary),
}

/// A sink and the thread that writes to it.
pub(super) struct Beside {
    /// Until it has begun.
    inner: Option<Box<dyn RowSink>>,
    writing: Option<Writing>,
}

struct Writing {
    steps: SyncSender<Step>,
    thread: JoinHandle<Result<()>>,
}

impl Beside {
    pub(super) fn new(inner: Box<dyn RowSink>) -> Self {
        Self { inner: Some(inner), writing: None }
    }

    /// Hands a step to the thread; one that takes no more has failed.
    fn hand(&mut self, step: Step) -> Result<()> {
        let Some(writing) = &self.writing else { return Ok(()) };
        match writing.steps.send(step) {
            Ok(()) => Ok(()),
            Err(_) => self.end(),
        }
    }

    /// Waits for the thread and returns what it came to.
    fn end(&mut self) -> Result<()> {
        let Some(Writing { steps, thread }) = self.writing.take() else { return Ok(()) };
        drop(steps);
        let panicked = |_| Err(Error::new(ErrorKind::Internal, "the writer of a file panicked"));
        thread.join().unwrap_or_else(panicked)
    }
}

impl RowSink for Beside {
    fn begin(&mut self, schema: &SchemaRef) -> Result<()> {
        let Some(mut inner) = self.inner.take() else { return Ok(()) };
        inner.begin(schema)?;
        let (steps, taken) = sync_channel(WAITING);
        let thread = thread::Builder::new().name("entraql-writer".to_owned());
        let thread = thread.spawn(move || write(inner, &taken)).map_err(from_io)?;
        self.writing = Some(Writing { steps, thread });
        Ok(())
    }

    fn rows(&mut self, batch: &RecordBatch) -> Result<()> {
        self.hand(Step::Rows(batch.clone()))
    }

    fn finish(mut self: Box<Self>, summary: &Summary) -> Result<()> {
        self.hand(Step::Finish(summary.clone()))?;
        self.end()
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // Nobody waits for the result any more.
        let _ = self.end();
    }
}

/// Writes until the end, or until there is nobody to write for.
fn write(mut sink: Box<dyn RowSink>, steps: &Receiver<Step>) -> Result<()> {
    for step in steps {
        match step {
            Step::Rows(batch) => sink.rows(&batch)?,
            Step::Finish(summary) => return sink.finish(&summary),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};
    use std::time::Duration;

    use super::*;
    use crate::output::testing::{batch, numbers};

    /// Tells what it is asked to do, and waits to be let before it writes rows.
    struct Watched {
        told: Sender<&'static str>,
        let_on: Receiver<Result<()>>,
    }

    impl RowSink for Watched {
        fn begin(&mut self, _: &SchemaRef) -> Result<()> {
            self.told.send("begin").unwrap();
            Ok(())
        }

        fn rows(&mut self, _: &RecordBatch) -> Result<()> {
            self.told.send("rows").unwrap();
            self.let_on.recv().unwrap()
        }

        fn finish(self: Box<Self>, _: &Summary) -> Result<()> {
            self.told.send("finish").unwrap();
            Ok(())
        }
    }

    impl Drop for Watched {
        fn drop(&mut self) {
            let _ = self.told.send("dropped");
        }
    }

    struct Rig {
        sink: Box<Beside>,
        told: Receiver<&'static str>,
        let_on: Sender<Result<()>>,
    }

    fn rows() -> RecordBatch {
        batch(&[("n", numbers(&[Some(1)]))])
    }

    fn begun() -> Rig {
        let ((told, told_to), (let_on, let_to)) = (channel(), channel());
        let mut sink = Box::new(Beside::new(Box::new(Watched { told, let_on: let_to })));
        sink.begin(&rows().schema()).unwrap();
        assert_eq!(told_to.recv().unwrap(), "begin");
        Rig { sink, told: told_to, let_on }
    }

    fn full() -> Error {
        Error::new(ErrorKind::Output, "the disk is full")
    }

    #[test]
    fn the_next_rows_are_taken_while_some_are_written() {
        let Rig { mut sink, told, let_on } = begun();
        // Nothing was let on yet: with one thread, the first of these would never return.
        for _ in 0..=WAITING {
            sink.rows(&rows()).unwrap();
        }
        assert_eq!(told.recv_timeout(Duration::from_secs(10)), Ok("rows"));
        for _ in 0..=WAITING {
            let_on.send(Ok(())).unwrap();
        }
        sink.finish(&Summary::default()).unwrap();
        let rest: Vec<_> = told.iter().collect();
        assert_eq!(rest, ["rows", "rows", "finish", "dropped"]);
    }

    #[test]
    fn a_failed_write_is_told_with_the_rows_after_it() {
        let Rig { mut sink, told: _told, let_on } = begun();
        let_on.send(Err(full())).unwrap();
        let failed = (0..WAITING + 2).find_map(|_| sink.rows(&rows()).err()).unwrap();
        assert_eq!((failed.kind(), failed.to_string().contains("full")), (ErrorKind::Output, true));
    }

    #[test]
    fn a_failed_last_write_fails_the_end() {
        let Rig { mut sink, told, let_on } = begun();
        sink.rows(&rows()).unwrap();
        let_on.send(Err(full())).unwrap();
        assert_eq!(sink.finish(&Summary::default()).unwrap_err().kind(), ErrorKind::Output);
        assert!(!told.iter().any(|step| step == "finish"));
    }

    #[test]
    fn a_dropped_file_is_gone_when_the_drop_returns() {
        let Rig { mut sink, told, let_on } = begun();
        sink.rows(&rows()).unwrap();
        let_on.send(Ok(())).unwrap();
        drop(sink);
        let steps: Vec<_> = told.try_iter().collect();
        assert_eq!(steps.last(), Some(&"dropped"));
        assert!(!steps.contains(&"finish"));
    }
}
