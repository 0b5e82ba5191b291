//! One execution of a shared fetch: who has taken which batch, and what is kept for whom.
//!
//! The next batch is a future that every waiting scan polls, so it moves on whichever of them
//! is polled, and nothing is fetched that none of them wants.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use datafusion::arrow::record_batch::RecordBatch;
use datafusion::execution::TaskContext;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use futures::FutureExt;
use futures::future::{BoxFuture, Shared};

use crate::error::{Error, ErrorKind, Result};
use crate::provider::stream::Source;

/// The coming of the next batch.
pub(super) type Step = Shared<BoxFuture<'static, ()>>;

/// What the fetch is doing.
enum Fetch {
    Unsent,
    /// Between two batches.
    Resting(Box<Source>),
    Running(Step),
    Ended,
    Failed(Error),
    /// Given up: nobody was left to read, and who comes later reads for itself.
    Left,
}

/// How far a scan of the group is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Member {
    /// Not executed so far, or perhaps never.
    Absent,
    /// Executed, not polled.
    Seated,
    /// Takes the batch of this number next.
    Reading(usize),
    /// Has all it wanted, or reads for itself.
    Gone,
}

impl Member {
    fn is_waiting(self) -> bool {
        matches!(self, Self::Absent | Self::Seated)
    }
}

/// What a scan gets when it asks for its next batch.
pub(super) enum Turn {
    Batch(RecordBatch),
    Wait(Step),
    End,
}

/// How a scan takes part when it is first polled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// It has begun the fetch.
    Begins,
    /// It takes what is fetched anyway.
    Follows,
    /// It reads for itself.
    Apart,
}

pub(super) struct Run {
    context: Weak<TaskContext>,
    most: usize,
    /// Whether each scan reads to the end, if it reads at all.
    wholes: Vec<bool>,
    state: Mutex<State>,
}

struct State {
    fetch: Fetch,
    kept: VecDeque<(RecordBatch, usize)>,
    /// The number of the first batch kept.
    first: usize,
    bytes: usize,
    members: Vec<Member>,
    reserved: MemoryReservation,
}

impl Run {
    pub(super) fn new(context: &Arc<TaskContext>, wholes: Vec<bool>, most: usize) -> Self {
        let reserved = MemoryConsumer::new("shared scan").register(context.memory_pool());
        let state = State {
            fetch: Fetch::Unsent,
            kept: VecDeque::new(),
            first: 0,
            bytes: 0,
            members: vec![Member::Absent; wholes.len()],
            reserved,
        };
        Self { context: Arc::downgrade(context), most, wholes, state: Mutex::new(state) }
    }

    pub(super) fn is_in(&self, context: &Arc<TaskContext>) -> bool {
        std::ptr::eq(self.context.as_ptr(), Arc::as_ptr(context))
    }

    /// Tells whether nobody can join any more.
    pub(super) fn is_over(&self) -> bool {
        self.context.strong_count() == 0
    }

    /// Takes the place of a scan; false where somebody has it, or had it.
    pub(super) fn sit(&self, member: usize) -> bool {
        let mut state = self.lock();
        let is_free = state.members[member] == Member::Absent;
        if is_free {
            state.members[member] = Member::Seated;
        }
        is_free
    }

    /// Tells whether every row is at hand, or will be because of another scan.
    pub(super) fn will_be_whole(&self) -> bool {
        let state = self.lock();
        let reads = |member: &Member| matches!(member, Member::Reading(_));
        let mut readers = state.members.iter().zip(&self.wholes);
        matches!(state.fetch, Fetch::Ended | Fetch::Failed(_))
            || readers.any(|(member, whole)| *whole && reads(member))
    }

    /// Begins to read, and makes the source where that is the first to do so.
    pub(super) fn join(&self, member: usize, source: impl FnOnce() -> Source) -> Part {
        let mut state = self.lock();
        if state.members[member] != Member::Seated {
            return Part::Apart;
        }
        state.members[member] = Member::Reading(0);
        if matches!(state.fetch, Fetch::Unsent) {
            state.fetch = Fetch::Resting(Box::new(source()));
            return Part::Begins;
        }
        Part::Follows
    }

    /// Returns the next batch of a scan, or what has to be awaited first.
    pub(super) fn turn(self: &Arc<Self>, member: usize) -> Result<Turn> {
        let mut state = self.lock();
        if let Some(batch) = state.take(member)? {
            return Ok(Turn::Batch(batch));
        }
        match std::mem::replace(&mut state.fetch, Fetch::Left) {
            Fetch::Resting(source) => {
                let step = self.step(source);
                state.fetch = Fetch::Running(step.clone());
                Ok(Turn::Wait(step))
            }
            Fetch::Running(step) => {
                state.fetch = Fetch::Running(step.clone());
                Ok(Turn::Wait(step))
            }
            Fetch::Ended => {
                state.fetch = Fetch::Ended;
                Ok(Turn::End)
            }
            Fetch::Failed(error) => {
                let same = error.duplicate();
                state.fetch = Fetch::Failed(error);
                Err(same)
            }
            Fetch::Unsent | Fetch::Left => Err(lost()),
        }
    }

    /// The future that brings one batch. It must not keep alive what keeps it.
    fn step(self: &Arc<Self>, mut source: Box<Source>) -> Step {
        let run = Arc::downgrade(self);
        let step = async move {
            let found = source.next().await;
            if let Some(run) = run.upgrade() {
                run.arrived(source, found);
            }
        };
        step.boxed().shared()
    }

    fn arrived(&self, source: Box<Source>, found: Result<Option<RecordBatch>>) {
        let mut state = self.lock();
        state.fetch = match found {
            Ok(Some(batch)) => {
                state.keep(batch);
                Fetch::Resting(source)
            }
            Ok(None) => Fetch::Ended,
            Err(error) => Fetch::Failed(error),
        };
        state.trim();
        if let Err(error) = state.settle(self.most) {
            state.fetch = Fetch::Failed(error);
        }
    }

    /// Takes a scan off. What was kept for it alone goes, and so does a fetch nobody waits for.
    pub(super) fn leave(&self, member: usize) {
        let given_up = self.lock().leave(member);
        // Outside of the lock: ending a fetch may wake others.
        drop(given_up);
    }

    /// A panic elsewhere leaves plain data.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take(&mut self, member: usize) -> Result<Option<RecordBatch>> {
        let Member::Reading(next) = self.members[member] else { return Err(lost()) };
        let place = next.checked_sub(self.first).ok_or_else(lost)?;
        let Some((batch, _)) = self.kept.get(place) else { return Ok(None) };
        let batch = batch.clone();
        self.members[member] = Member::Reading(next + 1);
        self.trim();
        Ok(Some(batch))
    }

    fn keep(&mut self, batch: RecordBatch) {
        let bytes = batch.get_array_memory_size();
        self.bytes += bytes;
        self.kept.push_back((batch, bytes));
    }

    /// Drops the batches that every scan has taken.
    fn trim(&mut self) {
        let next = |member: &Member| match member {
            Member::Reading(next) => Some(*next),
            Member::Absent | Member::Seated => Some(0),
            Member::Gone => None,
        };
        let last = self.first + self.kept.len();
        let wanted = self.members.iter().filter_map(next).min().unwrap_or(last);
        while self.first < wanted
            && let Some((_, bytes)) = self.kept.pop_front()
        {
            self.first += 1;
            self.bytes -= bytes;
        }
        self.reserved.shrink(self.reserved.size().saturating_sub(self.bytes));
    }

    /// Sees to it that what is kept has room: scans that have not begun are the first to go,
    /// for they can still read for themselves.
    fn settle(&mut self, most: usize) -> Result<()> {
        let fits = self.bytes <= most && self.reserved.try_resize(self.bytes).is_ok();
        if !fits {
            self.dismiss();
        }
        match self.members.iter().filter(|member| **member != Member::Gone).count() {
            // Held for a moment, as a scan on its own would.
            0 | 1 => {
                self.reserved.free();
                Ok(())
            }
            _ => Ok(self.reserved.try_resize(self.bytes)?),
        }
    }

    /// Lets every scan that has not begun read for itself.
    fn dismiss(&mut self) {
        for member in self.members.iter_mut().filter(|member| member.is_waiting()) {
            *member = Member::Gone;
        }
        self.trim();
    }

    /// Returns the fetch where it was given up.
    fn leave(&mut self, member: usize) -> Option<Fetch> {
        self.members[member] = Member::Gone;
        self.trim();
        let is_read = self.members.iter().any(|m| matches!(m, Member::Reading(_)));
        if is_read || matches!(self.fetch, Fetch::Unsent) {
            return None;
        }
        let is_kept = match &self.fetch {
            Fetch::Ended | Fetch::Failed(_) => true,
            // The scan that is about to begin goes on here, and its drop ends it.
            Fetch::Resting(source) => self.members.contains(&Member::Seated) && source.may_rest(),
            _ => false,
        };
        if is_kept {
            return None;
        }
        self.dismiss();
        Some(std::mem::replace(&mut self.fetch, Fetch::Left))
    }
}

fn lost() -> Error {
    Error::new(ErrorKind::Internal, "a scan has lost its place in a shared fetch")
        .with_hint("`SET entra.share_bytes = 0` lets every scan read for itself")
}
