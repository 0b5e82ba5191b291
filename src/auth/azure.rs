//! Identities that Azure and its tools vouch for: managed identity and `az`.
//!
//! `azure_identity` knows the endpoints and the programs. It sends through our HTTP client,
//! so that there is one TLS stack, one set of limits, and a log that is whole.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io;
use std::process::Output;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use azure_core::credentials::TokenCredential;
use azure_core::http::headers::{HeaderName, HeaderValue, Headers};
use azure_core::http::{
    AsyncRawResponse, Body, ClientOptions, HttpClient, RetryOptions, Transport,
};
use azure_identity::{
    AzureCliCredential, AzureCliCredentialOptions, Executor, ManagedIdentityCredential,
    ManagedIdentityCredentialOptions, UserAssignedId,
};

use crate::auth::http::{self, Exchange, Limits};
use crate::auth::tidy::tidy;
use crate::auth::{Clock, Observer, Origin, Token, TokenSource, Watched, aadsts, program};
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;

const LIMITS: Limits = Limits {
    deadline: Duration::from_secs(30),
    silence: Duration::from_secs(30),
    max_body: 256 * 1024,
    min_bytes: 0,
    rate_window: Duration::from_secs(30),
};

/// A token source that is Microsoft's to follow.
pub struct AzureIdentity {
    name: &'static str,
    hint: &'static str,
    credential: Arc<dyn TokenCredential>,
    scope: String,
    clock: Arc<dyn Clock>,
}

impl AzureIdentity {
    /// The identity Azure gives a machine or an app; `client_id` chooses one of several, and
    /// an empty one means the machine's own. One request per fetch.
    ///
    /// # Errors
    ///
    /// `Config` when this machine's kind of identity is not supported.
    pub fn managed(
        client_id: &str,
        scope: &str,
        clock: Arc<dyn Clock>,
        observer: Arc<dyn Observer>,
    ) -> Result<Self> {
        // The endpoint is on this machine or link-local: no proxy may stand between.
        let origin = Origin::parse("managed identity endpoint", "http://127.0.0.1")?;
        let sender = Sender { http: http::client(&origin)?, observer };
        let options = ManagedIdentityCredentialOptions {
            user_assigned_id: Some(client_id)
                .filter(|id| !id.is_empty())
                .map(|id| UserAssignedId::ClientId(id.to_owned())),
            client_options: ClientOptions {
                transport: Some(Transport::new(Arc::new(sender))),
                retry: RetryOptions::none(),
                ..ClientOptions::default()
            },
        };
        let credential = ManagedIdentityCredential::new(Some(options))
            .map_err(|error| Error::new(ErrorKind::Config, tidy(&error.to_string())))?;
        Ok(Self {
            name: "managed identity",
            hint: "does this machine have a managed identity? `client_id` chooses one of several",
            credential,
            scope: scope.to_owned(),
            clock,
        })
    }

    /// Whoever is logged in to `az`. Its tokens are a person's: delegated permissions, which
    /// may show less than an app sees. Starts `az` once per fetch.
    ///
    /// # Errors
    ///
    /// `Config` when the tenant is no id and no domain.
    pub fn azure_cli(tenant: &str, scope: &str, clock: Arc<dyn Clock>) -> Result<Self> {
        let run = Az { tenant: tenant.to_owned(), scope: scope.to_owned() };
        let options = AzureCliCredentialOptions {
            tenant_id: Some(tenant.to_owned()),
            executor: Some(Arc::new(run)),
            ..AzureCliCredentialOptions::default()
        };
        let credential = AzureCliCredential::new(Some(options))
            .map_err(|error| Error::new(ErrorKind::Config, tidy(&error.to_string())))?;
        Ok(Self {
            name: "az",
            hint: "install the Azure CLI, and run `az login --allow-no-subscriptions`",
            credential,
            scope: scope.to_owned(),
            clock,
        })
    }

    fn explain(&self, error: &azure_core::Error) -> Error {
        let text = tidy(&error.to_string());
        let known = aadsts::code_in(&text).and_then(|code| Some((code, aadsts::meaning(code)?)));
        match known {
            Some((code, known)) => Error::new(known.kind, known.what)
                .with_hint(known.hint)
                .with_context("code", format!("AADSTS{code}")),
            None => {
                let first = text.lines().next().unwrap_or_default();
                let what = format!("{} gave no token: {first}", self.name);
                Error::new(ErrorKind::Auth, what).with_hint(self.hint)
            }
        }
    }
}

#[async_trait]
impl TokenSource for AzureIdentity {
    async fn fetch(&self) -> Result<Token> {
        let scopes = [self.scope.as_str()];
        let token = self.credential.get_token(&scopes, None).await;
        let token = token.map_err(|error| self.explain(&error))?;
        let seconds = token.expires_on.unix_timestamp() - self.clock.utc().timestamp();
        let text = token.token.secret();
        match u64::try_from(seconds) {
            Ok(seconds) if seconds > 0 && !text.is_empty() => {
                Ok(Token::new(Secret::new(text), Duration::from_secs(seconds.min(24 * 3600))))
            }
            _ => Err(Error::new(ErrorKind::Auth, format!("{} gave no usable token", self.name))
                .with_hint(self.hint)),
        }
    }
}

impl fmt::Debug for AzureIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AzureIdentity")
            .field("name", &self.name)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

/// Sends for `azure_identity`, through our client.
#[derive(Debug)]
struct Sender {
    http: reqwest::Client,
    observer: Arc<dyn Observer>,
}

#[async_trait]
impl HttpClient for Sender {
    async fn execute_request(
        &self,
        request: &azure_core::http::Request,
    ) -> azure_core::Result<AsyncRawResponse> {
        let request = translated(&self.http, request)?;
        // The query holds ids, no secret, and is of no use in a log.
        let target = request.url().path().to_owned();
        let watched = Watched::new(self.observer.as_ref(), self.observer.begin("GET", &target, 1));
        match http::exchange(&self.http, request, &LIMITS).await {
            Ok(reply) => {
                let failed = (reply.status != 200).then(|| "refused".to_owned());
                watched.end(reply.status, reply.body.len() as u64, failed);
                Ok(answered(reply))
            }
            Err(fault) => {
                watched.end(0, 0, Some(fault.text.clone()));
                Err(azure_core::Error::with_message(azure_core::error::ErrorKind::Io, fault.text))
            }
        }
    }
}

fn translated(
    http: &reqwest::Client,
    request: &azure_core::http::Request,
) -> azure_core::Result<reqwest::Request> {
    let refused =
        |what: String| azure_core::Error::with_message(azure_core::error::ErrorKind::Other, what);
    let method = request.method();
    let Body::Bytes(body) = request.body() else { return Err(refused("a stream".to_owned())) };
    if method != azure_core::http::Method::Get || !body.is_empty() {
        return Err(refused(format!("{method:?} is not sent")));
    }
    let mut built = http.get(request.url().clone());
    for (name, value) in request.headers().iter() {
        built = built.header(name.as_str(), value.as_str());
    }
    built.build().map_err(|error| refused(error.without_url().to_string()))
}

fn answered(reply: Exchange) -> AsyncRawResponse {
    let headers: HashMap<_, _> = reply
        .headers
        .iter()
        .filter_map(|(name, value)| {
            let value = value.to_str().ok()?.to_owned();
            Some((HeaderName::from(name.as_str().to_owned()), HeaderValue::from(value)))
        })
        .collect();
    AsyncRawResponse::from_bytes(reply.status.into(), Headers::from(headers), reply.body)
}

/// Starts `az` itself: the shell `azure_identity` would start it through is left out.
#[derive(Debug)]
struct Az {
    tenant: String,
    scope: String,
}

#[async_trait]
impl Executor for Az {
    async fn run(&self, shell: &OsStr, arguments: &[&OsStr]) -> io::Result<Output> {
        let own = ["account", "get-access-token", "-o", "json", "--scope", &self.scope, "--tenant"];
        let own: Vec<_> = own.iter().copied().chain([self.tenant.as_str()]).collect();
        // On Windows `az` is a script, which only the shell can start.
        let (program, arguments) = match cfg!(windows) {
            true => (shell, arguments.to_vec()),
            false => (OsStr::new("az"), own.into_iter().map(OsStr::new).collect()),
        };
        let program = program.to_owned();
        let arguments: Vec<_> = arguments.into_iter().map(OsStr::to_owned).collect();
        let done = tokio::task::spawn_blocking(move || {
            let arguments: Vec<_> = arguments.iter().map(OsString::as_os_str).collect();
            program::run(&program, &arguments, program::LIMIT, true)
        });
        done.await.map_err(io::Error::other)?
    }
}
