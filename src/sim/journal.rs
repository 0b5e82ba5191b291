//! What the simulator has seen: the ground truth of how many requests a query costs.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::sim::request::Request;

/// One request and how it was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// `GET` or `POST`.
    pub method: String,
    /// Path and query exactly as sent.
    pub target: String,
    /// Status of the reply; 0 when the connection was broken on purpose.
    pub status: u16,
    /// Why Graph refuses the request, when a correct client would not have sent it.
    pub refused: Option<String>,
    /// Whether an `Authorization` header was present.
    pub authorization: bool,
    /// The `ConsistencyLevel` header.
    pub consistency_level: Option<String>,
    /// The `Prefer` header.
    pub prefer: Option<String>,
    /// The `client-request-id` header.
    pub client_request_id: Option<String>,
    /// Whether the request was a part of a `$batch`.
    pub in_batch: bool,
}

/// The list of requests, in order of arrival.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    seen: Mutex<Vec<Seen>>,
    open: AtomicUsize,
    most_open: AtomicUsize,
}

/// A request that is being answered.
#[derive(Debug)]
pub(crate) struct Open<'a>(&'a Journal);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Journal {
    /// Counts a request as open until the guard is dropped.
    pub(crate) fn open(&self) -> Open<'_> {
        let open = self.open.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_open.fetch_max(open, Ordering::SeqCst);
        Open(self)
    }

    /// Returns how many requests are being answered.
    pub(crate) fn now_open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }

    /// Returns the most requests that were open at a time.
    pub(crate) fn most_open(&self) -> usize {
        self.most_open.load(Ordering::SeqCst)
    }

    /// Notes the arrival of a request and returns its number.
    pub(crate) fn arrive(&self, request: &Request) -> usize {
        let text = |name| request.header(name).map(str::to_owned);
        let seen = Seen {
            method: request.method.clone(),
            target: request.target.clone(),
            status: 0,
            refused: None,
            authorization: request.header("authorization").is_some(),
            consistency_level: text("consistencylevel"),
            prefer: text("prefer"),
            client_request_id: text("client-request-id"),
            in_batch: request.in_batch,
        };
        let mut all = self.lock();
        all.push(seen);
        all.len() - 1
    }

    /// Notes the answer to a request.
    pub(crate) fn answer(&self, number: usize, status: u16, refused: Option<String>) {
        if let Some(seen) = self.lock().get_mut(number) {
            seen.status = status;
            seen.refused = refused;
        }
    }

    /// Returns the requests for which `wanted` says yes.
    pub(crate) fn list(&self, wanted: impl Fn(&Seen) -> bool) -> Vec<Seen> {
        self.lock().iter().filter(|seen| wanted(seen)).cloned().collect()
    }

    /// Returns how many requests came in, by what became of them; those for a token are apart.
    pub(crate) fn counts(&self) -> Value {
        let all = self.lock();
        let token = |seen: &&Seen| seen.target.contains("/oauth2/");
        let count = |wanted: &dyn Fn(&&Seen) -> bool| {
            all.iter().filter(|seen| !token(seen) && wanted(seen)).count()
        };
        json!({
            "requests": count(&|seen| !seen.in_batch),
            "parts": count(&|seen| seen.in_batch),
            "throttled": count(&|seen| seen.status == 429),
            "refused": count(&|seen| seen.refused.is_some()),
            "tokens": all.iter().filter(token).count(),
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
