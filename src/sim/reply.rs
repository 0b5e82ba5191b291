//! Replies and refusals in the shapes Graph uses.

use chrono::{DateTime, Utc};
use hyper::body::Bytes;
use serde_json::{Value, json};

/// An answer before it goes on the wire.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
    /// Why a correct client would not have got this, for the journal.
    pub(crate) refused: Option<String>,
}

impl Reply {
    /// Builds a JSON reply.
    pub(crate) fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::of(status, "application/json", body)
    }

    /// Builds a reply of any content type.
    pub(crate) fn of(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { status, headers, body: Bytes::from(body.into()), refused: None }
    }

    /// Adds or replaces a header.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.into()));
    }

    /// Returns a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// The ids every Graph reply carries.
#[derive(Debug, Clone)]
pub(crate) struct Ids {
    pub(crate) request: String,
    pub(crate) client: String,
    pub(crate) date: DateTime<Utc>,
}

/// A refusal: status, code and message of a Graph error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fail {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) headers: Vec<(String, String)>,
}

impl Fail {
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), message: message.into(), headers: Vec::new() }
    }

    /// A clause the logs do not filter by.
    pub(crate) fn clause() -> Self {
        Self::new(400, "BadRequest", "Invalid filter clause")
    }

    /// A query the directory does not support.
    pub(crate) fn unsupported(message: impl Into<String>) -> Self {
        Self::new(400, "Request_UnsupportedQuery", message)
    }

    /// A query option the reporting service does not allow.
    pub(crate) fn option(name: &str) -> Self {
        let message = format!(
            "Query option '{name}' is not allowed. To allow it, set the 'AllowedQueryOptions' \
             property on EnableQueryAttribute or QueryValidationSettings."
        );
        Self::new(400, "", message)
    }

    /// An operator that needs `ConsistencyLevel: eventual` and `$count=true`.
    pub(crate) fn advanced(operator: &str) -> Self {
        Self::unsupported(format!(
            "Operator '{operator}' is not supported because the required parameters might be \
             missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header. \
             Refer to https://aka.ms/graph-docs/advanced-queries for more information"
        ))
    }

    /// A page token that does not belong to this query.
    pub(crate) fn skip_token() -> Self {
        Self::new(400, "", "Invalid Skip Token")
    }

    /// A token that is missing, unknown or expired.
    pub(crate) fn unauthorized(message: &str) -> Self {
        Self::new(401, "InvalidAuthenticationToken", message)
    }

    pub(crate) fn not_found(id: &str) -> Self {
        let message = format!(
            "Resource '{id}' does not exist or one of its queried reference-property objects are \
             not present."
        );
        Self::new(404, "Request_ResourceNotFound", message)
    }

    pub(crate) fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Builds the error body around this refusal.
    pub(crate) fn into_reply(self, ids: &Ids) -> Reply {
        let mut reply = Reply::json(self.status, self.body(ids).to_string());
        reply.headers.extend(self.headers.iter().cloned());
        if matches!(self.status, 400 | 405 | 501) {
            reply.refused = Some(format!("{}: {}", self.code, self.message));
        }
        reply
    }

    /// Returns the error body alone.
    pub(crate) fn body(&self, ids: &Ids) -> Value {
        let mut inner = json!({
            "date": ids.date.format("%Y-%m-%dT%H:%M:%S").to_string(),
            "request-id": ids.request,
            "client-request-id": ids.client,
        });
        if self.status == 429 {
            inner["code"] = json!("429");
            inner["message"] = json!("Please retry after");
            inner["status"] = json!("429");
        }
        json!({"error": {"code": self.code, "message": self.message, "innerError": inner}})
    }
}
