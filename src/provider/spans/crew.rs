//! Several spans of a log at once, handed out newest first.
//!
//! The span handed out may always go on; those behind it read ahead until so many bytes
//! wait. Nothing runs on its own: whoever stops asking for pages stops all of them, and
//! dropping the crew drops what is under way.

use std::collections::VecDeque;

use futures::FutureExt;
use futures::future::BoxFuture;
use futures::stream::{FuturesUnordered, StreamExt};

use crate::decode::Page;
use crate::error::{Error, ErrorKind, Result};
use crate::provider::spans::Walk;
use crate::provider::spans::log::Range;
use crate::provider::spans::pace::{self, Pace};
use crate::provider::spans::room::Room;
use crate::provider::spans::trail::is_timeout;

/// Halvings in a row that bring no page, before the time-out is believed.
const HALVINGS: u32 = 12;

/// One span, as far as it is read.
struct Span {
    number: u64,
    range: Range,
    /// Where its reading stands; nothing while a page of it is awaited.
    walk: Option<Walk>,
    ready: VecDeque<(Page, u64)>,
    /// The time of its last row, or its end while it has none.
    edge: i64,
    pages: u64,
    done: bool,
}

/// A walk that comes back with a page, its end or an error.
type Step = (u64, Walk, Result<Option<(Page, u64)>>);

/// Reads spans side by side.
pub(in crate::provider) struct Crew {
    spans: VecDeque<Span>,
    running: FuturesUnordered<BoxFuture<'static, Step>>,
    /// Reads spans like the first, which it is not one of.
    seed: Walk,
    /// Where the part begins that no span has yet.
    rest: Option<i64>,
    pace: Pace,
    width: usize,
    room: Room,
    begun: u64,
    restarts: u64,
    fruitless: u32,
    failed: Option<Error>,
}

/// Goes on with a walk as the first of several spans, where the rest of its log is long and
/// Graph so slow that this is faster, or where the reader asked for it.
///
/// `whole` tells whether all rows are wanted for sure.
pub(in crate::provider) fn cut(walk: &mut Option<Walk>, whole: bool) -> Option<Crew> {
    let first = walk.as_ref()?;
    let trail = first.trail()?;
    let (spec, log) = (trail.plan().spec, trail.log());
    if log.parallel == 1 || trail.plan().oldest_first || !trail.is_in_order() {
        return None;
    }
    let latency = first.latency()?;
    let width = log.asked().unwrap_or_else(|| match whole {
        true => pace::width(latency, spec.bucket, spec.units),
        false => 1,
    });
    let (newest, edge) = trail.newest().zip(trail.edge())?;
    let pace = Pace::of(newest, edge, trail.pages(), trail.lower(), width, log.asked().is_some())?;
    let widest = Range { from: Some(edge), until: Some(edge) };
    first.sibling(widest).ok()?;
    let seed = first.sibling(Range::default()).ok()?;
    Some(Crew::of(walk.take()?, seed, width, pace, edge))
}

impl Crew {
    /// Goes on with a walk as the first of several spans.
    fn of(mut first: Walk, seed: Walk, width: usize, pace: Pace, edge: i64) -> Self {
        let mut crew = Self {
            spans: VecDeque::new(),
            running: FuturesUnordered::new(),
            seed,
            rest: Some(edge),
            pace,
            width,
            room: Room::default(),
            begun: 0,
            restarts: 0,
            fruitless: 0,
            failed: None,
        };
        let range = crew.take_rest().unwrap_or_default();
        first.end_at(range.from);
        crew.add(crew.spans.len(), Range { until: None, ..range }, edge, first);
        crew
    }

    /// Returns how many spans were begun.
    pub(in crate::provider) fn begun(&self) -> u64 {
        self.begun
    }

    /// Returns how often a span began anew since the last call.
    pub(in crate::provider) fn restarts(&mut self) -> u64 {
        std::mem::take(&mut self.restarts)
    }

    /// Returns the next page, newest span first, and the number of its request in the log.
    pub(in crate::provider) async fn next(&mut self) -> Result<Option<(Page, u64)>> {
        loop {
            while let Some(Some(step)) = self.running.next().now_or_never() {
                self.accept(step)?;
            }
            let ready = self.ready();
            if self.failed.is_none() {
                self.begin()?;
                self.wake();
            }
            if ready.is_some() {
                return Ok(ready);
            }
            if let Some(error) = self.failed.take() {
                return Err(error);
            }
            if self.spans.is_empty() {
                return Ok(None);
            }
            // Invariant: the first span is not done, so it was woken or is under way.
            let step = self.running.next().await;
            self.accept(step.ok_or_else(stuck)?)?;
        }
    }

    /// Takes the next page of the first span that has not been handed out.
    fn ready(&mut self) -> Option<(Page, u64)> {
        while let Some(first) = self.spans.front_mut() {
            if let Some(page) = first.ready.pop_front() {
                self.room.give_back(&page.0);
                return Some(page);
            }
            if !first.done {
                break;
            }
            self.spans.pop_front();
        }
        None
    }

    /// Begins spans while there are hands and room for them.
    fn begin(&mut self) -> Result<()> {
        while self.failed.is_none()
            && self.active() < self.width
            && self.room.lets(self.spans.len())
        {
            let Some(range) = self.take_rest() else { break };
            let walk = self.seed.sibling(range)?;
            let end = range.until.unwrap_or_default();
            self.add(self.spans.len(), range, end, walk);
        }
        Ok(())
    }

    fn active(&self) -> usize {
        self.spans.iter().filter(|span| !span.done).count()
    }

    /// Takes a span off the part that no span has.
    fn take_rest(&mut self) -> Option<Range> {
        let until = self.rest?;
        let from = self.pace.border(until);
        self.rest = from;
        Some(Range { from, until: Some(until) })
    }

    fn add(&mut self, place: usize, range: Range, edge: i64, walk: Walk) {
        let (number, ready) = (self.begun, VecDeque::new());
        self.begun += 1;
        let span = Span { number, range, walk: Some(walk), ready, edge, pages: 0, done: false };
        self.spans.insert(place, span);
    }

    /// Lets the first spans go on, as many as there are hands; a halved one has made more.
    fn wake(&mut self) {
        let open = self.spans.iter_mut().enumerate().filter(|(_, span)| !span.done);
        for (place, span) in open.take(self.width) {
            let Some(mut walk) = span.walk.take_if(|_| self.room.lets(place)) else { continue };
            let number = span.number;
            self.running.push(Box::pin(async move {
                let found = walk.next(true).await;
                (number, walk, found)
            }));
        }
    }

    fn accept(&mut self, (number, mut walk, found): Step) -> Result<()> {
        self.restarts += walk.restarts();
        // A span that was given up may still come back.
        let place = self.spans.iter().position(|span| span.number == number);
        let Some(place) = place else { return Ok(()) };
        let span = &mut self.spans[place];
        match found {
            Ok(Some(page)) => {
                self.fruitless = 0;
                self.room.take(&page.0);
                span.ready.push_back(page);
                let edge = walk.edge().unwrap_or(span.edge).min(span.edge);
                // The last page of a listing is as short as it happens to be.
                if span.ready.back().is_some_and(|(page, _)| page.next.is_some()) {
                    self.pace.page(span.edge - edge);
                }
                (span.edge, span.pages) = (edge, span.pages + 1);
                span.walk = Some(walk);
                self.relieve(place)
            }
            Ok(None) => {
                if walk.edge().is_none() {
                    self.pace.nothing();
                }
                span.done = true;
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::Rejected && span.range.from.is_some() => {
                match span.pages {
                    0 => self.read_to_the_end(place),
                    _ => self.fail(error),
                }
            }
            Err(error) if is_timeout(&error) && self.fruitless < HALVINGS => {
                self.fruitless += 1;
                match self.halve(place, walk)? {
                    true => Ok(()),
                    false => self.fail(error),
                }
            }
            Err(error) => self.fail(error),
        }
    }

    /// What is at hand is handed out first; nothing more is asked for.
    fn fail(&mut self, error: Error) -> Result<()> {
        self.running.clear();
        self.rest = None;
        self.failed = Some(error);
        Ok(())
    }

    /// Graph refuses a bound that lies before what it keeps, which is less in some tenants: the
    /// span takes over all that is older, and leaves its end to the bounds of the query.
    fn read_to_the_end(&mut self, place: usize) -> Result<()> {
        for span in self.spans.drain(place + 1..) {
            span.ready.iter().for_each(|(page, _)| self.room.give_back(page));
        }
        self.rest = None;
        let span = &mut self.spans[place];
        span.range.from = None;
        span.walk = Some(self.seed.sibling(span.range)?);
        Ok(())
    }

    /// A span that took Graph too long: its newer half again, and its older half after that.
    fn halve(&mut self, place: usize, mut walk: Walk) -> Result<bool> {
        let span = &mut self.spans[place];
        let Some(border) = self.pace.middle(span.range.from, span.edge) else { return Ok(false) };
        let older = Range { from: span.range.from, until: Some(border) };
        span.range.from = Some(border);
        walk.end_at(Some(border));
        walk.anew()?;
        span.walk = Some(walk);
        let sibling = self.seed.sibling(older)?;
        self.add(place + 1, older, border, sibling);
        Ok(true)
    }

    /// A span much longer than it was thought to be gives its older half away, when nobody
    /// has anything else to read.
    fn relieve(&mut self, place: usize) -> Result<()> {
        let idle = self.rest.is_none() && self.active() < self.width;
        let span = &mut self.spans[place];
        let is_long = span.pages > 2 * self.pace.pages();
        let in_order = span.walk.as_ref().is_some_and(Walk::is_in_order);
        let border = self.pace.middle(span.range.from, span.edge);
        let Some(border) = border.filter(|border| {
            idle && is_long && in_order && self.pace.is_worth_it(span.edge - border)
        }) else {
            return Ok(());
        };
        let older = Range { from: span.range.from, until: Some(border) };
        span.range.from = Some(border);
        if let Some(walk) = &mut span.walk {
            walk.end_at(Some(border));
        }
        let sibling = self.seed.sibling(older)?;
        self.add(place + 1, older, border, sibling);
        Ok(())
    }
}

fn stuck() -> Error {
    Error::new(ErrorKind::Internal, "a span of a log has nobody who reads it")
}
