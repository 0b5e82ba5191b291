//! What is known of a log while planning, and its listing within a span.

use chrono::DateTime;

use crate::odata::{Comparison, Filter, Literal, Query};
use crate::provider::plan::{
    Ask, MAX_TARGET, MAX_TARGET_ADVANCED, ScanPlan, conjuncts, retention_days,
};
use crate::spec::{Column, RANGE, property_name};

pub(super) const SECOND: i64 = 1_000_000;

/// The instants `[from, until)` in microseconds, at whole seconds; nothing leaves that end to
/// the bounds of the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Range {
    pub(super) from: Option<i64>,
    pub(super) until: Option<i64>,
}

impl Range {
    pub(super) fn has(self, time: i64) -> bool {
        self.from.is_none_or(|from| from <= time) && self.until.is_none_or(|until| time < until)
    }
}

/// A log whose listing can be bounded by time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Log {
    pub(super) key: &'static Column,
    pub(super) time: &'static Column,
    /// The rows are trusted to come in the order of their times.
    pub(in crate::provider) trusted: bool,
    /// Spans at once: 0 for as many as are worth it, 1 for never more than the one.
    pub(super) parallel: usize,
    /// Nothing older is kept, in microseconds.
    pub(super) oldest: i64,
}

impl Log {
    /// Returns the log a table is; nothing where Graph lists it in no order, or takes no bounds.
    pub(in crate::provider) fn of(ask: &Ask<'_>) -> Option<Self> {
        let time = ask.spec.column(ask.spec.newest_first?)?;
        let key = ask.spec.column(ask.spec.key)?;
        let bounded = time.ops.has(RANGE) && ask.options.pushdown;
        let kept = chrono::Duration::days(i64::from(retention_days(ask)?));
        bounded.then(|| Self {
            key,
            time,
            trusted: ask.options.trust_order,
            parallel: ask.options.parallel_slices,
            // An hour of slack: a bound must not grow too old before it is sent.
            oldest: (ask.now - kept + chrono::Duration::hours(1)).timestamp_micros(),
        })
    }

    /// Returns the one listing of a plan that can be read in spans.
    pub(in crate::provider) fn listing<'a>(&self, plan: &'a ScanPlan) -> Option<&'a Query> {
        let [listing] = &plan.queries[..] else { return None };
        let pinned = plan.single || plan.is_by_key() || plan.is_count() || plan.is_open();
        let path = property_name(self.time);
        let plain = |filter: &Filter| !filter.paths().contains(&path.as_str()) || is_bound(filter);
        let known = listing.filter.iter().flat_map(conjuncts).all(|filter| plain(&filter));
        (known && !pinned && plan.parents.is_none()).then_some(listing)
    }

    /// Returns about where a listing ends.
    pub(super) fn lower(&self, listing: &Query) -> i64 {
        let path = property_name(self.time);
        let bound = |filter: Filter| match filter {
            Filter::Compare(p, Comparison::Ge, Literal::Time(at)) if p == path => {
                Some(at.timestamp_micros())
            }
            _ => None,
        };
        let own = listing.filter.iter().flat_map(conjuncts).filter_map(bound).max();
        own.unwrap_or(self.oldest)
    }

    /// Returns the spans the reader has asked to have read at once; nothing where that is
    /// decided while reading.
    pub(in crate::provider) fn asked(&self) -> Option<usize> {
        (self.parallel > 1).then_some(self.parallel)
    }

    /// Returns the listing of the rows within a span, which Graph may answer with a few more;
    /// nothing where its target would be too long.
    pub(super) fn within(&self, listing: &Query, range: Range) -> Option<Query> {
        let path = property_name(self.time);
        let mut filters: Vec<_> = listing.filter.iter().flat_map(conjuncts).collect();
        for (op, at) in [(Comparison::Ge, range.from), (Comparison::Le, range.until)] {
            if let Some(at) = at {
                narrow(&mut filters, &path, op, at)?;
            }
        }
        let query = Query { filter: Filter::all(filters), ..listing.clone() };
        let room = if query.advanced { MAX_TARGET_ADVANCED } else { MAX_TARGET };
        (query.target().len() <= room).then_some(query)
    }
}

/// Bounds at whole seconds are all that is sent of a time.
fn is_bound(filter: &Filter) -> bool {
    matches!(filter, Filter::Compare(_, Comparison::Ge | Comparison::Le, Literal::Time(_)))
}

/// Puts a bound in the place of those it implies; one that is narrower stays alone.
fn narrow(filters: &mut Vec<Filter>, path: &str, op: Comparison, at: i64) -> Option<()> {
    let at = DateTime::from_timestamp_micros(at)?;
    let is_within = |bound: &Filter| match bound {
        Filter::Compare(p, o, Literal::Time(own)) if p == path && *o == op => {
            Some(if op == Comparison::Ge { *own > at } else { *own < at })
        }
        _ => None,
    };
    if filters.iter().any(|filter| is_within(filter) == Some(true)) {
        return Some(());
    }
    filters.retain(|filter| is_within(filter).is_none());
    filters.push(Filter::Compare(path.to_owned(), op, Literal::Time(at)));
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Literal {
        Literal::Time(DateTime::from_timestamp(second, 0).unwrap())
    }

    fn bound(op: Comparison, second: i64) -> Filter {
        Filter::Compare("t".into(), op, at(second))
    }

    #[track_caller]
    fn check(mut filters: Vec<Filter>, op: Comparison, second: i64, expected: &[Filter]) {
        narrow(&mut filters, "t", op, second * SECOND).unwrap();
        assert_eq!(filters, expected);
    }

    #[test]
    fn a_bound_takes_the_place_of_a_wider_one_only() {
        use Comparison::{Ge, Le};
        check(vec![], Le, 5, &[bound(Le, 5)]);
        check(vec![bound(Le, 9), bound(Ge, 1)], Le, 5, &[bound(Ge, 1), bound(Le, 5)]);
        check(vec![bound(Le, 3)], Le, 5, &[bound(Le, 3)]);
        check(vec![bound(Ge, 3)], Ge, 5, &[bound(Ge, 5)]);
        check(vec![bound(Ge, 7)], Ge, 5, &[bound(Ge, 7)]);
    }
}
