//! Why there is no whole reply, without the URL and without a header.

use std::error::Error as StdError;

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
    pub(crate) fn new(kind: FaultKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }
}

/// Classifies without ever printing the URL.
pub(crate) fn from_reqwest(error: reqwest::Error) -> Fault {
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
