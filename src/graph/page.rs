//! Following a next link: to the same origin and API version, and never twice.
//!
//! A next link is text from the network, and the token goes wherever it points. It
//! is checked as text, checked again as a URL, and then used as it came.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use percent_encoding::percent_decode_str;
use reqwest::Url;

use crate::auth::Origin;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::Request;

/// The pages a scan has asked for.
///
/// Two hashes per page, so that a scan of many thousand pages stays small.
#[derive(Debug, Default)]
pub struct Visited {
    hashers: (RandomState, RandomState),
    seen: HashSet<(u64, u64)>,
}

impl Visited {
    /// Creates an empty set; one per scan.
    pub fn new() -> Self {
        Self::default()
    }

    fn insert(&mut self, target: &str) -> bool {
        self.seen.insert((self.hashers.0.hash_one(target), self.hashers.1.hash_one(target)))
    }
}

/// Makes the request for the page a link points to.
pub(crate) fn next(
    origin: &Origin,
    from: &Request,
    link: &str,
    visited: &mut Visited,
) -> Result<Request> {
    let refuse = |kind, what: &str| {
        Error::new(kind, format!("the next link of `{}` {what}", from.table))
            .with_context("table", from.table)
            .with_hint("nothing was sent to it; if a gateway rewrites links, configure its origin")
    };
    let target =
        target_of(origin, from.split()?.0, link).map_err(|(kind, what)| refuse(kind, what))?;
    visited.insert(&from.target);
    if !visited.insert(target) {
        return Err(refuse(ErrorKind::Malformed, "leads back to a page already read"));
    }
    Ok(Request { target: target.to_owned(), ..from.clone() })
}

type Refused = (ErrorKind, &'static str);

/// Returns what follows the origin, unchanged.
fn target_of<'a>(origin: &Origin, version: &str, link: &'a str) -> Result<&'a str, Refused> {
    if link.contains('\\') {
        return Err((ErrorKind::Security, "holds a backslash"));
    }
    if !link.bytes().all(|b| b.is_ascii_graphic()) {
        return Err((ErrorKind::Malformed, "holds characters no URL may hold"));
    }
    if link.contains('#') {
        return Err((ErrorKind::Malformed, "holds a fragment"));
    }
    let target = after_origin(origin, link)?;
    let path = target.split('?').next().unwrap_or(target);
    let below = path.strip_prefix(version).and_then(|rest| rest.strip_prefix('/'));
    if below.is_none_or(str::is_empty) {
        return Err((ErrorKind::Security, "leaves the API version"));
    }
    if climbs(path) {
        return Err((ErrorKind::Security, "climbs out of its path"));
    }
    Ok(target)
}

fn after_origin<'a>(origin: &Origin, link: &'a str) -> Result<&'a str, Refused> {
    if link.starts_with("//") {
        return Err((ErrorKind::Security, "names a host without a scheme"));
    }
    let Some((_, rest)) = link.split_once("://") else {
        return Err((ErrorKind::Malformed, "is not an absolute URL"));
    };
    let authority = rest.find(['/', '?']).map_or(rest, |end| &rest[..end]);
    if authority.contains('@') {
        return Err((ErrorKind::Security, "carries a user name"));
    }
    let url = Url::parse(link).map_err(|_| (ErrorKind::Malformed, "is not a URL"))?;
    let no_user = url.username().is_empty() && url.password().is_none();
    if !no_user || url.origin().ascii_serialization() != origin.as_str() {
        return Err((ErrorKind::Security, "leaves the configured Graph origin"));
    }
    Ok(&rest[authority.len()..])
}

/// Finds dot segments, plain or hidden behind one or two layers of encoding.
fn climbs(path: &str) -> bool {
    let once = percent_decode_str(path).decode_utf8_lossy().into_owned();
    let twice = percent_decode_str(&once).decode_utf8_lossy().into_owned();
    [path, &once, &twice]
        .iter()
        .any(|p| p.split(['/', '\\']).any(|segment| matches!(segment, "." | "..")))
}
