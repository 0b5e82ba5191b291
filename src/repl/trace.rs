//! The requests of a query, told one line each: on stderr with `-v`, and in a log file.
//!
//! The lines come from the request log, which has no place for headers and bodies.

use std::cell::{Cell, RefCell};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

use crate::engine::{Engine, RequestEntry};
use crate::error::{Error, ErrorKind, Result};
use crate::output::{note, visible};

/// Follows the request log of an engine.
pub(crate) struct Trace {
    engine: Engine,
    /// The number of the last request told.
    told: Cell<u64>,
    verbosity: u8,
    file: Option<RefCell<File>>,
}

impl Trace {
    /// Starts after the requests sent so far.
    ///
    /// Verbosity 1 tells each request on stderr, 2 also what is known beyond its result.
    pub(crate) fn new(engine: &Engine, verbosity: u8, file: Option<&Path>) -> Result<Self> {
        let file = file.map(|path| open(path).map_err(|e| unwritable(path, e))).transpose()?;
        Ok(Self {
            engine: engine.clone(),
            told: Cell::new(0),
            verbosity,
            file: file.map(RefCell::new),
        })
    }

    /// Tells the requests that have ended since the last time.
    pub(crate) fn tell(&self, to: &mut dyn Write) {
        self.tell_until(to, |entry| entry.millis.is_none());
    }

    /// Tells the requests that will not end any more as well.
    pub(crate) fn tell_all(&self, to: &mut dyn Write) {
        self.tell_until(to, |_| false);
    }

    fn tell_until(&self, to: &mut dyn Write, is_under_way: fn(&RequestEntry) -> bool) {
        let Some(client) = self.engine.client() else { return };
        let entries = client.log().since(self.told.get());
        let Some(first) = entries.first() else { return };
        if first.seq > self.told.get() + 1 {
            let lost = first.seq - self.told.get() - 1;
            self.line(to, &format!("{lost} requests before have left the log"), None);
        }
        for entry in entries.iter().take_while(|entry| !is_under_way(entry)) {
            self.line(to, &result(entry), Some(&rest(entry)));
            self.told.set(entry.seq);
        }
    }

    /// A file keeps everything, a person what was asked for.
    fn line(&self, to: &mut dyn Write, text: &str, more: Option<&str>) {
        let all = format!("{text}{}", more.unwrap_or_default());
        match self.verbosity {
            0 => {}
            1 => note(to, text),
            _ => note(to, &all),
        }
        if let Some(file) = &self.file {
            // A line break in a target must not begin a line of the log.
            let _ = writeln!(file.borrow_mut(), "{}", visible(&all));
        }
    }
}

fn result(entry: &RequestEntry) -> String {
    let time = entry.started.format("%Y-%m-%dT%H:%M:%S%.3fZ");
    let status = match entry.status {
        0 => "no reply".to_owned(),
        status => status.to_string(),
    };
    let millis = entry.millis.map_or_else(|| "-".to_owned(), |millis| millis.to_string());
    format!("{time} {} {} {status} {millis} ms", entry.method, entry.target)
}

fn rest(entry: &RequestEntry) -> String {
    let mut text = format!(", {} bytes", entry.bytes);
    if let Some(rows) = entry.rows {
        text.push_str(&format!(", {rows} rows"));
    }
    if entry.attempt > 1 {
        text.push_str(&format!(", attempt {}", entry.attempt));
    }
    if entry.throttled_ms > 0 {
        text.push_str(&format!(", waited {} ms", entry.throttled_ms));
    }
    for (name, value) in [("request-id", &entry.request_id), ("error", &entry.error)] {
        if let Some(value) = value {
            text.push_str(&format!(", {name}: {value}"));
        }
    }
    text
}

/// Targets name people: the file is the user's own.
fn open(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn unwritable(path: &Path, error: std::io::Error) -> Error {
    Error::new(ErrorKind::Output, format!("the log file cannot be written: {error}"))
        .with_context("file", path.display().to_string())
        .with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> RequestEntry {
        RequestEntry {
            seq: 1,
            started: "2026-11-14T03:04:05.678Z".parse().unwrap(),
            method: "GET",
            target: "/v1.0/users?$filter=a\nb".to_owned(),
            table: "users",
            status: 429,
            rows: None,
            bytes: 17,
            millis: Some(12),
            attempt: 2,
            throttled_ms: 1_000,
            request_id: Some("8a".to_owned()),
            error: Some("TooManyRequests".to_owned()),
        }
    }

    #[test]
    fn a_line_names_the_request_its_result_and_its_id() {
        let line = format!("{}{}", result(&entry()), rest(&entry()));
        assert_eq!(
            visible(&line),
            "2026-11-14T03:04:05.678Z GET /v1.0/users?$filter=a\\nb 429 12 ms, 17 bytes, attempt 2, \
             waited 1000 ms, request-id: 8a, error: TooManyRequests"
        );
        let unanswered = RequestEntry { status: 0, millis: None, ..entry() };
        assert!(result(&unanswered).ends_with("no reply - ms"));
    }
}
