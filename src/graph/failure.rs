//! The error a request ends with, once nothing can be tried any more.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::auth::fault::{Fault, FaultKind};
use crate::error::{Error, ErrorKind};
use crate::graph::client::GraphClient;
use crate::graph::codes::Class;
use crate::graph::retry::{Problem, Run};
use crate::graph::{Request, graph_error};

/// An error, and whether it only says that there is no such object.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) error: Error,
    pub(crate) missing: bool,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, missing: false }
    }
}

impl GraphClient {
    pub(crate) fn failure(&self, problem: Problem, request: &Request, run: &Run) -> Failure {
        let missing = matches!(problem, Problem::Refused { class: Class::Missing, .. });
        let error = self.error_of(problem, request).with_context("tenant", self.tenant());
        let error = match run.attempts {
            0 | 1 => error,
            tries => error.with_context("attempts", tries.to_string()),
        };
        Failure { error, missing }
    }

    fn error_of(&self, problem: Problem, request: &Request) -> Error {
        let host = self.inner.origin.host();
        let (table, url) = (request.table, request.target.as_str());
        let error = match problem {
            Problem::Fatal(error) => return error,
            Problem::Refused { status: status @ 300..=399, .. } => {
                Error::new(ErrorKind::Security, format!("{host} answered {status}, a redirect"))
                    .with_hint("the token is never sent to a second host; check the Graph origin")
            }
            Problem::Refused { status: 407, .. } => {
                Error::new(ErrorKind::Unavailable, "the proxy asks for a password (407)")
                    .with_hint("set user and password in HTTPS_PROXY")
            }
            Problem::Refused { status, headers, body, .. } => {
                return graph_error(status, &body, &headers, request);
            }
            Problem::NotJson(kind) => Error::new(
                ErrorKind::Unavailable,
                format!("expected JSON, got {kind} from {host}; proxy or captive portal?"),
            ),
            Problem::Cut(text) => Error::new(
                ErrorKind::Unavailable,
                match request.plain {
                    true => format!("the replies for `{table}` were no complete text"),
                    false => format!("the replies for `{table}` were no complete JSON"),
                },
            )
            .with_context("cause", text),
            Problem::Fault(fault) => fault_error(fault, host, table),
        };
        error.with_context("table", table).with_context("url", url)
    }

    pub(crate) fn too_long(&self, request: &Request, run: &Run, wait: Duration) -> Error {
        let clock = &self.inner.config.clock;
        let wait_delta = TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX);
        let at = clock.utc().checked_add_signed(wait_delta).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let message = format!(
            "Graph throttles `{}` ({}): waited {} s, and it asks for {} s more",
            request.table,
            request.bucket.name(),
            run.waited.as_secs(),
            wait.as_secs_f64().ceil(),
        );
        Error::new(ErrorKind::Throttled, message)
            .with_context("table", request.table)
            .with_context("tenant", self.tenant())
            .with_context("url", &request.target)
            .with_hint(format!("try again at {}, or raise `--max-wait`", at.format("%FT%TZ")))
    }
}

fn fault_error(fault: Fault, host: &str, table: &str) -> Error {
    let (kind, message, hint) = match fault.kind {
        FaultKind::Unsent => (
            ErrorKind::Unavailable,
            format!("cannot reach {host}"),
            "check the network, the proxy settings and the Graph origin",
        ),
        FaultKind::Broken => (
            ErrorKind::Unavailable,
            format!("the connection to {host} broke while reading `{table}`"),
            "run again; a narrower time range or fewer columns make replies smaller",
        ),
        FaultKind::Certificate => (
            ErrorKind::Unavailable,
            format!("the certificate of {host} is not trusted"),
            "install the certificate authority of your proxy on this machine",
        ),
        FaultKind::TooLarge => (
            ErrorKind::Malformed,
            format!("a reply for `{table}` is too large"),
            "ask for fewer columns, or for smaller pages",
        ),
        FaultKind::Encoding => (
            ErrorKind::Malformed,
            format!("a reply for `{table}` is encoded in a way nobody asked for"),
            "a proxy may change replies; ask who maintains it",
        ),
    };
    Error::new(kind, message).with_hint(hint).with_context("cause", fault.text)
}
