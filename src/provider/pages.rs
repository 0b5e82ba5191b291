//! The pages of one listing, one after the other.
//!
//! Nothing is sent before the first page is asked for. From then on one page is fetched
//! while another is decoded and used, where the caller is sure to want it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use datafusion::common::runtime::SpawnedTask;
use tokio::sync::oneshot;

use crate::decode::{Decoder, Failure, Page, peek_next_link};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Broken, GraphClient, ReplyMeta, Request, Visited};
use crate::provider::stream::malformed;

/// A page on its way: fetched and decoded by a task of its own.
struct Coming {
    /// The link the page is reached by, as Graph wrote it.
    link: String,
    request: Request,
    /// The link of the page after it, once the head of its body is there.
    head: oneshot::Receiver<Option<String>>,
    task: SpawnedTask<Result<Fetched>>,
}

/// A page, the number of its request in the log, and how long Graph took.
type Fetched = (Page, u64, Duration);

/// Follows the next links of one listing.
pub(super) struct Pages {
    client: GraphClient,
    decoder: Arc<Decoder>,
    current: Option<Request>,
    ahead: Option<Coming>,
    visited: Visited,
    latency: Duration,
}

impl Pages {
    pub(super) fn new(client: GraphClient, decoder: Arc<Decoder>, first: Request) -> Self {
        let (current, visited) = (Some(first), Visited::new());
        Self { client, decoder, current, ahead: None, visited, latency: Duration::ZERO }
    }

    /// Returns another listing, read in the same way.
    pub(super) fn sibling(&self, first: Request) -> Self {
        Self::new(self.client.clone(), Arc::clone(&self.decoder), first)
    }

    /// Returns how long Graph took for the last page, without the wait for a turn; nothing
    /// when there is no further page.
    pub(super) fn latency(&self) -> Option<Duration> {
        self.current.as_ref().map(|_| self.latency)
    }

    /// Goes on with another listing: what was on its way is dropped.
    pub(super) fn restart(&mut self, first: Request) {
        *self = self.sibling(first);
    }

    /// Returns the next page, and the number of its request in the log.
    ///
    /// With `ahead` the page after it is asked for as soon as its link is known.
    pub(super) async fn next(&mut self, ahead: bool) -> Result<Option<(Page, u64)>> {
        let Some(request) = self.current.take() else { return Ok(None) };
        let found = match self.ahead.take() {
            None if !ahead => fetch(&self.client, &request, &self.decoder, None).await?,
            coming => {
                let coming = coming.unwrap_or_else(|| self.send(String::new(), request.clone()));
                self.receive(coming, ahead).await?
            }
        };
        let (page, sequence, latency) = found;
        self.latency = latency;
        self.follow(&request, &page)?;
        Ok(Some((page, sequence)))
    }

    /// Waits for a page, and starts on the one after it as soon as its link is known: it
    /// travels while this one is decoded and used.
    async fn receive(&mut self, coming: Coming, ahead: bool) -> Result<Fetched> {
        let Coming { request, head, task, .. } = coming;
        if ahead && let Ok(Some(link)) = head.await {
            let next = self.client.next(&request, &link, &mut self.visited)?;
            self.ahead = Some(self.send(link, next));
        }
        let page = task.join().await;
        page.map_err(|e| Error::new(ErrorKind::Internal, "a page fetch ended").with_source(e))?
    }

    fn send(&self, link: String, request: Request) -> Coming {
        let (announce, head) = oneshot::channel();
        let (client, decoder, wanted) =
            (self.client.clone(), Arc::clone(&self.decoder), request.clone());
        let task =
            SpawnedTask::spawn(
                async move { fetch(&client, &wanted, &decoder, Some(announce)).await },
            );
        Coming { link, request, head, task }
    }

    /// Decides what is read after this page.
    fn follow(&mut self, request: &Request, page: &Page) -> Result<()> {
        let Some(link) = &page.next else {
            self.ahead = None;
            return Ok(());
        };
        if let Some(ahead) = &self.ahead
            && ahead.link == *link
        {
            self.current = Some(ahead.request.clone());
            return Ok(());
        }
        self.ahead = None;
        self.current = Some(self.client.next(request, link, &mut self.visited)?);
        Ok(())
    }
}

/// Fetches a page and decodes it; a body that turns out to be cut is fetched again.
async fn fetch(
    client: &GraphClient,
    request: &Request,
    decoder: &Decoder,
    announce: Option<oneshot::Sender<Option<String>>>,
) -> Result<Fetched> {
    let announce = Mutex::new(announce);
    let decode = |body: &[u8], meta: &ReplyMeta| {
        let waiting = announce.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(waiting) = waiting {
            // A reader that is gone needs no link.
            let _ = waiting.send(peek_next_link(body).filter(|link| !link.is_empty()));
        }
        let page = decoder.page(body).map_err(|failure| match failure {
            Failure::Cut(what) => Broken::Cut(what),
            Failure::GraphError => Broken::ErrorObject,
            malformed_page @ Failure::Malformed(_) => {
                Broken::Fatal(malformed(request, malformed_page))
            }
        });
        page.map(|page| (page, meta.sequence, meta.took))
    };
    client.get_checked(request, decode).await
}
