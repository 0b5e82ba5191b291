//! Which tenant, and how to talk to it.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::auth::{Clock, SystemClock, TokenCache};
use crate::engine::Credential;
use crate::error::Result;
use crate::graph::{GraphClient, GraphConfig, Pacing, RequestLog};

/// One Entra directory and the app registration that reads it.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// A GUID or a verified domain.
    pub tenant_id: String,
    /// The application (client) id.
    pub client_id: String,
    /// How the app proves who it is; a [`Secret`](crate::Secret) is turned into one.
    pub credential: Credential,
    /// Where tokens come from, such as `https://login.microsoftonline.com`.
    pub authority: String,
    /// The origin of Graph, such as `https://graph.microsoft.com`.
    pub graph: String,
}

/// How an [`Engine`](crate::Engine) behaves towards Graph.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whether requests are spaced out before Graph has to ask for it.
    pub pacing: Pacing,
    /// The longest one request may wait because Graph throttles it.
    pub max_wait: Duration,
    /// The longest one page may travel, from the first byte sent to the last received.
    pub page_deadline: Duration,
    /// The most bytes one reply may hold, once unpacked.
    pub max_body: usize,
    /// What `now()` means; the wall clock when absent. Tests pin it.
    pub now: Option<DateTime<Utc>>,
    /// The clock of all waits. Tests replace it by one that does not wait.
    pub clock: Arc<dyn Clock>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            pacing: Pacing::Graph,
            max_wait: Duration::from_secs(15 * 60),
            page_deadline: Duration::from_secs(120),
            max_body: 64 * 1024 * 1024,
            now: None,
            clock: SystemClock::shared(),
        }
    }
}

impl Tenant {
    /// Builds the client: token source, token cache and one log for both.
    pub(super) fn client(self, settings: &Settings) -> Result<GraphClient> {
        let log = RequestLog::new(10_000, Arc::clone(&settings.clock));
        let source = self.source(settings, Arc::new(log.clone()))?;
        let tokens = TokenCache::with_clock(source, Arc::clone(&settings.clock));
        GraphClient::new(GraphConfig {
            origin: self.graph,
            app: self.client_id,
            pacing: settings.pacing,
            max_wait: settings.max_wait,
            page_deadline: settings.page_deadline,
            max_body: settings.max_body,
            clock: Arc::clone(&settings.clock),
            log,
            ..GraphConfig::new(self.tenant_id, tokens)
        })
    }
}
