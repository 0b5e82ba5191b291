//! Stopping when the user says so.
//!
//! Work is cancelled by dropping it: no request starts afterwards, and files under
//! construction vanish.

use std::future::Future;
use std::thread;

use tokio::runtime;
use tokio::sync::oneshot;

use crate::error::{Error, ErrorKind, Result};

/// Which signals stop the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signals {
    /// Ctrl-C; a request to terminate ends the process as usual.
    #[cfg(feature = "repl")]
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
        () = stopped(signals) => Err(Error::new(ErrorKind::Cancelled, "interrupted")),
    }
}

/// Waits for a signal on a thread with a runtime of its own: when a join keeps every
/// worker busy, nobody is left there to notice a signal.
async fn stopped(signals: Signals) {
    let (told, heard) = oneshot::channel();
    let listening = thread::Builder::new().spawn(move || listen(signals, told));
    if listening.is_err() || heard.await.is_err() {
        // Nothing listens: the system's own way of ending the process is left.
        std::future::pending::<()>().await;
    }
}

/// Ends when a signal came, or when the work is done and nobody waits any more.
fn listen(signals: Signals, mut told: oneshot::Sender<()>) {
    let Ok(runtime) = runtime::Builder::new_current_thread().enable_all().build() else { return };
    let is_stopped = runtime.block_on(async {
        tokio::select! {
            () = interrupted() => true,
            () = terminated(), if signals == Signals::InterruptAndTerminate => true,
            () = told.closed() => false,
        }
    });
    if is_stopped {
        let _ = told.send(());
    }
}

async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
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
