//! The one server a secret may go to.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

use crate::error::{Error, ErrorKind, Result};

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

    pub(crate) fn is_plain(&self) -> bool {
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
