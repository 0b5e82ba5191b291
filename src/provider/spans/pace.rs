//! How much time a page of a log covers, and what follows from it: where spans end, and how
//! many of them are worth reading at once.

use std::time::Duration;

use crate::graph::least_time;
use crate::provider::spans::log::SECOND;
use crate::spec::Bucket;

/// Pages of a span: it costs about half a page more than it would have taken without.
const PAGES: u64 = 12;
/// Pages ahead from which spans are worth that.
const WORTH: i64 = 24;
/// Spans at once, unless the reader asks for more.
const WIDEST: usize = 4;

/// What is known of the rows of a log by time.
#[derive(Debug, Clone)]
pub(super) struct Pace {
    /// Microseconds a page covers.
    page: i64,
    pages: u64,
    /// About where the log ends.
    lower: i64,
}

impl Pace {
    /// Returns the pace of a log of which `pages` cover `[edge, newest]`, and that ends at
    /// `lower`; nothing where it says nothing, or where reading on is as good.
    pub(super) fn of(
        newest: i64,
        edge: i64,
        pages: u64,
        lower: i64,
        width: usize,
        forced: bool,
    ) -> Option<Self> {
        let page = ((newest - edge) / i64::try_from(pages).ok()?.max(1)).max(1);
        let left = (edge - lower) / page;
        if edge <= lower || width < 2 || (left < WORTH && !forced) {
            return None;
        }
        let share = u64::try_from(left).ok()?.div_ceil(width as u64);
        let pace = Self { page, pages: share.clamp(1, PAGES), lower };
        pace.border(edge).map(|_| pace)
    }

    /// Returns the pages a span is meant to have.
    pub(super) fn pages(&self) -> u64 {
        self.pages
    }

    /// Notes how much time a page covered.
    pub(super) fn page(&mut self, micros: i64) {
        self.page = ((self.page / 4).saturating_mul(3)).saturating_add(micros / 4).max(1);
    }

    /// Notes a span without a row: a log may end long before it has to.
    pub(super) fn nothing(&mut self) {
        self.page = self.page.saturating_mul(4);
    }

    /// Returns where the span ends that begins at `until`; nothing for the last one.
    pub(super) fn border(&self, until: i64) -> Option<i64> {
        let size = self.page.saturating_mul(i64::try_from(self.pages).unwrap_or(1));
        let border = until.saturating_sub(size.max(SECOND)).div_euclid(SECOND) * SECOND;
        // A short rest is no span of its own.
        (border - size / 2 > self.lower).then_some(border)
    }

    /// Returns the whole second in the middle of what is unread; nothing where there is none.
    pub(super) fn middle(&self, from: Option<i64>, edge: i64) -> Option<i64> {
        let from = from.unwrap_or(self.lower).min(edge);
        let border = (from + (edge - from) / 2).div_euclid(SECOND) * SECOND;
        (border > from && border < edge).then_some(border)
    }

    /// Tells whether so many microseconds are some pages.
    pub(super) fn is_worth_it(&self, micros: i64) -> bool {
        micros / self.page >= 2
    }
}

/// Returns how many spans at once the limits of Graph leave room for: with replies that come
/// faster than requests may follow each other, one reader is as fast as many.
pub(super) fn width(latency: Duration, bucket: Bucket, units: u32) -> usize {
    const MANY: u32 = 10_001;
    let spacing = least_time(bucket, u64::from(MANY), units) / (MANY - 1);
    let at_once = latency.as_micros().div_ceil(spacing.as_micros().max(1));
    usize::try_from(at_once).unwrap_or(WIDEST).clamp(1, WIDEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600 * SECOND;

    #[test]
    fn replies_faster_than_the_limit_are_read_one_after_the_other() {
        let reports = |millis| width(Duration::from_millis(millis), Bucket::Reports, 1);
        assert_eq!([0, 100, 2_000, 2_100, 5_000, 60_000].map(reports), [1, 1, 1, 2, 3, 4]);
        let directory = |millis| width(Duration::from_millis(millis), Bucket::Directory, 1);
        assert_eq!(directory(300), 4);
    }

    #[test]
    fn a_log_of_few_pages_is_not_cut_unless_told_to() {
        let cut = |lower, forced| Pace::of(100 * HOUR, 98 * HOUR, 2, lower, 3, forced).is_some();
        assert!(cut(0, false) && cut(74 * HOUR, false));
        assert!(!cut(75 * HOUR, false) && cut(75 * HOUR, true));
        assert!(!cut(98 * HOUR, true), "nothing is left");
    }

    #[test]
    fn spans_have_whole_seconds_and_the_last_takes_the_rest() {
        let pace = Pace::of(100 * HOUR + 7, 98 * HOUR, 2, 0, 2, false).unwrap();
        let mut borders = vec![98 * HOUR];
        while let Some(border) = pace.border(borders[borders.len() - 1]) {
            assert_eq!(border % SECOND, 0);
            borders.push(border);
        }
        assert_eq!(borders.len(), 8, "{borders:?}");
        assert!(borders.windows(2).all(|pair| pair[0] - pair[1] > 11 * HOUR));
    }

    #[test]
    fn a_span_without_rows_makes_the_next_one_longer() {
        let mut pace = Pace::of(100 * HOUR, 98 * HOUR, 2, 0, 4, false).unwrap();
        let before = pace.border(98 * HOUR).unwrap();
        pace.nothing();
        assert!(pace.border(98 * HOUR).is_none_or(|border| border < before - 20 * HOUR));
    }

    #[test]
    fn a_second_has_no_middle() {
        let pace = Pace::of(100 * HOUR, 98 * HOUR, 2, 0, 4, false).unwrap();
        assert_eq!(pace.middle(Some(5 * SECOND), 6 * SECOND), None);
        assert_eq!(pace.middle(Some(5 * SECOND), 8 * SECOND), Some(6 * SECOND));
        assert_eq!(pace.middle(None, 4 * SECOND), Some(2 * SECOND));
    }
}
