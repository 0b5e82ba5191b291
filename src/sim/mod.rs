//! A Microsoft Graph that runs on loopback: it answers as Graph does and refuses as Graph does.
//!
//! ```text
//! server ── graph ─┬─ token               who may ask
//!                  ├─ query ── check      what may be asked   (fixtures/rules)
//!                  ├─ listing ── eval     which rows, which page (navigation: behind which object)
//!                  └─ world               the rows            (fixtures/worlds)
//!        └─ fault ── damage               what goes wrong     (fixtures/faults)
//! ```
//!
//! It shares nothing with the tables and the query renderer of this crate, so that
//! both sides can only agree when both are right.

mod address;
mod application;
mod assertion;
mod batch;
mod check;
mod children;
mod clock;
mod damage;
mod eval;
mod expand;
mod fault;
mod gate;
mod graph;
mod gzip;
mod journal;
mod kept;
mod lexer;
mod listing;
mod member_of;
mod members;
mod moment;
mod navigation;
mod objects;
mod options;
mod page;
mod query;
mod random;
mod reply;
mod request;
mod rules;
mod scripts;
mod server;
mod skip;
mod syntax;
mod throttle;
mod token;
mod units;
mod view;
mod world;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

pub use fault::FaultScript;
pub use journal::Seen;
pub use options::{
    AddOn, CLIENT_ID, CLIENT_SECRET, Edition, Federation, Options, TENANT_DOMAIN, TENANT_ID,
    WorldName,
};
use tokio::sync::oneshot;
pub use world::World;

use crate::error::Result;
use crate::sim::graph::Graph;

/// A running simulator; dropping it stops the server.
pub struct Simulator {
    graph: Arc<Graph>,
    _stop: oneshot::Sender<Infallible>,
}

impl Simulator {
    /// Starts a simulator on a loopback port.
    ///
    /// # Errors
    ///
    /// [`Config`](crate::error::ErrorKind::Config) when the port is taken.
    // Async although nothing is awaited yet: callers must not depend on that.
    #[expect(clippy::unused_async, reason = "part of the agreed interface")]
    pub async fn start(options: Options) -> Result<Simulator> {
        let listener = server::bind(options.port)?;
        let port = listener.local_addr().map_or(options.port, |address| address.port());
        let world = Arc::new(World::new(options.world, options.now, options.own.as_deref())?);
        let origin = options.origin.clone().unwrap_or_else(|| format!("http://127.0.0.1:{port}"));
        let graph = Arc::new(Graph::new(options, world, origin)?);
        let stop = server::run(Arc::clone(&graph), listener)?;
        Ok(Self { graph, _stop: stop })
    }

    /// Returns scheme, host and port: the origin of Graph and of the login authority.
    pub fn origin(&self) -> String {
        self.graph.origin.clone()
    }

    /// Returns every request in order of arrival; parts of a batch are not listed apart.
    pub fn seen(&self) -> Vec<Seen> {
        self.graph.journal.list(|seen| !seen.in_batch)
    }

    /// Returns the parts of all batches, in order.
    pub fn seen_in_batches(&self) -> Vec<Seen> {
        self.graph.journal.list(|seen| seen.in_batch)
    }

    /// Returns the requests a correct client never sends, inside batches too.
    pub fn refusals(&self) -> Vec<Seen> {
        self.graph.journal.list(|seen| seen.refused.is_some())
    }

    /// Returns how many requests are being answered at this moment.
    pub fn open(&self) -> usize {
        self.graph.journal.now_open()
    }

    /// Returns the most requests that were being answered at a time.
    pub fn most_open(&self) -> usize {
        self.graph.journal.most_open()
    }

    /// Returns the rows that are served: the ground truth for tests.
    pub fn world(&self) -> Arc<World> {
        Arc::clone(&self.graph.world)
    }

    /// Moves the clock of throttling and token lifetimes ahead.
    pub fn advance(&self, by: Duration) {
        self.graph.clock.advance(by);
    }

    /// Expires every token that was issued so far.
    pub fn expire_tokens(&self) {
        self.graph.tokens.revoke();
    }
}

impl std::fmt::Debug for Simulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Simulator").field("origin", &self.graph.origin).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
