//! A build without the shell shows no progress.

use crate::engine::Progress;
use crate::repl::Ticker;

/// Nothing is ever shown.
pub(crate) struct ProgressLine;

impl ProgressLine {
    pub(crate) fn start(_: Option<Progress>, _: Option<Ticker>) -> Self {
        Self
    }

    #[expect(clippy::unused_self, reason = "the same call as with the feature")]
    pub(crate) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        write()
    }
}
