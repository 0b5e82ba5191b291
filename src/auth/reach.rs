//! Whether a host can be reached, and what time it has: one GET without a token.

use std::net::SocketAddr;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::DATE;

use crate::auth::fault::FaultKind;
use crate::auth::http::{self, Limits};
use crate::auth::{Clock, Origin};
use crate::error::{Error, ErrorKind, Result};

const LIMITS: Limits = Limits {
    deadline: Duration::from_secs(20),
    silence: Duration::from_secs(20),
    max_body: 1024 * 1024,
    min_bytes: 0,
    rate_window: Duration::from_secs(20),
};

/// What one host answered.
#[derive(Debug, Clone)]
pub struct Reach {
    /// The name that was looked up.
    pub host: String,
    /// What the name stands for; empty when only a proxy can tell.
    pub addresses: Vec<SocketAddr>,
    /// From the first byte sent to the last received, connecting included.
    pub took: Duration,
    /// How far this machine's clock is ahead of the host's; whole seconds.
    pub ahead: Option<TimeDelta>,
}

/// Asks for the first page of an origin. Its answer does not matter, that there is one does.
///
/// # Errors
///
/// `Unavailable` when the name, the connection or the certificate fails; the message says
/// which.
pub async fn reach(origin: &str, clock: &dyn Clock) -> Result<Reach> {
    let origin = Origin::parse("host", origin)?;
    let addresses = look_up(&origin).await;
    let http = http::client(&origin)?;
    let request = http.get(format!("{}/", origin.as_str())).build().map_err(|error| {
        Error::new(ErrorKind::Internal, "the request cannot be built").with_source(error)
    })?;
    let (begun, asked) = (clock.now(), clock.utc());
    let reply = http::exchange(&http, request, &LIMITS).await;
    let (took, answered) = (clock.now().duration_since(begun), clock.utc());
    let reply = reply.map_err(|fault| {
        let what = match fault.kind {
            FaultKind::Certificate => "its certificate is not trusted (TLS)",
            FaultKind::Unsent if addresses.is_empty() => "its name is not known (DNS)",
            FaultKind::Unsent => "it does not answer (TCP)",
            _ => "the connection broke",
        };
        Error::new(ErrorKind::Unavailable, format!("{}: {what}", origin.host()))
            .with_context("cause", fault.text)
    })?;
    let theirs = reply.headers.get(DATE).and_then(|value| value.to_str().ok());
    let ahead = theirs.and_then(|date| ahead(asked, answered, date));
    Ok(Reach { host: origin.host().to_owned(), addresses, took, ahead })
}

async fn look_up(origin: &Origin) -> Vec<SocketAddr> {
    let name = origin.as_str().rsplit("//").next().unwrap_or_default();
    let name = if name.rsplit(':').next().is_some_and(|port| port.parse::<u16>().is_ok()) {
        name.to_owned()
    } else {
        format!("{name}:443")
    };
    tokio::net::lookup_host(name).await.map(Iterator::collect).unwrap_or_default()
}

/// The date has no fractions and is from somewhere between question and answer: only what
/// lies outside of that is a difference.
fn ahead(asked: DateTime<Utc>, answered: DateTime<Utc>, date: &str) -> Option<TimeDelta> {
    let theirs = DateTime::parse_from_rfc2822(date).ok()?.to_utc();
    let (earliest, latest) = (theirs, theirs + TimeDelta::seconds(1));
    let difference = if answered < earliest {
        answered - earliest
    } else if asked > latest {
        asked - latest
    } else {
        TimeDelta::zero()
    };
    Some(TimeDelta::seconds(difference.num_seconds()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_difference_the_round_trip_cannot_explain_counts() {
        let at = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap();
        let date = "Thu, 01 Jan 1970 00:01:40 GMT";
        let seconds = |asked, answered| ahead(at(asked), at(answered), date).unwrap().num_seconds();
        assert_eq!(seconds(99, 101), 0);
        assert_eq!(seconds(40, 41), -59);
        assert_eq!(seconds(402, 403), 301);
        assert_eq!(seconds(90, 130), 0, "a slow answer is no wrong clock");
        assert!(ahead(at(0), at(0), "yesterday").is_none());
    }
}
