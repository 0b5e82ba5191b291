//! Stopping when the user says so.
//!
//! Work is cancelled by dropping it: no request starts afterwards, and files under
//! construction vanish.

use std::future::Future;
use std::thread;

use tokio::runtime;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
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
///
/// The signals are taken over before the work begins: until then they end the process
/// on the spot, files under construction and all.
pub(crate) async fn or_interrupted<T>(
    signals: Signals,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    let (told, heard) = oneshot::channel();
    let (ready, installed) = oneshot::channel();
    // Dropped after the work has been.
    let (_running, ended) = oneshot::channel();
    // Without a listener the system's own way of ending the process is left.
    if thread::Builder::new().spawn(move || listen(signals, ready, told, ended)).is_ok() {
        let _ = installed.await;
    }
    tokio::select! {
        done = work => done,
        () = stopped(heard) => Err(Error::new(ErrorKind::Cancelled, "interrupted")),
    }
}

async fn stopped(heard: oneshot::Receiver<()>) {
    if heard.await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Listens on a thread with a runtime of its own: when a join keeps every worker busy,
/// nobody is left there to notice a signal. Ends when a signal came, or when the work is
/// done and nobody waits any more.
///
/// Work that does not let itself be dropped, because the terminal takes no more text, is
/// ended by a second signal, and the process with it.
fn listen(
    signals: Signals,
    ready: oneshot::Sender<()>,
    mut told: oneshot::Sender<()>,
    ended: oneshot::Receiver<()>,
) {
    let Ok(runtime) = runtime::Builder::new_current_thread().enable_all().build() else { return };
    let is_stuck = runtime.block_on(async {
        let mut listener = Listener::install(signals);
        let _ = ready.send(());
        tokio::select! {
            () = listener.heard() => {}
            () = told.closed() => return false,
        }
        let _ = told.send(());
        tokio::select! {
            () = listener.heard() => true,
            _ = ended => false,
        }
    });
    if is_stuck {
        end();
    }
}

#[expect(clippy::exit, reason = "the user asked twice, and nobody else can answer")]
fn end() -> ! {
    std::process::exit(i32::from(ErrorKind::Cancelled.exit_code()))
}

#[cfg(unix)]
struct Listener {
    interrupt: Option<Signal>,
    terminate: Option<Signal>,
}

#[cfg(unix)]
impl Listener {
    fn install(signals: Signals) -> Self {
        let terminates = signals == Signals::InterruptAndTerminate;
        let terminate = terminates.then(|| signal(SignalKind::terminate()).ok());
        Self { interrupt: signal(SignalKind::interrupt()).ok(), terminate: terminate.flatten() }
    }

    async fn heard(&mut self) {
        tokio::select! {
            () = next(self.interrupt.as_mut()) => {}
            () = next(self.terminate.as_mut()) => {}
        }
    }
}

#[cfg(unix)]
async fn next(signal: Option<&mut Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}

#[cfg(not(unix))]
struct Listener;

#[cfg(not(unix))]
impl Listener {
    fn install(_: Signals) -> Self {
        Self
    }

    async fn heard(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
