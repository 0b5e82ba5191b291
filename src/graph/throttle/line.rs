//! Who is next: queries take turns, and the requests of one query go in order of arrival.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::Notify;

/// The waiting requests of one bucket, by query.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// The query in front is next; after its turn it goes to the back.
    queries: VecDeque<Query>,
    arrivals: u64,
}

#[derive(Debug)]
struct Query {
    id: usize,
    waiters: VecDeque<Waiter>,
}

/// One request in line.
#[derive(Debug, Clone)]
pub(super) struct Waiter {
    id: u64,
    /// Rings when it is worth looking again.
    pub(super) bell: Arc<Notify>,
}

impl Line {
    /// Takes the last place of the query.
    pub(super) fn join(&mut self, query: usize) -> Waiter {
        self.arrivals += 1;
        let waiter = Waiter { id: self.arrivals, bell: Arc::default() };
        match self.queries.iter_mut().find(|q| q.id == query) {
            Some(found) => found.waiters.push_back(waiter.clone()),
            None => {
                let waiters = VecDeque::from([waiter.clone()]);
                self.queries.push_back(Query { id: query, waiters });
            }
        }
        waiter
    }

    pub(super) fn is_next(&self, waiter: &Waiter) -> bool {
        self.head().is_some_and(|head| head.id == waiter.id)
    }

    /// The head has had its turn: its query goes to the back of the line.
    pub(super) fn advance(&mut self) {
        if let Some(mut query) = self.queries.pop_front() {
            query.waiters.pop_front();
            if !query.waiters.is_empty() {
                self.queries.push_back(query);
            }
        }
        self.ring();
    }

    /// Gives a place up, wherever it is.
    pub(super) fn leave(&mut self, waiter: &Waiter) {
        let was_next = self.is_next(waiter);
        for query in &mut self.queries {
            query.waiters.retain(|w| w.id != waiter.id);
        }
        self.queries.retain(|query| !query.waiters.is_empty());
        if was_next {
            self.ring();
        }
    }

    /// Wakes the head. A bell that rings before anybody listens is heard later.
    pub(super) fn ring(&self) {
        if let Some(head) = self.head() {
            head.bell.notify_one();
        }
    }

    /// Wakes everybody: each has a patience of its own.
    pub(super) fn ring_all(&self) {
        for waiter in self.queries.iter().flat_map(|query| &query.waiters) {
            waiter.bell.notify_one();
        }
    }

    fn head(&self) -> Option<&Waiter> {
        self.queries.front()?.waiters.front()
    }
}
