//! What decides the rows of a scan.

use crate::graph::GraphClient;
use crate::odata::Query;
use crate::provider::plan::ScanPlan;
use crate::spec::{Column, Kind};

/// Two scans with the same client, targets and header have the same rows; their columns
/// say how much of each row is at hand.
#[derive(Debug, Clone)]
pub(super) struct ScanKey {
    pub(super) client: GraphClient,
    pub(super) table: &'static str,
    /// Path, version, key and filter of each request. `$top` only cuts the pages.
    targets: Vec<String>,
    advanced: bool,
    /// `$select`, which is also part of what `raw` holds.
    select: Vec<String>,
    pub(super) columns: Vec<&'static Column>,
}

impl ScanKey {
    /// Returns the key; nothing for a scan that sends no request anyway.
    pub(super) fn of(
        client: GraphClient,
        plan: &ScanPlan,
        columns: &[&'static Column],
    ) -> Option<Self> {
        let bare = |query: &Query| Query { select: Vec::new(), top: None, ..query.clone() };
        Some(Self {
            client,
            table: plan.spec.name,
            select: plan.queries.first()?.select.clone(),
            targets: plan.queries.iter().map(|query| bare(query).target()).collect(),
            advanced: plan.advanced,
            columns: columns.to_vec(),
        })
    }

    /// Tells whether both scans read the same rows, whatever of each row.
    pub(super) fn has_rows_of(&self, other: &Self) -> bool {
        self.client.is(&other.client)
            && self.table == other.table
            && self.targets == other.targets
            && self.advanced == other.advanced
    }

    /// Tells whether every value of `wanted` is among those of this scan.
    pub(super) fn covers(&self, wanted: &Self) -> bool {
        // `raw` holds what was selected, so it is the same only when the rest is.
        let has_raw = wanted.columns.iter().any(|c| matches!(c.kind, Kind::Raw));
        self.has_rows_of(wanted)
            && (!has_raw || self.select == wanted.select)
            && wanted.columns.iter().all(|column| self.place(column).is_some())
    }

    /// Returns where a column is in the batches of this scan.
    pub(super) fn place(&self, column: &Column) -> Option<usize> {
        self.columns.iter().position(|c| c.name == column.name)
    }

    /// Returns path and query of the first request, without what a column or a page adds.
    pub(super) fn first_target(&self) -> &str {
        self.targets.first().map_or("", String::as_str)
    }

    /// Returns about how many bytes the key itself takes.
    pub(super) fn bytes(&self) -> usize {
        let texts = self.targets.iter().chain(&self.select).map(|text| text.len() + 24);
        size_of::<Self>() + self.columns.len() * size_of::<&Column>() + texts.sum::<usize>()
    }
}
