//! The token endpoint's reply, read with suspicion.
//!
//! A 200 without a token is an error, and so is a token without a lifetime.

use std::time::Duration;

use serde_json::Value;

use crate::auth::Token;
use crate::auth::aadsts;
use crate::auth::tidy::tidy;
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;

/// No token is believed to live longer.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// Reads `access_token` and `expires_in` (a number or a string of one) from a 200.
///
/// <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow>
pub(crate) fn token(body: &[u8]) -> Result<Token> {
    let reply: Value = serde_json::from_slice(body).map_err(|_| unusable("is not JSON"))?;
    let text = reply.get("access_token").and_then(Value::as_str).unwrap_or_default();
    if text.is_empty() {
        return Err(unusable("holds no access token"));
    }
    if !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(unusable("holds an access token with illegal characters"));
    }
    let seconds = reply.get("expires_in").and_then(seconds).filter(|s| *s > 0.0);
    let seconds = seconds.ok_or_else(|| unusable("holds no positive `expires_in`"))?;
    let lifetime = Duration::from_secs_f64(seconds.min(LONGEST.as_secs_f64()));
    Ok(Token::new(Secret::new(text), lifetime))
}

fn seconds(value: &Value) -> Option<f64> {
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())?;
    number.is_finite().then_some(number)
}

fn unusable(what: &str) -> Error {
    Error::new(ErrorKind::Malformed, format!("the token reply {what}"))
        .with_hint("check the authority host, and whether a proxy answers in its place")
}

/// An OAuth error body.
#[derive(Debug, Default)]
pub(crate) struct Refusal {
    /// The OAuth `error`, such as `invalid_client`.
    pub(crate) error: String,
    /// The AADSTS number.
    pub(crate) code: Option<u32>,
    description: String,
    correlation_id: Option<String>,
    trace_id: Option<String>,
    timestamp: Option<String>,
}

impl Refusal {
    /// Reads what there is; an HTML page gives an empty refusal.
    pub(crate) fn parse(body: &[u8]) -> Self {
        let Ok(reply) = serde_json::from_slice::<Value>(body) else {
            return Self::default();
        };
        let text = |name: &str| reply.get(name).and_then(Value::as_str).map(tidy);
        let description = text("error_description").unwrap_or_default();
        let listed = reply.pointer("/error_codes/0").and_then(Value::as_u64);
        let code = listed.and_then(|n| u32::try_from(n).ok());
        Self {
            error: text("error").unwrap_or_default(),
            code: code.or_else(|| aadsts::code_in(&description)),
            description,
            correlation_id: text("correlation_id"),
            trace_id: text("trace_id"),
            timestamp: text("timestamp"),
        }
    }

    /// Returns whether the endpoint asks to come back later.
    pub(crate) fn is_temporary(&self) -> bool {
        self.error == "temporarily_unavailable"
    }

    /// Makes the error of it: known numbers in our words, others in Microsoft's.
    pub(crate) fn into_error(self, status: u16) -> Error {
        let error = match self.code.and_then(aadsts::meaning) {
            Some(known) => Error::new(known.kind, known.what).with_hint(known.hint),
            None => self.unknown(status),
        };
        self.with_facts(error)
    }

    fn unknown(&self, status: u16) -> Error {
        let transient = self.is_temporary() || status >= 500 || status == 429 || status == 408;
        let kind = if transient { ErrorKind::Unavailable } else { ErrorKind::Auth };
        let said = if self.description.is_empty() { &self.error } else { &self.description };
        let first = said.split("Trace ID:").next().unwrap_or(said).trim();
        let message = match first {
            "" => format!("the token endpoint answered {status}"),
            text => format!("the token endpoint answered {status}: {text}"),
        };
        let error = Error::new(kind, message);
        match self.code {
            Some(code) => {
                error.with_hint(format!("see https://login.microsoftonline.com/error?code={code}"))
            }
            None => error,
        }
    }

    fn with_facts(self, mut error: Error) -> Error {
        if let Some(code) = self.code {
            error = error.with_context("code", format!("AADSTS{code}"));
        }
        let facts = [
            ("correlation-id", self.correlation_id),
            ("trace-id", self.trace_id),
            ("date", self.timestamp),
        ];
        for (name, value) in facts {
            if let Some(value) = value {
                error = error.with_context(name, value);
            }
        }
        error
    }
}
