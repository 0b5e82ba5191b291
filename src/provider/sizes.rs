//! How long listings were when somebody read them, for those who weigh reading them again.

use std::fmt;

/// Looks up the pages of a listing by its path and query.
type Known = dyn Fn(&str) -> Option<u64> + Send + Sync;

/// What is known about the sizes of listings: an extension of a session's `SessionConfig`.
///
/// Without one, a declared guess stands for them. It only ever decides which of two ways to
/// the same rows is taken.
pub struct Sizes(Box<Known>);

impl Sizes {
    /// Takes the function that knows the pages a request led to when it was last read to its
    /// end.
    pub fn new(known: impl Fn(&str) -> Option<u64> + Send + Sync + 'static) -> Self {
        Self(Box::new(known))
    }

    /// Returns the pages of a listing.
    pub(super) fn pages(&self, target: &str) -> Option<u64> {
        (self.0)(target)
    }
}

impl fmt::Debug for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sizes").finish_non_exhaustive()
    }
}
