//! Requests that are answered together: none of them before so many have come.

use tokio::sync::watch;

/// Where requests wait for each other; clones are one gate.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gate(watch::Sender<usize>);

impl Gate {
    /// Waits until so many requests have come, this one among them.
    pub(crate) async fn wait(&self, requests: usize) {
        self.0.send_modify(|come| *come += 1);
        // The sender is this gate.
        let _ = self.0.subscribe().wait_for(|come| *come >= requests).await;
    }
}
