//! Graph's error body to our error: what is missing, for which table, what to do.

use reqwest::header::HeaderMap;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::auth::tidy::tidy;
use crate::error::{Error, ErrorKind};
use crate::graph::Request;
use crate::graph::codes::{Class, classify};
use crate::graph::throttle::Signs;

/// What a refusal says, as far as it can be read.
#[derive(Debug, Default)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    pub(crate) message: String,
    request_id: Option<String>,
    client_request_id: Option<String>,
    date: Option<String>,
}

impl Refusal {
    /// Reads `{"error": {...}}`; HTML or nothing gives what the headers hold.
    ///
    /// <https://learn.microsoft.com/graph/errors>
    pub(crate) fn parse(body: &[u8], headers: &HeaderMap) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let error = body.get("error").unwrap_or(&Value::Null);
        let text = |v: Option<&Value>| v.and_then(Value::as_str).map(tidy);
        let inner = error.get("innerError").or_else(|| error.get("innererror"));
        let fact = |name: &str| {
            let header = headers.get(name).and_then(|v| v.to_str().ok()).map(tidy);
            header.or_else(|| text(inner.and_then(|i| i.get(name))))
        };
        Self {
            // A gateway may speak OAuth, where `error` is the code itself.
            code: text(error.get("code")).or_else(|| text(Some(error))).unwrap_or_default(),
            message: text(error.get("message")).unwrap_or_default(),
            request_id: fact("request-id"),
            client_request_id: fact("client-request-id"),
            date: fact("date"),
        }
    }

    pub(crate) fn class(&self, status: u16) -> Class {
        classify(status, &self.code, &self.message)
    }

    /// Returns status and code, for the log.
    pub(crate) fn brief(&self, status: u16) -> String {
        format!("{status} {}", self.code).trim_end().to_owned()
    }
}

/// Turns a refusal into an error that names the table and the next step.
///
/// Understands both spellings of `innerError`, an empty code, HTML and nothing.
pub fn graph_error(status: u16, body: &[u8], headers: &HeaderMap, request: &Request) -> Error {
    let refusal = Refusal::parse(body, headers);
    let error = explain(status, &refusal, request).with_context("table", request.table);
    let error = Signs::read(headers).explain(with_facts(error, status, refusal));
    error.with_context("url", &request.target)
}

fn with_facts(mut error: Error, status: u16, refusal: Refusal) -> Error {
    error = error.with_context("status", status.to_string());
    let facts = [
        ("code", Some(refusal.code).filter(|c| !c.is_empty())),
        ("request-id", refusal.request_id),
        ("client-request-id", refusal.client_request_id),
        ("date", refusal.date),
    ];
    for (name, value) in facts {
        if let Some(value) = value {
            error = error.with_context(name, value);
        }
    }
    error
}

fn explain(status: u16, refusal: &Refusal, request: &Request) -> Error {
    let table = request.table;
    let (kind, message, hint) = match refusal.class(status) {
        Class::Permission => return permission(refusal, request),
        Class::License | Class::LicenseOrGlitch => return license(request),
        Class::Role => (
            ErrorKind::Permission,
            format!("`{table}` needs a directory role the signed-in user lacks"),
            "assign Reports Reader or Security Reader, or use an app registration",
        ),
        Class::Claims => (
            ErrorKind::Permission,
            format!("a Conditional Access policy blocks the token for `{table}`"),
            "ask who maintains the policy; it must allow this app",
        ),
        Class::Token => (
            ErrorKind::Auth,
            format!("Graph does not accept the token for `{table}`"),
            "check that ENTRAQL_GRAPH_URL and AZURE_AUTHORITY_HOST belong to one cloud",
        ),
        Class::Identity => (
            ErrorKind::Auth,
            "the app has no service principal in this tenant".to_owned(),
            "grant admin consent for the app in this tenant, then run again",
        ),
        Class::PageExpired => (
            ErrorKind::PageExpired,
            format!("Graph no longer accepts the page token of `{table}`"),
            "run again; a narrower time range needs fewer pages",
        ),
        Class::Missing => (
            ErrorKind::Rejected,
            format!("`{table}` has no object of that id"),
            "the object may have been deleted; look its id up again",
        ),
        Class::NoPath => (
            ErrorKind::Rejected,
            format!("the path of `{table}` does not exist in this API version"),
            "some tables are served by beta, or by some clouds only",
        ),
        Class::TooOld => (
            ErrorKind::Rejected,
            format!("`{table}` does not reach back that far: {}", refusal.message),
            "move the lower bound of the time range into the retention period",
        ),
        Class::Unsupported | Class::Request => (
            ErrorKind::Rejected,
            format!("Graph refused the request for `{table}`: {}", said(status, refusal)),
            "if a filter causes it, `SET entra.pushdown = false` evaluates filters here",
        ),
        Class::Throttled => (
            ErrorKind::Throttled,
            format!("Graph throttles `{table}` ({})", request.bucket.name()),
            "run again later, or read less: fewer columns, a narrower time range",
        ),
        Class::Service => (
            ErrorKind::Unavailable,
            format!("Graph failed on `{table}`: {}", said(status, refusal)),
            "run again later; a narrower time range makes timeouts rarer",
        ),
    };
    Error::new(kind, message).with_hint(hint)
}

fn said(status: u16, refusal: &Refusal) -> String {
    match refusal.message.as_str() {
        "" => refusal.brief(status),
        message => format!("{}: {message}", refusal.brief(status)),
    }
}

fn permission(refusal: &Refusal, request: &Request) -> Error {
    let table = request.table;
    let Some((least, others)) = request.permissions.split_first() else {
        let said = said(403, refusal);
        return Error::new(ErrorKind::Permission, format!("Graph refused `{table}`: {said}"))
            .with_hint("add the permission the table needs, then grant admin consent");
    };
    let message = match others {
        [] => format!("`{table}` needs the application permission {least}"),
        _ => format!(
            "`{table}` needs the application permission {least} (or one of {})",
            others.join(", ")
        ),
    };
    Error::new(ErrorKind::Permission, message).with_hint(format!(
        "add {least} under App registrations > API permissions > Microsoft Graph > Application \
         permissions, grant admin consent, then run again"
    ))
}

fn license(request: &Request) -> Error {
    let needed = match request.license {
        "" => "a license this tenant lacks",
        license => license,
    };
    let table = request.table;
    Error::new(ErrorKind::License, format!("`{table}` needs {needed}: the tenant is not licensed"))
        .with_hint(
            "the other tables work without; assign a license or start a trial to read this one",
        )
}

/// Returns whether an error only says that there is no object of that id.
///
/// For per-parent tables, whose parents may be deleted while they are read.
pub fn is_missing(error: &Error) -> bool {
    let missing = ("code", "Request_ResourceNotFound");
    error.context().iter().any(|(name, value)| (*name, value.as_str()) == missing)
}

/// Returns whether a whole body is an error in the place of a page.
pub fn is_error_object(body: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Probe {
        error: Option<IgnoredAny>,
        value: Option<IgnoredAny>,
    }
    let is_object = body.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{');
    is_object
        && serde_json::from_slice::<Probe>(body)
            .is_ok_and(|probe| probe.error.is_some() && probe.value.is_none())
}
