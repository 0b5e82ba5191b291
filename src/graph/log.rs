//! The request log behind `meta.requests`: what was sent, when, and what came back.
//!
//! A ring of bounded length. Headers and bodies never enter it, so it can be shown
//! to anyone who may see the query.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use crate::auth::{Clock, Observer, SystemClock};

/// Entries kept unless told otherwise.
const CAPACITY: usize = 10_000;

/// One HTTP request, a retry or a token request included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number, from 1, in the order of sending.
    pub seq: u64,
    /// When it was sent.
    pub started: DateTime<Utc>,
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path and query, as asked for.
    pub target: String,
    /// The table it was for; empty for tokens.
    pub table: &'static str,
    /// The HTTP status; 0 without a reply.
    pub status: u16,
    /// Rows decoded from it, once the caller has said so.
    pub rows: Option<u64>,
    /// Decoded bytes of the body.
    pub bytes: u64,
    /// From sending to the last byte; `None` while under way.
    pub millis: Option<u64>,
    /// 1 for the first try.
    pub attempt: u32,
    /// Milliseconds it waited for its turn.
    pub throttled_ms: u64,
    /// Graph's name for it, which Microsoft support asks for.
    pub request_id: Option<String>,
    /// What went wrong, in a few words.
    pub error: Option<String>,
}

/// A bounded log of requests. Cloning shares it.
#[derive(Debug, Clone)]
pub struct RequestLog {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    clock: Arc<dyn Clock>,
    capacity: usize,
    ring: Mutex<Ring>,
}

/// Invariant: numbers in `entries` are consecutive and end with `last`.
#[derive(Debug, Default)]
struct Ring {
    last: u64,
    entries: VecDeque<(Instant, Entry)>,
}

impl Ring {
    fn find(&mut self, seq: u64) -> Option<&mut (Instant, Entry)> {
        let first = self.entries.front()?.1.seq;
        let index = usize::try_from(seq.checked_sub(first)?).ok()?;
        self.entries.get_mut(index)
    }
}

/// What is known of a request before it is sent.
#[derive(Debug)]
pub(crate) struct Outgoing<'a> {
    pub(crate) method: &'static str,
    pub(crate) target: &'a str,
    pub(crate) table: &'static str,
    pub(crate) attempt: u32,
    pub(crate) throttled: Duration,
}

impl Default for RequestLog {
    fn default() -> Self {
        Self::new(CAPACITY, SystemClock::shared())
    }
}

impl RequestLog {
    /// Creates a log of at least one entry.
    pub fn new(capacity: usize, clock: Arc<dyn Clock>) -> Self {
        let capacity = capacity.max(1);
        Self { shared: Arc::new(Shared { clock, capacity, ring: Mutex::default() }) }
    }

    /// Returns the entries kept, oldest first.
    pub fn snapshot(&self) -> Vec<Entry> {
        self.ring().entries.iter().map(|(_, entry)| entry.clone()).collect()
    }

    /// Returns the entries after number `seq`, for a query that noted where it began.
    pub fn since(&self, seq: u64) -> Vec<Entry> {
        let ring = self.ring();
        ring.entries.iter().filter(|(_, e)| e.seq > seq).map(|(_, e)| e.clone()).collect()
    }

    /// Returns the number of the latest request; 0 before the first.
    pub fn last(&self) -> u64 {
        self.ring().last
    }

    /// Notes how many rows came out of a reply, or out of one more part of it. Nothing happens if it has left the ring.
    pub fn add_rows(&self, seq: u64, rows: u64) {
        if let Some((_, entry)) = self.ring().find(seq) {
            entry.rows = Some(entry.rows.unwrap_or(0) + rows);
        }
    }

    pub(crate) fn set_request_id(&self, seq: u64, id: &str) {
        if let Some((_, entry)) = self.ring().find(seq) {
            entry.request_id = Some(id.to_owned());
        }
    }

    pub(crate) fn set_error(&self, seq: u64, error: impl Into<String>) {
        if let Some((_, entry)) = self.ring().find(seq) {
            entry.error = Some(error.into());
        }
    }

    pub(crate) fn push(&self, outgoing: &Outgoing<'_>) -> u64 {
        let (now, started) = (self.shared.clock.now(), self.shared.clock.utc());
        let mut ring = self.ring();
        ring.last += 1;
        let entry = Entry {
            seq: ring.last,
            started,
            method: outgoing.method,
            target: outgoing.target.to_owned(),
            table: outgoing.table,
            status: 0,
            rows: None,
            bytes: 0,
            millis: None,
            attempt: outgoing.attempt,
            throttled_ms: millis(outgoing.throttled),
            request_id: None,
            error: None,
        };
        if ring.entries.len() == self.shared.capacity {
            ring.entries.pop_front();
        }
        ring.entries.push_back((now, entry));
        ring.last
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.shared.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for RequestLog {
    fn begin(&self, method: &'static str, target: &str, attempt: u32) -> u64 {
        let throttled = Duration::ZERO;
        self.push(&Outgoing { method, target, table: "", attempt, throttled })
    }

    fn end(&self, sequence: u64, status: u16, bytes: u64, error: Option<String>) {
        let now = self.shared.clock.now();
        if let Some((sent, entry)) = self.ring().find(sequence) {
            entry.status = status;
            entry.bytes = bytes;
            entry.millis = Some(millis(now.duration_since(*sent)));
            entry.error = error;
        }
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
