//! One fetch for the scans of a plan that read the same rows.
//!
//! Found by a rule that runs last, read by whichever scan needs the next batch. A scan that
//! can't take part any more reads for itself: sharing saves requests, it never decides rows.

mod cursor;
mod rule;
mod run;
mod union;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::execution::TaskContext;

use crate::provider::cache::Caching;
use crate::provider::plan::ScanPlan;
use crate::spec::Column;

pub(super) use self::cursor::Cursor;
pub use self::rule::ShareScans;
use self::run::Run;

/// What is fetched once for several scans.
pub(super) struct Group {
    columns: Vec<&'static Column>,
    schema: SchemaRef,
    ordered: bool,
    caching: Option<Caching>,
    /// The most bytes kept for scans that have not begun.
    most: usize,
    /// For each scan whether it reads to the end, if it reads at all.
    wholes: Vec<bool>,
    /// A plan may be executed more than once; each time has a fetch of its own.
    runs: Mutex<Vec<Arc<Run>>>,
}

impl fmt::Debug for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Group").field("scans", &self.wholes.len()).finish_non_exhaustive()
    }
}

impl Group {
    /// Returns what the execution in this context shares.
    fn run(&self, context: &Arc<TaskContext>) -> Arc<Run> {
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        runs.retain(|run| !run.is_over());
        let known = runs.iter().find(|run| run.is_in(context)).map(Arc::clone);
        known.unwrap_or_else(|| {
            let run = Arc::new(Run::new(context, self.wholes.clone(), self.most));
            runs.push(Arc::clone(&run));
            run
        })
    }
}

/// The part of one scan in a [`Group`].
#[derive(Debug, Clone)]
pub(super) struct Share {
    group: Arc<Group>,
    member: usize,
    plan: Arc<ScanPlan>,
    /// Whether EXPLAIN shows the first scan of the group above this one.
    follows: Option<Leader>,
}

/// What the first scan of a group is known to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leader {
    /// It reads every row there is.
    Lists,
    /// A join may tell it whose rows are enough.
    MayBeNarrowed,
}

impl Share {
    /// Returns the plan of the scan, with the requests that serve all of them.
    pub(super) fn plan(&self) -> &ScanPlan {
        &self.plan
    }

    /// Tells whether another scan may fetch the rows; it does if it is `certain` to list.
    pub(super) fn follows(&self, certain: bool) -> bool {
        self.follows.is_some_and(|leader| !certain || leader == Leader::Lists)
    }

    /// Says where the rows come from, for EXPLAIN; nothing for the first scan of the group.
    pub(super) fn note(&self) -> Option<String> {
        let table = self.plan.spec.name;
        Some(match self.follows? {
            Leader::Lists => {
                format!("with the scan of `{table}` above, no request of its own")
            }
            Leader::MayBeNarrowed => {
                format!("with the scan of `{table}` above, where that one lists")
            }
        })
    }

    /// Takes the place of the scan in one execution; nothing where it is taken: some joins
    /// read an input again when memory is short.
    pub(super) fn seat(&self, context: &Arc<TaskContext>) -> Option<Arc<Seat>> {
        let run = self.group.run(context);
        let is_free = run.sit(self.member);
        is_free.then(|| Arc::new(Seat { share: self.clone(), run }))
    }
}

/// The place of a scan that runs. Dropping it, as a reader who leaves does, frees what was
/// kept for it.
pub(super) struct Seat {
    share: Share,
    run: Arc<Run>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.run.leave(self.share.member);
    }
}
