//! Serves a page of a collection: range, order, filter, projection, next link.

use std::borrow::Cow;
use std::ops::Range;

use crate::sim::eval::selects;
use crate::sim::members::{member, member_value, retain};
use crate::sim::moment::{self, Moment};
use crate::sim::objects::Objects;
use crate::sim::page::{Page, quote};
use crate::sim::query::Query;
use crate::sim::rules::{Resource, Workload};
use crate::sim::skip::Skip;
use crate::sim::syntax::{Expr, Literal, Op, parse};
use crate::sim::view::View;
use crate::sim::world::Collection;

/// Above this page size an advanced query silently loses sign-in activity.
const ACTIVITY_LOST_ABOVE: usize = 120;

/// A query on a collection, ready to be served.
pub(crate) struct Listing<'a> {
    pub(crate) resource: &'a Resource,
    pub(crate) rows: &'a dyn Collection,
    pub(crate) query: &'a Query,
    pub(crate) view: &'a View,
    /// The directory, for rows that show related objects.
    pub(crate) objects: Option<&'a Objects<'a>>,
    /// Whether the rows have their final form already.
    pub(crate) projected: bool,
    /// Older rows are not served any more.
    pub(crate) floor: Option<Moment>,
    pub(crate) max_page: Option<usize>,
    /// Scheme, host and version in front of the path.
    pub(crate) base: &'a str,
}

impl Listing<'_> {
    /// Builds the page the query asks for.
    pub(crate) fn page(&self) -> Page {
        let filter = self.filter();
        let order = self.order(filter.as_ref());
        let skip = self.query.skip;
        let size = self.size();
        let start = skip.map_or(0, |skip| skip.position);
        let mut rows = Vec::with_capacity(size.min(1_000));
        let mut next = None;
        for position in start..order.len() {
            let index = order.index(position);
            let row = self.view.row(self.rows.text(index));
            if !self.wanted(filter.as_ref(), &row) {
                continue;
            }
            if rows.len() == size {
                next = Some(self.next_link(position));
                break;
            }
            rows.push(self.expand(self.project(row), index));
        }
        Page {
            context: self.context(),
            count: (self.query.count && skip.is_none())
                .then(|| self.count_in(&order, filter.as_ref())),
            next: next.map(|link| quote(&link)),
            rows,
            ..Page::default()
        }
    }

    /// Returns the number of rows the query selects.
    pub(crate) fn count(&self) -> usize {
        let filter = self.filter();
        self.count_in(&self.order(filter.as_ref()), filter.as_ref())
    }

    fn count_in(&self, order: &Sequence, filter: Option<&Expr>) -> usize {
        let rows = (0..order.len()).map(|at| self.view.row(self.rows.text(order.index(at))));
        rows.filter(|row| self.wanted(filter, row)).count()
    }

    fn wanted(&self, filter: Option<&Expr>, row: &str) -> bool {
        let found = self.query.search.as_ref().is_none_or(|(name, words)| found(row, name, words));
        found && filter.is_none_or(|filter| selects(filter, row))
    }

    /// Adds the clause the sign-in log implies when no event type is named.
    fn filter(&self) -> Option<Expr> {
        let given = self.query.filter.clone();
        if self.resource.name != "signIns" || given.as_ref().is_some_and(names_event_types) {
            return given;
        }
        let implied = parse("signInEventTypes/any(t: t eq 'interactiveUser')").ok();
        match (implied, given) {
            (Some(implied), Some(given)) => Some(Expr::And(vec![implied, given])),
            (implied, given) => implied.or(given),
        }
    }

    fn size(&self) -> usize {
        let top = self.query.top.unwrap_or(self.resource.page.default);
        self.max_page.map_or(top, |max| top.min(max.max(1)))
    }

    /// Returns the link to the page that starts at a position.
    fn next_link(&self, position: usize) -> String {
        let skip = Skip {
            position,
            page: self.query.skip.map_or(1, |skip| skip.page) + 1,
            advanced: self.query.advanced,
            nonce: 0,
        };
        self.link(skip)
    }

    /// Returns the link to this page, different from the one that led here.
    pub(crate) fn again(&self) -> String {
        let here = Skip { position: 0, page: 1, advanced: self.query.advanced, nonce: 0 };
        let here = self.query.skip.unwrap_or(here);
        self.link(Skip { nonce: here.nonce + 1, ..here })
    }

    fn link(&self, skip: Skip) -> String {
        let token = skip.seal(&self.query.sealed);
        let path = match self.resource.workload {
            // Observed: the reporting service writes its last segment in lower case.
            Workload::Reports => self.resource.path.replace("signIns", "signins"),
            _ => self.resource.path.clone(),
        };
        format!("{}{path}?{}$skiptoken={token}", self.base, self.query.link)
    }

    fn context(&self) -> String {
        let path = self.resource.path.trim_start_matches('/');
        format!("{}/$metadata#{path}{}", self.base, self.query.chosen())
    }

    fn expand(&self, row: String, index: usize) -> String {
        match (self.objects, &self.query.expand) {
            (Some(objects), Some(expand)) => {
                objects.expand(&row, (&self.resource.name, index), expand)
            }
            _ => row,
        }
    }

    fn project(&self, row: Cow<'_, str>) -> String {
        if self.projected {
            return row.into_owned();
        }
        let projected = self.view.project(&row, self.query.select.as_deref());
        let lost = self.query.activity && self.query.advanced && self.size() > ACTIVITY_LOST_ABOVE;
        match projected {
            Some(text) if lost => retain(&text, |name| name != "signInActivity"),
            Some(text) => text,
            None => row.into_owned(),
        }
    }

    fn order(&self, filter: Option<&Expr>) -> Sequence {
        let Some(time) = &self.resource.time else { return self.sorted() };
        let range = self.range(time, filter);
        match &self.query.order {
            Some((_, false)) => Sequence::Backward(range),
            _ => Sequence::Forward(range),
        }
    }

    /// Finds the rows between the time bounds; logs are stored newest first.
    fn range(&self, time: &str, filter: Option<&Expr>) -> Range<usize> {
        let (lower, upper) = bounds(filter, time);
        let lower = lower.max(self.floor);
        let at = |index: usize| self.rows.time(index, time);
        let start = upper.map_or(0, |upper| first(self.rows.len(), |i| at(i) <= upper));
        let end = lower.map_or(self.rows.len(), |lower| first(self.rows.len(), |i| at(i) < lower));
        start..end.max(start)
    }

    fn sorted(&self) -> Sequence {
        let Some((property, descending)) = &self.query.order else {
            return Sequence::Forward(0..self.rows.len());
        };
        let key = |index: usize| {
            let text = self.rows.text(index);
            let value = member_value(&text, property).unwrap_or_default();
            value.as_str().map(str::to_lowercase)
        };
        let mut keyed: Vec<_> = (0..self.rows.len()).map(|index| (key(index), index)).collect();
        keyed.sort();
        if *descending {
            keyed.reverse();
        }
        Sequence::Listed(keyed.into_iter().map(|(_, index)| index).collect())
    }
}

/// The rows in the order of a query.
enum Sequence {
    Forward(Range<usize>),
    Backward(Range<usize>),
    Listed(Vec<usize>),
}

impl Sequence {
    fn len(&self) -> usize {
        match self {
            Self::Forward(range) | Self::Backward(range) => range.len(),
            Self::Listed(indices) => indices.len(),
        }
    }

    fn index(&self, position: usize) -> usize {
        match self {
            Self::Forward(range) => range.start + position,
            Self::Backward(range) => range.end - 1 - position,
            Self::Listed(indices) => indices[position],
        }
    }
}

/// Returns the first index for which `wanted` holds; it holds for all later ones too.
fn first(len: usize, wanted: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = low + (high - low) / 2;
        if wanted(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// Returns the time bounds that hold for the whole filter.
fn bounds(filter: Option<&Expr>, time: &str) -> (Option<Moment>, Option<Moment>) {
    let (mut lower, mut upper) = (None::<Moment>, None::<Moment>);
    let parts = match filter {
        Some(Expr::And(parts)) => parts.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    for part in parts {
        match part {
            Expr::And(_) => {
                let (inner_lower, inner_upper) = bounds(Some(part), time);
                lower = lower.max(inner_lower);
                upper = [upper, inner_upper].into_iter().flatten().min();
            }
            Expr::Compare(path, op, Literal::Time(at)) if path == time => {
                if matches!(op, Op::Eq | Op::Ge | Op::Gt) {
                    lower = lower.max(Some(*at));
                }
                if matches!(op, Op::Eq | Op::Le | Op::Lt) {
                    upper = Some(upper.map_or(*at, |upper| upper.min(*at)));
                }
            }
            _ => {}
        }
    }
    (lower, upper)
}

fn names_event_types(expr: &Expr) -> bool {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().any(names_event_types),
        Expr::Not(inner) => names_event_types(inner),
        Expr::Any(path, _) => path == "signInEventTypes",
        Expr::Compare(..) | Expr::In(..) | Expr::Match(..) => false,
    }
}

/// `$search` matches the beginning of a word.
fn found(row: &str, name: &str, words: &str) -> bool {
    let text = member_value(row, name).unwrap_or_default();
    let text = text.as_str().unwrap_or_default().to_lowercase();
    text.split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(words))
        || text.starts_with(words)
}

/// Returns the time of a row.
pub(crate) fn time_of(row: &str, column: &str) -> Moment {
    let text = member(row, column).unwrap_or_default();
    moment::parse(text.trim_matches('"')).unwrap_or((i64::MIN, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_come_from_conjunctions_only() {
        let at = |text| moment::parse(text);
        let both = parse("(t ge 2026-01-01 and t le 2026-01-03) and t le 2026-01-02").unwrap();
        assert_eq!(bounds(Some(&both), "t"), (at("2026-01-01"), at("2026-01-02")));
        let either = parse("t ge 2026-01-01 or t le 2026-01-03").unwrap();
        assert_eq!(bounds(Some(&either), "t"), (None, None));
    }

    #[test]
    fn the_first_match_is_found_in_sorted_rows() {
        let times = [9, 7, 7, 5, 1];
        assert_eq!(first(times.len(), |i| times[i] <= 7), 1);
        assert_eq!(first(times.len(), |i| times[i] < 7), 3);
        assert_eq!(first(times.len(), |i| times[i] < 0), 5);
    }

    #[test]
    fn search_looks_at_the_beginning_of_words() {
        let row = r#"{"displayName":"Ann O'Brien-Lee"}"#;
        assert!(found(row, "displayName", "lee"));
        assert!(found(row, "displayName", "ann o"));
        assert!(!found(row, "displayName", "rien"));
    }
}
