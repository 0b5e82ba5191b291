//! The client-credentials flow: one POST to the authority, with whatever proof there is.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use percent_encoding::utf8_percent_encode;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};

use crate::auth::backoff::{backoff, retry_after, with_jitter};
use crate::auth::fault::{Fault, FaultKind};
use crate::auth::http::{self, Exchange, FORM, Limits};
use crate::auth::token_reply::{self, Refusal};
use crate::auth::{Clock, Observer, Origin, Proof, SystemClock, Token, TokenSource, Watched};
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;

/// Tries per fetch, the first included.
const ATTEMPTS: u32 = 4;

/// A longer wish of the authority is not granted.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

const LIMITS: Limits = Limits {
    deadline: Duration::from_secs(30),
    silence: Duration::from_secs(30),
    max_body: 256 * 1024,
    min_bytes: 0,
    rate_window: Duration::from_secs(30),
};

/// An app registration that can prove who it is.
///
/// One fetch costs one request, up to four when the authority fails; a refused
/// credential is never tried twice.
///
/// <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow>
pub struct ClientCredentials {
    authority: Origin,
    tenant: String,
    client_id: String,
    proof: Proof,
    scope: String,
    http: reqwest::Client,
    limits: Limits,
    clock: Arc<dyn Clock>,
    observer: Option<Arc<dyn Observer>>,
}

impl ClientCredentials {
    /// Checks the settings. `scope` is the Graph origin followed by `/.default`.
    ///
    /// # Errors
    ///
    /// `Config` when the authority is not https (or http to a loopback host), the
    /// tenant neither a GUID nor a domain, the client id not a GUID, or a secret is
    /// empty. No request is sent.
    pub fn new(
        authority: &str,
        tenant: &str,
        client_id: &str,
        proof: impl Into<Proof>,
        scope: &str,
    ) -> Result<Self> {
        let authority = Origin::parse("authority", authority)?;
        check_tenant(tenant)?;
        check_client_id(client_id)?;
        let proof = proof.into();
        proof.check()?;
        let http = http::client(&authority)?;
        Ok(Self {
            authority,
            tenant: tenant.to_owned(),
            client_id: client_id.to_owned(),
            proof,
            scope: scope.to_owned(),
            http,
            limits: LIMITS,
            clock: SystemClock::shared(),
            observer: None,
        })
    }

    /// Waits on another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Reports every request to `observer`, usually the client's request log.
    #[must_use]
    pub fn observed_by(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    fn target(&self) -> String {
        format!("/{}/oauth2/v2.0/token", self.tenant)
    }

    /// Builds a request, and returns it with what must not come back out of the reply.
    fn request(&self) -> Result<(reqwest::Request, Secret)> {
        let endpoint = format!("{}{}", self.authority.as_str(), self.target());
        let shown = self.proof.show(&endpoint, &self.client_id, self.clock.utc())?;
        let form = format!(
            "client_id={}&scope={}&grant_type=client_credentials&{}",
            utf8_percent_encode(&self.client_id, FORM),
            utf8_percent_encode(&self.scope, FORM),
            shown.form,
        );
        let request = self
            .http
            .post(endpoint)
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form)
            .build()
            .map_err(|e| {
                Error::new(ErrorKind::Config, "the token request cannot be built")
                    .with_source(e.without_url())
            })?;
        Ok((request, shown.secret))
    }

    async fn send(&self, attempt: u32) -> Result<Result<Exchange, Fault>> {
        let (request, secret) = self.request()?;
        let watched = self.observer.as_deref().map(|observer| {
            Watched::new(observer, observer.begin("POST", &self.target(), attempt))
        });
        let mut result = http::exchange(&self.http, request, &self.limits).await;
        if let Ok(reply) = &mut result {
            http::redact(reply, &secret);
        }
        if let Some(watched) = watched {
            match &result {
                Ok(reply) => watched.end(reply.status, reply.body.len() as u64, trouble(reply)),
                Err(fault) => watched.end(0, 0, Some(fault.text.clone())),
            }
        }
        Ok(result)
    }

    fn judge(&self, result: Result<Exchange, Fault>) -> Verdict {
        let reply = match result {
            Ok(reply) => reply,
            Err(fault) => return self.judge_fault(fault),
        };
        match reply.status {
            200 => Verdict::Done(self.token(&reply)),
            300..=399 => Verdict::Done(Err(self.redirected(reply.status))),
            status => self.judge_refusal(status, &reply),
        }
    }

    fn token(&self, reply: &Exchange) -> Result<Token> {
        match reply.not_json() {
            Some(kind) => Err(self.not_json(&kind)),
            None => token_reply::token(&reply.body),
        }
    }

    fn judge_refusal(&self, status: u16, reply: &Exchange) -> Verdict {
        let refusal = Refusal::parse(&reply.body);
        let again = matches!(status, 408 | 429 | 500..=599) || refusal.is_temporary();
        let error = match reply.not_json() {
            Some(_) if status == 407 => proxy_refused(),
            _ => self.explain(refusal, status),
        };
        if !again {
            return Verdict::Done(Err(error));
        }
        let wait = retry_after(&reply.headers, self.clock.utc());
        Verdict::Again(wait.map(|w| w.min(LONGEST_WAIT)), error)
    }

    fn judge_fault(&self, fault: Fault) -> Verdict {
        let host = self.authority.host();
        let error = match fault.kind {
            FaultKind::Certificate => Error::new(
                ErrorKind::Unavailable,
                format!("the certificate of {host} is not trusted"),
            )
            .with_hint("install the certificate authority of your proxy on this machine"),
            FaultKind::TooLarge | FaultKind::Encoding => {
                Error::new(ErrorKind::Malformed, format!("the token reply of {host} is unusable"))
            }
            FaultKind::Unsent => Error::new(ErrorKind::Unavailable, format!("cannot reach {host}"))
                .with_hint("check the network, the proxy settings and the authority host"),
            FaultKind::Broken => {
                Error::new(ErrorKind::Unavailable, format!("the connection to {host} broke"))
            }
        };
        let error = error.with_context("cause", fault.text);
        match fault.kind {
            FaultKind::Unsent | FaultKind::Broken => Verdict::Again(None, error),
            _ => Verdict::Done(Err(error)),
        }
    }

    fn explain(&self, refusal: Refusal, status: u16) -> Error {
        let about_secret = refusal.code == Some(7_000_215) || refusal.code == Some(70_002);
        let error = refusal
            .into_error(status)
            .with_context("tenant", &self.tenant)
            .with_context("app", &self.client_id)
            .with_context("authority", self.authority.as_str());
        if about_secret && self.proof.looks_like_id(is_guid) {
            return error.with_hint(
                "the configured secret has the shape of a GUID, so it is the Secret ID: use the \
                 secret's Value, not Secret ID; create a new secret if the Value is lost",
            );
        }
        error
    }

    fn redirected(&self, status: u16) -> Error {
        let host = self.authority.host();
        Error::new(ErrorKind::Security, format!("{host} answered {status}, a redirect"))
            .with_hint("a secret is never sent to a second host; check the authority")
    }

    fn not_json(&self, kind: &str) -> Error {
        let host = self.authority.host();
        let message = format!("expected JSON, got {kind} from {host}; proxy or captive portal?");
        Error::new(ErrorKind::Unavailable, message)
    }
}

enum Verdict {
    Done(Result<Token>),
    Again(Option<Duration>, Error),
}

#[async_trait]
impl TokenSource for ClientCredentials {
    async fn fetch(&self) -> Result<Token> {
        let mut attempt = 1;
        loop {
            let result = self.send(attempt).await?;
            match self.judge(result) {
                Verdict::Done(result) => return result,
                Verdict::Again(_, error) if attempt == ATTEMPTS => {
                    return Err(error.with_context("attempts", attempt.to_string()));
                }
                Verdict::Again(wait, _) => {
                    let own = backoff(Duration::from_millis(500), attempt - 1);
                    let wait = wait.map_or(own, |w| with_jitter(w.max(Duration::from_millis(500))));
                    self.clock.sleep(wait, "token").await;
                }
            }
            attempt += 1;
        }
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentials")
            .field("authority", &self.authority)
            .field("tenant", &self.tenant)
            .field("client_id", &self.client_id)
            .field("proof", &self.proof)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

fn trouble(reply: &Exchange) -> Option<String> {
    if reply.status == 200 {
        return None;
    }
    let refusal = Refusal::parse(&reply.body);
    Some(refusal.code.map_or(refusal.error, |code| format!("AADSTS{code}")))
}

fn proxy_refused() -> Error {
    Error::new(ErrorKind::Unavailable, "the proxy asks for a password (407)")
        .with_hint("set user and password in HTTPS_PROXY")
}

fn check_tenant(tenant: &str) -> Result<()> {
    let label =
        |l: &str| !l.is_empty() && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let domain = tenant.contains('.') && tenant.len() <= 253 && tenant.split('.').all(label);
    if domain || is_guid(tenant) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Config, "the tenant must be a GUID or a domain")
        .with_hint("use the Directory (tenant) ID shown on the overview page of Entra ID"))
}

fn check_client_id(client_id: &str) -> Result<()> {
    if is_guid(client_id) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Config, "the client id must be a GUID")
        .with_hint("use the Application (client) ID shown on the app registration's overview page"))
}

/// Only the hyphenated form: `uuid` would take several others.
fn is_guid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}
