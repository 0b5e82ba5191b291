//! One listing, read page by page, that goes on where it broke off.

use std::sync::Arc;

use crate::decode::{Decoder, Page};
use crate::error::Result;
use crate::graph::{GraphClient, Request};
use crate::provider::pages::Pages;
use crate::provider::spans::Trail;

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

    /// Returns how often it began anew.
    pub(in crate::provider) fn restarts(&self) -> u64 {
        self.trail.as_ref().map_or(0, Trail::restarts)
    }

    /// Returns the next page with the rows that did not come before, and the number of its
    /// request in the log.
    ///
    /// A page token that has expired, and a page that Graph takes too long for, cost one more
    /// request where the log can be bounded: the rest is asked for again.
    pub(in crate::provider) async fn next(&mut self, ahead: bool) -> Result<Option<(Page, u64)>> {
        loop {
            let error = match (self.pages.next(ahead).await, &mut self.trail) {
                (Ok(Some((page, sequence))), Some(trail)) => {
                    return Ok(Some((trail.take(page)?, sequence)));
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
