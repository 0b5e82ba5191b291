//! Stopping when the user says so.
//!
//! Work is cancelled by dropping it: no request starts afterwards, and files under
//! construction vanish.

use std::future::Future;

use crate::error::{Error, ErrorKind, Result};

/// Which signals stop the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signals {
    /// Ctrl-C; a request to terminate ends the process as usual.
    Interrupt,
    /// Ctrl-C and the request to terminate, so that both leave nothing behind.
    InterruptAndTerminate,
}

/// Runs work to its end, or drops it when the user interrupts.
pub(crate) async fn or_interrupted<T>(
    signals: Signals,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    tokio::select! {
        done = work => done,
        () = interrupted() => Err(cancelled()),
        () = terminated(), if signals == Signals::InterruptAndTerminate => Err(cancelled()),
    }
}

fn cancelled() -> Error {
    Error::new(ErrorKind::Cancelled, "interrupted")
}

async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Without a handler the system's own way of ending the process is left.
        std::future::pending::<()>().await;
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signals) => {
            signals.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
