//! A reply, and what a decoder can say about one.

use std::time::Duration;

use serde::de::IgnoredAny;

use crate::error::Error;
use crate::graph::is_error_object;

/// Where a reply came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyMeta {
    /// The HTTP status; inside a `$batch`, that of the part.
    pub status: u16,
    /// Its entry in the request log.
    pub sequence: u64,
    /// Graph's own number for it; Microsoft support asks for it.
    pub request_id: Option<String>,
    /// From sending to the end of the body, by the clock of the client.
    pub took: Duration,
    /// The token it was sent with.
    pub(crate) generation: u64,
}

/// A whole reply whose body is complete JSON.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The decoded body, without a byte order mark.
    pub body: Vec<u8>,
    /// The HTTP status.
    pub status: u16,
    /// Its entry in the request log.
    pub sequence: u64,
    /// Graph's own number for it.
    pub request_id: Option<String>,
}

impl Reply {
    pub(crate) fn new(body: Vec<u8>, meta: ReplyMeta) -> Self {
        let ReplyMeta { status, sequence, request_id, .. } = meta;
        Self { body, status, sequence, request_id }
    }
}

/// Why a decoder cannot use a body.
#[derive(Debug)]
pub enum Broken {
    /// Not complete JSON: the same request is sent again, as after a broken connection.
    Cut(String),
    /// An `error` object came with a 200: handled as if the status had said so.
    ErrorObject,
    /// Asking again cannot help.
    Fatal(Error),
}

/// Checks that a body is one complete JSON document and not an error in disguise.
///
/// A decoder that reads the whole body itself need not call this.
///
/// # Errors
///
/// [`Broken::Cut`] or [`Broken::ErrorObject`].
pub fn check_json(body: &[u8]) -> Result<(), Broken> {
    serde_json::from_slice::<IgnoredAny>(body).map_err(|e| Broken::Cut(e.to_string()))?;
    if is_error_object(body) {
        return Err(Broken::ErrorObject);
    }
    Ok(())
}
