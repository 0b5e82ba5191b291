//! One line about a running query, on stderr, after half a second.
//!
//! It is drawn with carriage returns and spaces only, so that no escape sequence is
//! written, and wiped before anything else is.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::engine::{Progress, Snapshot};
use crate::repl::Ticker;

/// A query that is quicker says nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// Between two looks at the query.
const PACE: Duration = Duration::from_millis(200);

/// The line. Dropped, it is wiped.
pub(crate) struct ProgressLine {
    bar: ProgressBar,
    /// Dropped, it ends the thread.
    going: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl ProgressLine {
    /// Follows a query. Without a place to draw on, nothing is ever shown.
    pub(crate) fn start(progress: Option<Progress>, place: Option<Ticker>) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let (Some(progress), Some(place)) = (progress, place) else {
            return Self { bar, going: None, thread: None };
        };
        if let Ok(style) = ProgressStyle::with_template("{wide_msg}") {
            bar.set_style(style);
        }
        let (going, over) = mpsc::channel::<()>();
        let shown = bar.clone();
        let thread = thread::spawn(move || {
            if over.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            shown.set_draw_target(ProgressDrawTarget::term_like(Box::new(place)));
            loop {
                shown.set_message(line(&progress.read()));
                shown.tick();
                if over.recv_timeout(PACE) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        });
        Self { bar, going: Some(going), thread: Some(thread) }
    }

    /// Takes the line away while something else is written.
    pub(crate) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }
}

impl Drop for ProgressLine {
    fn drop(&mut self) {
        drop(self.going.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        self.bar.finish_and_clear();
    }
}

/// Returns what the line says: what is read, what it cost, and what it waits for.
fn line(snapshot: &Snapshot) -> String {
    let mut facts = Vec::new();
    let running = snapshot.scans.iter().filter(|scan| !scan.finished);
    for scan in running.take(2) {
        let pages = counted(scan.pages, "page");
        facts.push(format!("{} {pages}, {}", scan.table, counted(scan.rows, "row")));
    }
    facts.push(counted(snapshot.requests, "request"));
    if let Some(left) = snapshot.throttled {
        facts.push(format!("throttled: resuming in {} s", left.as_secs_f64().ceil()));
    }
    facts.join(", ")
}

fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}

/// Returns a number with a comma between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::ScanProgress;

    #[test]
    fn the_line_names_table_pages_rows_requests_and_the_wait() {
        let scan = |table: &str, finished| ScanProgress {
            table: table.to_owned(),
            pages: 12,
            rows: 11_988,
            finished,
        };
        let mut snapshot = Snapshot {
            scans: vec![scan("users", true), scan("sign_ins", false)],
            requests: 14,
            throttled: Some(Duration::from_millis(16_200)),
        };
        let expected = "sign_ins 12 pages, 11,988 rows, 14 requests, throttled: resuming in 17 s";
        assert_eq!(line(&snapshot), expected);
        snapshot = Snapshot { requests: 1, ..Snapshot::default() };
        assert_eq!(line(&snapshot), "1 request");
    }

    #[test]
    fn thousands_are_grouped() {
        let all = [0, 999, 1_000, 12_345, 1_234_567].map(grouped);
        assert_eq!(all, ["0", "999", "1,000", "12,345", "1,234,567"]);
    }
}
