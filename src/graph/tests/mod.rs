//! The client against a raw server, on a recorded clock: requests are counted, and
//! no test sleeps.

#![expect(clippy::clone_on_ref_ptr, reason = "`Arc::clone` cannot become a trait object")]

mod batch;
mod body;
mod errors;
mod fair;
mod log;
mod pace;
mod paging;
mod retry;
mod sharing;
mod throttle;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use async_trait::async_trait;

use crate::auth::testing::{Answer, Seen, Server, json};
use crate::auth::{RecorderClock, Token, TokenCache, TokenSource};
use crate::error::Result;
use crate::graph::{GraphClient, GraphConfig, Pacing, Request, RequestLog};
use crate::secret::Secret;
use crate::spec::Bucket;

const PAGE: &str = r#"{"value":[{"id":"a"}]}"#;

/// Numbered tokens with a word to search for.
#[derive(Debug, Default)]
struct Tokens(AtomicUsize);

impl Tokens {
    fn count(&self) -> usize {
        self.0.load(SeqCst)
    }
}

#[async_trait]
impl TokenSource for Tokens {
    async fn fetch(&self) -> Result<Token> {
        let number = self.0.fetch_add(1, SeqCst) + 1;
        let secret = Secret::new(format!("tokenCanary{number}"));
        Ok(Token::new(secret, Duration::from_secs(86_000)))
    }
}

/// A client of one raw server.
struct Rig {
    server: Server,
    client: GraphClient,
    clock: Arc<RecorderClock>,
    tokens: Arc<Tokens>,
}

impl Rig {
    async fn new(handler: impl Fn(&Seen, usize) -> Answer + Send + Sync + 'static) -> Self {
        Self::with(handler, |_| ()).await
    }

    async fn with(
        handler: impl Fn(&Seen, usize) -> Answer + Send + Sync + 'static,
        change: impl FnOnce(&mut GraphConfig),
    ) -> Self {
        let clock = new_clock();
        let server = Server::start(handler).await;
        let tokens = Arc::new(Tokens::default());
        let cache = TokenCache::with_clock(tokens.clone(), clock.clone());
        let mut config = GraphConfig::new("contoso", cache);
        config.origin = server.origin.clone();
        config.clock = clock.clone();
        config.pacing = Pacing::Off;
        config.log = RequestLog::new(100, clock.clone());
        change(&mut config);
        Self { server, client: GraphClient::new(config).unwrap(), clock, tokens }
    }

    /// The waits of one kind, in seconds.
    fn waits(&self, why: &str) -> Vec<f64> {
        let sleeps = self.clock.sleeps();
        sleeps.iter().filter(|s| s.1 == why).map(|s| s.0.as_secs_f64()).collect()
    }
}

fn new_clock() -> Arc<RecorderClock> {
    RecorderClock::starting_at("2026-03-01T12:00:00Z".parse().unwrap())
}

fn users() -> Request {
    let mut request = Request::new("/v1.0/users?$select=id", Bucket::Directory, "users");
    request.permissions = &["User.Read.All", "Directory.Read.All"];
    request.license = "Entra ID P1 or P2";
    request
}

fn in_bucket(bucket: Bucket) -> Request {
    Request { bucket, ..users() }
}

/// The first answers as given, then a page for ever.
fn then_page(first: Vec<Answer>) -> impl Fn(&Seen, usize) -> Answer + Send + Sync {
    move |_, number| first.get(number).cloned().unwrap_or_else(|| json(200, PAGE))
}

fn refusal(code: &str, message: &str) -> String {
    format!(
        r#"{{"error":{{"code":"{code}","message":"{message}","innerError":{{"request-id":"r-1","date":"2026-03-01T12:00:00"}}}}}}"#
    )
}
