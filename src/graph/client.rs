//! The client: a request goes in, a whole checked body comes out.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::auth::fault::Fault;
use crate::auth::http::{self, Exchange, Limits};
use crate::auth::{Claims, Clock, Origin};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::failure::Failure;
use crate::graph::page;
use crate::graph::reply::ReplyMeta;
use crate::graph::retry::{Problem, Run, Step};
use crate::graph::send::{Attempt, Call, Verb};
use crate::graph::throttle::{Permit, Signs, Throttle};
use crate::graph::{
    Broken, GET_BY_IDS, GraphConfig, Pause, Reply, Request, RequestLog, Visited, check_json,
};

/// Ids Graph takes in one `getByIds`.
pub(crate) const MOST_IDS: usize = 1_000;

/// Reads from one tenant. Cloning is cheap and shares connections, budgets and log.
///
/// Budgets are shared by the process: all clients of one origin, tenant and app that wait on
/// the same clock keep to the limits together, and take turns by query.
#[derive(Debug, Clone)]
pub struct GraphClient {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) config: GraphConfig,
    pub(crate) origin: Origin,
    pub(crate) http: reqwest::Client,
    pub(crate) limits: Limits,
    pub(crate) throttle: Throttle,
}

impl GraphClient {
    /// Checks the settings. No request is sent.
    ///
    /// # Errors
    ///
    /// `Config` when the origin is not https, or http to a loopback host.
    pub fn new(config: GraphConfig) -> Result<Self> {
        let origin = Origin::parse("Graph origin", &config.origin)?;
        let http = http::client(&origin)?;
        let whose = (origin.as_str(), config.tenant.as_str(), config.app.as_str());
        let throttle = Throttle::shared(config.pacing, &config.clock, whose);
        let limits = config.limits();
        Ok(Self { inner: Arc::new(Inner { config, origin, http, limits, throttle }) })
    }

    /// Gets one reply. One request, more when Graph or the network fails.
    ///
    /// # Errors
    ///
    /// `Auth`, `Permission`, `License`, `Throttled`, `Unavailable`, `Rejected`,
    /// `PageExpired`, `Malformed`, `Security` (a redirect), `Budget`.
    pub async fn get(&self, request: &Request) -> Result<Reply> {
        self.reply(&Call { request, verb: Verb::Get, weight: 1 }).await.map_err(|f| f.error)
    }

    /// Gets one reply and decodes it; a body the decoder calls cut is asked for again.
    ///
    /// `decode` runs on the calling task. Requests and errors as for
    /// [`GraphClient::get`], and whatever `decode` calls fatal.
    pub async fn get_checked<T>(
        &self,
        request: &Request,
        decode: impl Fn(&[u8], &ReplyMeta) -> Result<T, Broken>,
    ) -> Result<T> {
        let call = Call { request, verb: Verb::Get, weight: 1 };
        self.run(&call, &decode).await.map(Got::served).map_err(|f| f.error)
    }

    /// Gets an object that may not exist: a 404 `Request_ResourceNotFound` is `None`.
    ///
    /// Requests and errors as for [`GraphClient::get`].
    pub async fn get_optional(&self, request: &Request) -> Result<Option<Reply>> {
        match self.reply(&Call { request, verb: Verb::Get, weight: 1 }).await {
            Ok(reply) => Ok(Some(reply)),
            Err(failure) if failure.missing => Ok(None),
            Err(failure) => Err(failure.error),
        }
    }

    /// Gets up to 1,000 directory objects by id, of the given types or of any.
    ///
    /// `request` goes to [`GET_BY_IDS`]. One request of 3 resource units. Ids Graph
    /// does not know are missing from the reply.
    ///
    /// # Errors
    ///
    /// `Internal` for another path or more ids; otherwise as [`GraphClient::get`].
    ///
    /// <https://learn.microsoft.com/graph/api/directoryobject-getbyids>
    pub async fn get_by_ids(
        &self,
        request: &Request,
        ids: &[String],
        types: &[&str],
    ) -> Result<Reply> {
        let path = request.target.split('?').next().unwrap_or_default();
        if path != GET_BY_IDS || ids.len() > MOST_IDS {
            let message = format!("`getByIds` takes {MOST_IDS} ids, at {GET_BY_IDS}");
            return Err(Error::new(ErrorKind::Internal, message));
        }
        let body = match types {
            [] => serde_json::json!({ "ids": ids }),
            _ => serde_json::json!({ "ids": ids, "types": types }),
        };
        let verb = Verb::GetByIds(body.to_string());
        self.reply(&Call { request, verb, weight: 1 }).await.map_err(|f| f.error)
    }

    /// Makes the request for the page a next link points to. No request is sent.
    ///
    /// The link is followed as it came; headers, table and meter stay.
    ///
    /// # Errors
    ///
    /// `Security` when the link leaves origin or API version; `Malformed` when it is no
    /// absolute URL or leads to a page already read. Another path below the version is
    /// followed: Graph itself does not always keep to the path it was asked for.
    pub fn next(&self, from: &Request, link: &str, visited: &mut Visited) -> Result<Request> {
        page::next(&self.inner.origin, from, link, visited)
    }

    /// Returns the log of all requests, token requests included if they share it.
    pub fn log(&self) -> &RequestLog {
        &self.inner.config.log
    }

    /// Watches for waits worth showing; a value in the past is over.
    pub fn throttled(&self) -> watch::Receiver<Option<Pause>> {
        self.inner.throttle.watch()
    }

    /// Tells whether both are clones of one client.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    /// Returns the clock of all waits.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.config.clock
    }

    /// Fetches a token, unless there is one, and returns what can be read in it.
    ///
    /// # Errors
    ///
    /// Those of the token source.
    pub async fn claims(&self) -> Result<Option<Claims>> {
        let (token, _) = self.inner.config.tokens.token().await?;
        Ok(Claims::of(&token))
    }

    /// Returns the tenant this client reads.
    pub fn tenant(&self) -> &str {
        &self.inner.config.tenant
    }

    async fn reply(&self, call: &Call<'_>) -> Result<Reply, Failure> {
        let got = self.run(call, &|body, _| check_json(body)).await?;
        got.permit.served(&Signs::read(&got.exchange.headers));
        Ok(Reply::new(got.exchange.body, got.meta))
    }

    /// Sends until there is a value, or an error that time does not heal.
    pub(crate) async fn run<T>(
        &self,
        call: &Call<'_>,
        decode: &impl Fn(&[u8], &ReplyMeta) -> Result<T, Broken>,
    ) -> Result<Got<T>, Failure> {
        let clock = &self.inner.config.clock;
        let mut run = Run::new(call.request.bucket, self.max_wait(call.request), clock.now());
        loop {
            let Attempt { result, meta, permit } = self.attempt(call, &mut run).await?;
            match inspect(result, &meta, call.request.plain, decode) {
                Ok((value, exchange)) => {
                    call.request.meter.used_page();
                    return Ok(Got { value, exchange, meta, permit });
                }
                Err(problem) => self.recover(problem, permit, call, &mut run, &meta).await?,
            }
        }
    }

    /// The query's own patience, or the connection's.
    pub(crate) fn max_wait(&self, request: &Request) -> Duration {
        request.meter.max_wait().unwrap_or(self.inner.config.max_wait)
    }

    async fn recover(
        &self,
        problem: Problem,
        permit: Permit,
        call: &Call<'_>,
        run: &mut Run,
        meta: &ReplyMeta,
    ) -> Result<(), Failure> {
        if let Problem::Cut(text) | Problem::NotJson(text) = &problem {
            self.log().set_error(meta.sequence, format!("not usable: {text}"));
        }
        let step = self.step(&problem, call.request, run);
        problem.verdict(&step).settle(permit);
        self.take(step, problem, call.request, run, meta).await
    }

    /// Asks the policy, then the query's budget of retries.
    pub(crate) fn step(&self, problem: &Problem, request: &Request, run: &mut Run) -> Step {
        let clock = &self.inner.config.clock;
        match run.after(problem, clock.now(), clock.utc()) {
            Step::Again(_) if !request.meter.may_retry() => Step::GiveUp,
            step => step,
        }
    }

    async fn take(
        &self,
        step: Step,
        problem: Problem,
        request: &Request,
        run: &Run,
        meta: &ReplyMeta,
    ) -> Result<(), Failure> {
        match step {
            Step::Again(wait) => self.inner.config.clock.sleep(wait, "retry").await,
            // The bucket has been told; the next turn comes after it.
            Step::Pause(_) => {}
            Step::Refresh => {
                self.inner.config.tokens.refresh(meta.generation).await?;
            }
            Step::TooLong(wait) => {
                return Err(problem.signs().explain(self.too_long(request, run, wait)).into());
            }
            Step::GiveUp => return Err(self.failure(problem, request, run)),
        }
        Ok(())
    }
}

/// A reply that could be used, before its bucket is told.
pub(crate) struct Got<T> {
    pub(crate) value: T,
    pub(crate) exchange: Exchange,
    pub(crate) meta: ReplyMeta,
    pub(crate) permit: Permit,
}

impl<T> Got<T> {
    /// Tells the bucket what the reply says about its limit.
    fn served(self) -> T {
        self.permit.served(&Signs::read(&self.exchange.headers));
        self.value
    }
}

/// Looks at a try: a value, or the problem with it.
fn inspect<T>(
    result: Result<Exchange, Fault>,
    meta: &ReplyMeta,
    plain: bool,
    decode: &impl Fn(&[u8], &ReplyMeta) -> Result<T, Broken>,
) -> Result<(T, Exchange), Problem> {
    let mut exchange = result.map_err(Problem::Fault)?;
    if exchange.status != 200 {
        return Err(Problem::refused(exchange.status, exchange.headers, exchange.body));
    }
    let odd = if plain { exchange.not_plain() } else { exchange.not_json() };
    if let Some(kind) = odd {
        return Err(Problem::NotJson(kind));
    }
    if plain && !exchange.framed {
        return Err(Problem::Cut("nothing says where the body ends".into()));
    }
    if exchange.body.starts_with(b"\xEF\xBB\xBF") {
        exchange.body.drain(..3);
    }
    match decode(&exchange.body, meta) {
        Ok(value) => Ok((value, exchange)),
        Err(Broken::Cut(text)) => Err(Problem::Cut(text)),
        Err(Broken::Fatal(error)) => Err(Problem::Fatal(error)),
        Err(Broken::ErrorObject) => {
            Err(Problem::refused(exchange.status, exchange.headers, exchange.body))
        }
    }
}
