//! What a client is built from.

use std::sync::Arc;
use std::time::Duration;

use crate::auth::http::Limits;
use crate::auth::{Clock, SystemClock, TokenCache};
use crate::graph::RequestLog;

/// Whether requests are spaced out before Graph has to ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pacing {
    /// Keep to the limits Microsoft documents.
    Graph,
    /// Send at once, for the simulator. A 429 is obeyed all the same.
    Off,
}

/// Settings of a [`GraphClient`](crate::graph::GraphClient).
#[derive(Debug, Clone)]
pub struct GraphConfig {
    /// Scheme, host and port, such as `https://graph.microsoft.com`.
    pub origin: String,
    /// The tenant, for messages. Clients of one origin, tenant and app share their budgets.
    pub tenant: String,
    /// The application (client) id, as far as it is known.
    pub app: String,
    /// Where tokens come from.
    pub tokens: TokenCache,
    /// Whether to keep to the documented limits unasked.
    pub pacing: Pacing,
    /// The longest one request may wait because Graph throttles it.
    pub max_wait: Duration,
    /// From the first byte sent to the last byte of a page.
    pub page_deadline: Duration,
    /// Silence on the line.
    pub read_timeout: Duration,
    /// Bytes per second a body must bring over `rate_window`.
    pub min_rate: usize,
    /// See `min_rate`.
    pub rate_window: Duration,
    /// Decoded bytes of one body.
    pub max_body: usize,
    /// The clock of all waits. Clients with clocks of their own share no budgets.
    pub clock: Arc<dyn Clock>,
    /// Where requests are written down; share it with the token source.
    pub log: RequestLog,
}

impl GraphConfig {
    /// Starts from the defaults: global cloud, documented limits, 15 minutes of patience.
    pub fn new(tenant: impl Into<String>, tokens: TokenCache) -> Self {
        Self {
            origin: "https://graph.microsoft.com".into(),
            tenant: tenant.into(),
            app: String::new(),
            tokens,
            pacing: Pacing::Graph,
            max_wait: Duration::from_secs(15 * 60),
            page_deadline: Duration::from_secs(120),
            read_timeout: Duration::from_secs(90),
            min_rate: 1024,
            rate_window: Duration::from_secs(30),
            max_body: 64 * 1024 * 1024,
            clock: SystemClock::shared(),
            log: RequestLog::default(),
        }
    }

    pub(crate) fn limits(&self) -> Limits {
        let window = self.rate_window.as_secs_f64();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a few kilobytes per second"
        )]
        let min_bytes = (self.min_rate as f64 * window) as usize;
        Limits {
            deadline: self.page_deadline,
            silence: self.read_timeout,
            max_body: self.max_body,
            min_bytes,
            rate_window: self.rate_window,
        }
    }
}
