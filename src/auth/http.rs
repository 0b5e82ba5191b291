//! One HTTP exchange with limits: https only, no redirects, a bounded decoded body.
//!
//! A body can break in ways that look like success: a cut stream, a gzip bomb, one
//! byte per second. Everything is read before anything is believed.

use std::error::Error as StdError;
use std::fmt;
use std::net::IpAddr;
use std::sync::Once;
use std::time::{Duration, Instant};

use reqwest::Url;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};

use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;

/// Scheme, host and port of a server that may see a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Origin {
    text: String,
    host: String,
    loopback: bool,
}

impl Origin {
    /// Checks an origin such as `https://graph.microsoft.com`.
    ///
    /// # Errors
    ///
    /// `Config` unless it is https, or http to a loopback host, without user info,
    /// path or query. `what` names the setting in the message.
    pub fn parse(what: &str, text: &str) -> Result<Self> {
        let url = Url::parse(text).map_err(|_| not_an_origin(what, "is not a URL"))?;
        let host = url.host_str().ok_or_else(|| not_an_origin(what, "has no host"))?.to_owned();
        let loopback = is_loopback(&host);
        if url.scheme() != "https" && !(url.scheme() == "http" && loopback) {
            return Err(not_an_origin(what, "must use https")
                .with_hint("plain http is accepted for 127.0.0.0/8, ::1 and localhost only"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(not_an_origin(what, "must not carry a user name"));
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(not_an_origin(what, "must end after the host and port"));
        }
        Ok(Self { text: url.origin().ascii_serialization(), host, loopback })
    }

    /// Returns `scheme://host[:port]`, without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the host, for messages.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns whether the host is this machine.
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    fn is_plain(&self) -> bool {
        self.text.starts_with("http://")
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn not_an_origin(what: &str, fault: &str) -> Error {
    Error::new(ErrorKind::Config, format!("the {what} {fault}"))
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Builds the HTTP client for one origin.
///
/// Proxies come from the environment, except for loopback, which no proxy can reach.
/// There is no way to switch certificate checks off.
pub(crate) fn client(origin: &Origin) -> Result<reqwest::Client> {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        // An embedding program may have chosen its provider already; that one serves as well.
        drop(rustls::crypto::ring::default_provider().install_default());
    });
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("entraql/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .https_only(!origin.is_plain())
        .connect_timeout(Duration::from_secs(10))
        .tcp_keepalive(Duration::from_secs(30));
    if origin.is_loopback() {
        builder = builder.no_proxy();
    }
    if origin.is_plain() {
        // Reading the machine's certificates takes time and may fail; nobody will look at them.
        builder = builder.tls_certs_only([]);
    }
    builder.build().map_err(|e| {
        Error::new(ErrorKind::Config, "the HTTP client cannot be set up").with_source(e)
    })
}

/// What one exchange may cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// From the first byte sent to the last byte read.
    pub(crate) deadline: Duration,
    /// Silence on the line.
    pub(crate) silence: Duration,
    /// Decoded bytes of the body.
    pub(crate) max_body: usize,
    /// Bytes that must arrive in each `rate_window`, once the body has begun.
    pub(crate) min_bytes: usize,
    /// See `min_bytes`.
    pub(crate) rate_window: Duration,
}

/// A whole reply.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Exchange {
    /// Returns what the body is, if it does not even claim to be JSON.
    pub(crate) fn not_json(&self) -> Option<String> {
        let Some(value) = self.headers.get(CONTENT_TYPE) else {
            let first = self.body.iter().find(|b| !b.is_ascii_whitespace());
            return (!matches!(first, Some(b'{' | b'[' | 0xEF))).then(|| "no content type".into());
        };
        let text = value.to_str().unwrap_or("an unreadable content type").to_ascii_lowercase();
        (!text.contains("json")).then(|| text.split(';').next().unwrap_or("").trim().to_owned())
    }
}

/// Blanks a secret that an error body echoes.
pub(crate) fn redact(exchange: &mut Exchange, secret: &Secret) {
    let text = String::from_utf8_lossy(&exchange.body);
    if exchange.status != 200 && text.contains(secret.reveal()) {
        exchange.body = text.replace(secret.reveal(), "***").into_bytes();
    }
}

/// Why there is no whole reply.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) kind: FaultKind,
    /// One phrase without URL or header.
    pub(crate) text: String,
}

/// What can be done about a [`Fault`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// The request was never sent: no name, no route, nobody listening.
    Unsent,
    /// The connection broke or went silent after that.
    Broken,
    /// The server's certificate is not trusted.
    Certificate,
    /// More bytes than allowed.
    TooLarge,
    /// An encoding that was not asked for.
    Encoding,
}

impl Fault {
    fn new(kind: FaultKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }
}

/// Sends a request and reads the whole decoded body, within the limits.
pub(crate) async fn exchange(
    client: &reqwest::Client,
    request: reqwest::Request,
    limits: &Limits,
) -> Result<Exchange, Fault> {
    let whole = transfer(client, request, limits);
    match tokio::time::timeout(limits.deadline, whole).await {
        Ok(result) => result,
        Err(_) => Err(Fault::new(
            FaultKind::Broken,
            format!("no whole reply within {} s", limits.deadline.as_secs_f64()),
        )),
    }
}

async fn transfer(
    client: &reqwest::Client,
    request: reqwest::Request,
    limits: &Limits,
) -> Result<Exchange, Fault> {
    let sent = tokio::time::timeout(limits.silence, client.execute(request)).await;
    let mut response = sent.map_err(|_| silent(limits))?.map_err(from_reqwest)?;
    // The client takes the header away from what it has decoded.
    if let Some(encoding) = response.headers().get(CONTENT_ENCODING)
        && encoding != "identity"
    {
        return Err(Fault::new(FaultKind::Encoding, "unknown content encoding"));
    }
    let body = read(&mut response, limits).await?;
    let status = response.status().as_u16();
    Ok(Exchange { status, headers: std::mem::take(response.headers_mut()), body })
}

async fn read(response: &mut reqwest::Response, limits: &Limits) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::new();
    let mut window = (Instant::now(), 0);
    loop {
        let chunk = tokio::time::timeout(limits.silence, response.chunk()).await;
        let Some(chunk) = chunk.map_err(|_| silent(limits))?.map_err(from_reqwest)? else {
            return Ok(body);
        };
        if body.len() + chunk.len() > limits.max_body {
            let text = format!("more than {} decoded bytes", limits.max_body);
            return Err(Fault::new(FaultKind::TooLarge, text));
        }
        body.extend_from_slice(&chunk);
        if window.0.elapsed() >= limits.rate_window {
            if body.len() - window.1 < limits.min_bytes {
                return Err(Fault::new(FaultKind::Broken, "the reply came too slowly"));
            }
            window = (Instant::now(), body.len());
        }
    }
}

fn silent(limits: &Limits) -> Fault {
    let text = format!("no byte for {} s", limits.silence.as_secs_f64());
    Fault::new(FaultKind::Broken, text)
}

/// Classifies without ever printing the URL.
fn from_reqwest(error: reqwest::Error) -> Fault {
    let error = error.without_url();
    let kind = if is_certificate(&error) {
        FaultKind::Certificate
    } else if error.is_connect() {
        FaultKind::Unsent
    } else {
        FaultKind::Broken
    };
    Fault::new(kind, root_cause(&error))
}

fn root_cause(error: &dyn StdError) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

fn is_certificate(error: &(dyn StdError + 'static)) -> bool {
    let mut current = Some(error);
    while let Some(layer) = current {
        if matches!(rustls_error(layer), Some(rustls::Error::InvalidCertificate(_))) {
            return true;
        }
        current = layer.source();
    }
    false
}

/// An `io::Error` hides what it carries from `source`.
fn rustls_error<'a>(layer: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    let carried = layer.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    match carried {
        Some(inner) => rustls_error(inner),
        None => layer.downcast_ref(),
    }
}

/// Makes a server's text fit for one line of a terminal.
pub(crate) fn tidy(text: &str) -> String {
    let mut line = String::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        if !word.is_empty() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    match line.char_indices().nth(600) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}
