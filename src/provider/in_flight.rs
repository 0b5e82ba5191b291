//! Several `$batch` in flight: each is sent and decoded by a task of its own, and their pages
//! are handed over in the order they were asked for.
//!
//! A read that may stop early asks for one after the other.

use std::collections::VecDeque;
use std::sync::Arc;

use datafusion::common::runtime::SpawnedTask;

use crate::decode::{Decoder, Page};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{GraphClient, Reply, Request, batch_parts};
use crate::provider::stream::{Scan, page};
use crate::spec::Bucket;

/// The most of one scan in flight.
const MOST: usize = 6;

/// So many requests must be left to be sent for each page a listing has come to, or its next
/// pages would have to go alone later.
const SHARED: usize = 4;

/// One page that is asked for.
pub(super) struct Part<K> {
    /// What the page is about.
    pub(super) key: K,
    pub(super) request: Request,
    /// Pages of the same listing before this one.
    depth: usize,
}

/// A page that was asked for; without one there is no such object.
pub(super) type Landed<K> = (Part<K>, Option<(Page, u64)>);

/// A request on its way.
struct Flight<K> {
    deepest: usize,
    task: SpawnedTask<Result<Vec<Landed<K>>>>,
}

/// The pages a scan has asked for and those it will.
pub(super) struct InFlight<K> {
    client: GraphClient,
    decoder: Arc<Decoder>,
    shape: Shape,
    /// Parts that share a request.
    size: usize,
    most: usize,
    due: VecDeque<Part<K>>,
    sent: VecDeque<Flight<K>>,
    landed: usize,
}

/// What a reply holds.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// One object instead of a listing.
    pub(super) is_object: bool,
    /// There may be no such object.
    pub(super) is_optional: bool,
}

impl<K: Send + 'static> InFlight<K> {
    pub(super) fn new(scan: &Scan, shape: Shape) -> Self {
        let bucket = scan.plan.spec.bucket;
        let most = match bucket {
            // Their budget is the time between two requests.
            Bucket::Reports | Bucket::IdentityProtection => 1,
            _ if scan.limit.is_some() => 1,
            Bucket::Directory | Bucket::Security | Bucket::Intune => MOST,
        };
        Self {
            client: scan.client.clone(),
            decoder: Arc::new(scan.decoder()),
            shape,
            size: batch_parts(bucket),
            most,
            due: VecDeque::new(),
            sent: VecDeque::new(),
            landed: 0,
        }
    }

    /// Adds a page to those that are due.
    pub(super) fn add(&mut self, key: K, request: Request) {
        self.due.push_back(Part { key, request, depth: 0 });
    }

    /// Adds the page after one that has landed; it is asked for next.
    pub(super) fn follow(&mut self, part: Part<K>, request: Request) {
        self.due.push_front(Part { request, depth: part.depth + 1, ..part });
    }

    /// Tells whether the pages that are due fill a request.
    pub(super) fn is_full(&self) -> bool {
        self.due.len() >= self.size
    }

    /// Returns how many parts could be in flight, once the reader has come back for more.
    pub(super) fn reach(&self) -> usize {
        if self.landed == 0 || self.most == 1 { 0 } else { self.most * self.size }
    }

    /// Tells whether another request may be sent now: never more are in flight than have been
    /// used before, and one. `further` pages are not due yet, if that is known.
    pub(super) fn has_room(&self, further: Option<usize>) -> bool {
        let most = self.most.min(self.landed + 1);
        self.sent.len() < most.min(self.most_shared(further)).max(1)
    }

    /// The longer a listing of many pages, the more requests must be left for its next ones.
    fn most_shared(&self, further: Option<usize>) -> usize {
        let depths = self.due.iter().map(|part| part.depth);
        let deepest = depths.chain(self.sent.iter().map(|flight| flight.deepest)).max();
        let Some(deepest) = deepest.filter(|deepest| *deepest > 0) else { return MOST };
        let left = further.map_or(usize::MAX, |further| (self.due.len() + further) / self.size);
        (MOST / deepest).min(left / deepest / SHARED)
    }

    /// Sends pages that are due, as many as fit one request and `most` of them; false when it
    /// is better to wait.
    ///
    /// A request with fewer parts waits for all others, because what they tell of further
    /// pages may fit in.
    pub(super) fn send(&mut self, most: usize) -> bool {
        let size = self.size.min(most);
        let is_last = self.sent.is_empty() || self.shape.is_object;
        if self.due.is_empty() || (self.due.len() < size && !is_last) {
            return false;
        }
        let parts: Vec<_> = self.due.drain(..size.min(self.due.len())).collect();
        let deepest = parts.iter().map(|part| part.depth).max().unwrap_or(0);
        let (client, decoder) = (self.client.clone(), Arc::clone(&self.decoder));
        let task = SpawnedTask::spawn(get(client, decoder, self.shape, parts));
        self.sent.push_back(Flight { deepest, task });
        true
    }

    /// Waits for the first request that is under way; nothing when none is.
    pub(super) async fn land(&mut self) -> Result<Option<Vec<Landed<K>>>> {
        let Some(flight) = self.sent.pop_front() else { return Ok(None) };
        let landed = flight.task.join().await.map_err(|error| {
            Error::new(ErrorKind::Internal, "a batch of requests ended").with_source(error)
        })??;
        self.landed += 1;
        Ok(Some(landed))
    }

    /// Gives up what is under way.
    pub(super) fn stop(&mut self) {
        self.sent.clear();
    }
}

/// Gets pages with one request and decodes them.
async fn get<K>(
    client: GraphClient,
    decoder: Arc<Decoder>,
    shape: Shape,
    parts: Vec<Part<K>>,
) -> Result<Vec<Landed<K>>> {
    let requests: Vec<_> = parts.iter().map(|part| part.request.clone()).collect();
    let replies = replies(&client, shape, &requests).await?;
    let decode = |(part, reply): (Part<K>, Option<Reply>)| {
        let page = reply.map(|reply| decoded(&decoder, shape, &part.request, &reply)).transpose();
        page.map(|page| (part, page))
    };
    parts.into_iter().zip(replies).map(decode).collect()
}

fn decoded(
    decoder: &Decoder,
    shape: Shape,
    request: &Request,
    reply: &Reply,
) -> Result<(Page, u64)> {
    let page = page(decoder, shape.is_object, request, &reply.body)?;
    Ok((page, reply.sequence))
}

async fn replies(
    client: &GraphClient,
    shape: Shape,
    requests: &[Request],
) -> Result<Vec<Option<Reply>>> {
    Ok(match requests {
        [one] if shape.is_optional => vec![client.get_optional(one).await?],
        [one] => vec![Some(client.get(one).await?)],
        many if shape.is_optional => client.batch_get_optional(many).await?,
        many => {
            let replies = client.batch_get(many).await?;
            replies.into_iter().map(|reply| reply.map(Some)).collect::<Result<_>>()?
        }
    })
}
