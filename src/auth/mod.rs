//! Tokens: where they come from and how long they are kept.
//!
//! A [`TokenSource`] makes one fetch and remembers nothing; [`TokenCache`] shares
//! one token among all requests of a tenant. The HTTP floor both rooms that reach
//! out stand on ([`Origin`], limits, backoff) is here as well.

mod aadsts;
#[cfg(feature = "azure-identity")]
mod azure;
pub(crate) mod backoff;
mod cache;
mod certificate;
mod claims;
mod client_credentials;
mod clock;
pub(crate) mod fault;
pub(crate) mod http;
mod origin;
pub(crate) mod program;
mod proof;
mod reach;
pub(crate) mod tidy;
mod token_reply;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;

use crate::error::Result;
use crate::secret::Secret;

#[cfg(feature = "azure-identity")]
pub use crate::auth::azure::AzureIdentity;
pub use crate::auth::cache::TokenCache;
pub use crate::auth::certificate::Certificate;
pub use crate::auth::claims::Claims;
pub use crate::auth::client_credentials::ClientCredentials;
pub(crate) use crate::auth::clock::within;
pub use crate::auth::clock::{Clock, RecorderClock, SystemClock};
pub use crate::auth::origin::Origin;
pub use crate::auth::proof::Proof;
pub use crate::auth::reach::{Reach, reach};

/// Tells whether a secret begins with the hint Entra shows of it.
pub(crate) fn begins_with(secret: &Secret, hint: &str) -> bool {
    !hint.is_empty() && secret.reveal().starts_with(hint)
}

/// A way to obtain a token.
#[async_trait]
pub trait TokenSource: Send + Sync + Debug {
    /// Fetches a token from the network. Nothing is cached here.
    ///
    /// # Errors
    ///
    /// `Auth` when the credential is refused, `Config` when it cannot be right,
    /// `Unavailable` when the authority cannot be reached.
    async fn fetch(&self) -> Result<Token>;
}

/// An access token and how long the authority says it lives.
#[derive(Debug, Clone)]
pub struct Token {
    pub(crate) secret: Secret,
    pub(crate) lifetime: Duration,
}

impl Token {
    /// Wraps a token that lives for `lifetime` from now.
    pub fn new(secret: Secret, lifetime: Duration) -> Self {
        Self { secret, lifetime }
    }
}

/// Told about every request a token source sends, so that the request log is whole.
pub trait Observer: Send + Sync + Debug {
    /// A request is about to be sent; returns its number. `target` holds no secret.
    fn begin(&self, method: &'static str, target: &str, attempt: u32) -> u64;
    /// The request ended: a status (0 without a reply), decoded bytes, what went wrong.
    fn end(&self, sequence: u64, status: u16, bytes: u64, error: Option<String>);
}

/// Closes an entry of the log even when the request is dropped half way.
#[derive(Debug)]
pub(crate) struct Watched<'a> {
    observer: &'a dyn Observer,
    pub(crate) sequence: u64,
    open: bool,
}

impl<'a> Watched<'a> {
    pub(crate) fn new(observer: &'a dyn Observer, sequence: u64) -> Self {
        Self { observer, sequence, open: true }
    }

    pub(crate) fn end(mut self, status: u16, bytes: u64, error: Option<String>) {
        self.open = false;
        self.observer.end(self.sequence, status, bytes, error);
    }
}

impl Drop for Watched<'_> {
    fn drop(&mut self) {
        if self.open {
            self.observer.end(self.sequence, 0, 0, Some("canceled".into()));
        }
    }
}
