//! One listing, read page by page, that goes on where it broke off.

use std::sync::Arc;
use std::time::Duration;

use crate::decode::{Decoder, Page};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{GraphClient, Request};
use crate::provider::pages::Pages;
use crate::provider::spans::Trail;
use crate::provider::spans::log::Range;

/// Reads one listing to its end.
pub(in crate::provider) struct Walk {
    pages: Pages,
    trail: Option<Trail>,
}

impl Walk {
    pub(in crate::provider) fn new(
        client: GraphClient,
        decoder: Arc<Decoder>,
        first: Request,
        trail: Option<Trail>,
    ) -> Self {
        Self { pages: Pages::new(client, decoder, first), trail }
    }

    /// Returns how often it began anew since the last call.
    pub(in crate::provider) fn restarts(&mut self) -> u64 {
        self.trail.as_mut().map_or(0, Trail::restarts)
    }

    pub(super) fn trail(&self) -> Option<&Trail> {
        self.trail.as_ref()
    }

    /// Returns the time of the last row.
    pub(super) fn edge(&self) -> Option<i64> {
        self.trail.as_ref().and_then(Trail::edge)
    }

    /// Tells whether its rows come in the order of their times.
    pub(super) fn is_in_order(&self) -> bool {
        self.trail.as_ref().is_some_and(Trail::is_in_order)
    }

    /// Returns how long Graph takes for a page; nothing when there is no other.
    pub(super) fn latency(&self) -> Option<Duration> {
        self.pages.latency()
    }

    /// Leaves what is older to another span.
    pub(super) fn end_at(&mut self, from: Option<i64>) {
        if let Some(trail) = &mut self.trail {
            trail.end_at(from);
        }
    }

    /// Drops what is under way and asks for what is not read yet.
    pub(super) fn anew(&mut self) -> Result<()> {
        let request = self.trail.as_mut().and_then(Trail::anew).ok_or_else(unbounded)?;
        self.pages.restart(request);
        Ok(())
    }

    /// Returns the walk through another span. Nothing is sent before it is asked for a page.
    pub(super) fn sibling(&self, range: Range) -> Result<Self> {
        let sibling = self.trail.as_ref().and_then(|trail| trail.sibling(range));
        let (trail, first) = sibling.ok_or_else(unbounded)?;
        Ok(Self { pages: self.pages.sibling(first), trail: Some(trail) })
    }

    /// Returns the next page with the rows that did not come before, and the number of its
    /// request in the log.
    ///
    /// A page token that has expired, and a page that Graph takes too long for, cost one more
    /// request where the log can be bounded: the rest is asked for again.
    pub(in crate::provider) async fn next(&mut self, ahead: bool) -> Result<Option<(Page, u64)>> {
        if self.trail.as_ref().is_some_and(Trail::is_past) {
            return Ok(None);
        }
        loop {
            let error = match (self.pages.next(ahead).await, &mut self.trail) {
                (Ok(Some((page, sequence))), Some(trail)) => {
                    let page = trail.take(page)?;
                    if let Some(request) = trail.bound()? {
                        self.pages.restart(request);
                    }
                    return Ok(Some((page, sequence)));
                }
                (Err(error), Some(_)) => error,
                (other, _) => return other,
            };
            match self.trail.as_mut().and_then(|trail| trail.again(&error)) {
                Some(request) => self.pages.restart(request),
                None => return Err(error),
            }
        }
    }
}

fn unbounded() -> Error {
    Error::new(ErrorKind::Internal, "a span of a log has no request")
}
