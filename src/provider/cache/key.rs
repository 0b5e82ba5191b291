//! What decides the rows of a scan.

use chrono::{DateTime, Utc};

use crate::graph::GraphClient;
use crate::odata::{Comparison, Filter, Literal, Query};
use crate::provider::parents::Parents;
use crate::provider::plan::{ScanPlan, conjuncts};
use crate::spec::{Column, Kind, property_name};

/// Two scans with the same client, targets and header have the same rows; their columns
/// say how much of each row is at hand, and a log may reach further back than was asked.
#[derive(Debug, Clone)]
pub(in crate::provider) struct ScanKey {
    pub(super) client: GraphClient,
    pub(super) table: &'static str,
    /// Path and query of the first request.
    pub(super) request: String,
    /// Path, version, key and filter of each request. `$top` only cuts the pages.
    targets: Vec<String>,
    /// The bound of a log that is not in `targets`; nothing is as far back as it reaches.
    since: Option<DateTime<Utc>>,
    advanced: bool,
    /// `$select`, which is also part of what `raw` holds.
    select: Vec<String>,
    pub(super) columns: Vec<&'static Column>,
}

impl ScanKey {
    /// Returns the key; nothing for a scan that sends no request anyway.
    pub(in crate::provider) fn of(
        client: GraphClient,
        plan: &ScanPlan,
        columns: &[&'static Column],
    ) -> Option<Self> {
        let first = plan.queries.first()?;
        let (bounds, since) = lower_bounds(plan);
        let bare = |query: &Query| {
            let filter = query.filter.iter().flat_map(conjuncts).filter(|f| !bounds.contains(f));
            let filter = Filter::all(filter.collect());
            Query { select: Vec::new(), top: None, filter, ..query.clone() }
        };
        Some(Self {
            client,
            table: plan.spec.name,
            request: first.target(),
            targets: plan
                .queries
                .iter()
                .map(|query| bare(query).target())
                .chain(of_parents(plan))
                .collect(),
            since,
            advanced: plan.advanced,
            select: first.select.clone(),
            columns: columns.to_vec(),
        })
    }

    /// Tells whether both scans read the same rows, but for what of each row, and how far
    /// back.
    pub(in crate::provider) fn is_like(&self, other: &Self) -> bool {
        self.client.is(&other.client)
            && self.table == other.table
            && self.targets == other.targets
            && self.advanced == other.advanced
    }

    /// Tells whether both scans of a log reach back to the same moment.
    pub(in crate::provider) fn reaches_as_far_as(&self, other: &Self) -> bool {
        self.since == other.since
    }

    /// Tells whether every row and value of `wanted` is among those of this scan.
    pub(super) fn covers(&self, wanted: &Self) -> bool {
        // `raw` holds what was selected, so it is the same only when the rest is.
        let has_raw = wanted.columns.iter().any(|c| matches!(c.kind, Kind::Raw));
        self.is_like(wanted)
            && self.since.is_none_or(|since| wanted.since.is_some_and(|wanted| since <= wanted))
            && (!has_raw || self.select == wanted.select)
            && wanted.columns.iter().all(|column| self.place(column).is_some())
    }

    /// Returns where a column is in the batches of this scan.
    pub(super) fn place(&self, column: &Column) -> Option<usize> {
        self.columns.iter().position(|c| c.name == column.name)
    }

    /// Returns about how many bytes the key itself takes.
    pub(super) fn bytes(&self) -> usize {
        let texts = self.targets.iter().chain(&self.select).chain([&self.request]);
        let texts = texts.map(|text| size_of::<String>() + text.len()).sum::<usize>();
        size_of::<Self>() + self.columns.len() * size_of::<&Column>() + texts
    }
}

/// Whose rows are read decides which rows there are.
fn of_parents(plan: &ScanPlan) -> Vec<String> {
    match &plan.parents {
        None => Vec::new(),
        Some(Parents::Named(named)) => named.iter().map(|ids| ids.join("/")).collect(),
        Some(Parents::Listed(listing)) => {
            let own = listing.queries.iter().map(Query::target);
            own.chain(of_parents(listing)).collect()
        }
    }
}

/// Returns the conjuncts that say how far back a log is read, and the moment they come to.
///
/// A bound relative to now is another text each second, and the rows since an earlier
/// moment hold those since a later one. That is safe only because such a bound is always
/// checked again here, row by row; one that is not stays part of the targets.
fn lower_bounds(plan: &ScanPlan) -> (Vec<Filter>, Option<DateTime<Utc>>) {
    let column = plan.spec.newest_first.and_then(|name| plan.spec.column(name));
    let (Some(column), [listing]) = (column, &plan.queries[..]) else { return (vec![], None) };
    let path = property_name(column);
    let names = |sent: &String| sent.contains(&path);
    let mut about = plan.decisions.iter().filter(|d| d.outcome.as_ref().is_ok_and(names));
    if plan.single || about.any(|decision| decision.exact) {
        return (vec![], None);
    }
    let moment = |filter: &Filter| match filter {
        Filter::Compare(p, Comparison::Ge, Literal::Time(at)) if *p == path => Some(*at),
        _ => None,
    };
    let bounds = listing.filter.iter().flat_map(conjuncts).filter(|f| moment(f).is_some());
    let bounds: Vec<Filter> = bounds.collect();
    let since = bounds.iter().filter_map(moment).max();
    (bounds, since)
}
