//! What a running query has done so far, for a task that shows it.

use std::sync::Arc;
use std::time::Duration;

use crate::graph::GraphClient;
use crate::provider::Ledger;

/// Watches one query while another task runs it. Cloning watches the same query.
///
/// Reading takes two short locks and sends nothing.
#[derive(Debug, Clone)]
pub struct Progress {
    pub(super) ledger: Arc<Ledger>,
    pub(super) client: Option<GraphClient>,
}

/// A [`Progress`] read at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// What each scan has read, in the order they started.
    pub scans: Vec<ScanProgress>,
    /// Requests sent to Graph, retries included.
    pub requests: u64,
    /// How much longer a request of the query waits for its turn, if one does.
    pub throttled: Option<Duration>,
}

/// One scan of a [`Snapshot`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanProgress {
    /// The table read.
    pub table: String,
    /// Pages decoded.
    pub pages: u64,
    /// Rows handed on.
    pub rows: u64,
    /// There is nothing left to read.
    pub finished: bool,
}

impl Progress {
    /// Reads what the query has done so far.
    pub fn read(&self) -> Snapshot {
        let scans = self.ledger.scans().into_iter().map(|scan| ScanProgress {
            table: scan.table,
            pages: scan.pages,
            rows: scan.rows,
            finished: scan.finished,
        });
        Snapshot {
            scans: scans.collect(),
            requests: self.ledger.meter().counts().requests,
            throttled: self.throttled(),
        }
    }

    fn throttled(&self) -> Option<Duration> {
        let client = self.client.as_ref().filter(|_| self.ledger.meter().waiting() > 0)?;
        let pause = (*client.throttled().borrow())?;
        (pause.until - client.clock().utc()).to_std().ok().filter(|left| !left.is_zero())
    }
}
