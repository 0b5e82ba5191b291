//! One HTTP exchange with limits: https only, no redirects, a bounded decoded body.
//!
//! A body can break in ways that look like success: a cut stream, a gzip bomb, one
//! byte per second. Everything is read before anything is believed.

use std::sync::Once;
use std::time::{Duration, Instant};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Version;
use reqwest::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, TRANSFER_ENCODING,
};

use crate::auth::Origin;
use crate::auth::fault::{Fault, FaultKind, from_reqwest};
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;

/// What may stand unescaped in a form value.
pub(crate) const FORM: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

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
    /// The head says how the end of the body is known. Without that a cut body looks whole.
    pub(crate) framed: bool,
}

impl Exchange {
    /// Returns what the body is, if it claims to be neither plain text nor JSON.
    pub(crate) fn not_plain(&self) -> Option<String> {
        let kind = self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_plain = kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/plain"));
        if is_plain { None } else { self.not_json() }
    }

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

/// Blanks a secret that an error body echoes: as it is, as JSON writes it, as it was sent.
pub(crate) fn redact(exchange: &mut Exchange, secret: &Secret) {
    if exchange.status == 200 {
        return;
    }
    let json = serde_json::Value::from(secret.reveal()).to_string();
    let sent = utf8_percent_encode(secret.reveal(), FORM).to_string();
    for form in [secret.reveal(), &json[1..json.len() - 1], &sent] {
        let text = String::from_utf8_lossy(&exchange.body);
        if text.contains(form) {
            exchange.body = text.replace(form, "***").into_bytes();
        }
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
    let framed = is_framed(&response);
    Ok(Exchange { status, headers: std::mem::take(response.headers_mut()), body, framed })
}

/// From HTTP/2 on the frames themselves say where a body ends.
fn is_framed(response: &reqwest::Response) -> bool {
    let says = [CONTENT_LENGTH, TRANSFER_ENCODING];
    response.version() > Version::HTTP_11
        || says.iter().any(|name| response.headers().contains_key(name))
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
