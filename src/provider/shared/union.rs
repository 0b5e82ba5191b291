//! What one fetch for several scans asks for, and which scans it would cost nothing to serve.

use std::sync::Arc;

use datafusion::arrow::datatypes::{FieldRef, Schema};
use datafusion::physical_plan::ExecutionPlan;

use crate::odata::Query;
use crate::provider::cache::ScanKey;
use crate::provider::exec::GraphScanExec;
use crate::provider::plan::{MAX_TARGET, MAX_TARGET_ADVANCED, ScanPlan};
use crate::spec::{Column, Kind};

/// Scans that read the same rows, and the columns they want of them together.
pub(super) struct Union {
    key: ScanKey,
    first: GraphScanExec,
    /// Places of the scans in the plan, in the order EXPLAIN prints them.
    pub(super) places: Vec<usize>,
    pub(super) columns: Vec<&'static Column>,
    fields: Vec<FieldRef>,
    select: Vec<String>,
    pub(super) ordered: bool,
}

impl Union {
    /// Begins with one scan; nothing where it reads no more than it needs itself.
    pub(super) fn of(place: usize, scan: &GraphScanExec) -> Option<Self> {
        let plan = scan.plan();
        // A bind join asks for a few rows at a time, and mostly never for all.
        let is_open = plan.is_open() || plan.is_count() || scan.is_bound();
        if scan.row_limit().is_some() || scan.cached().is_some() || is_open {
            return None;
        }
        Some(Self {
            key: ScanKey::of(scan.client()?.clone(), plan, scan.columns())?,
            first: scan.clone(),
            places: vec![place],
            columns: scan.columns().to_vec(),
            fields: scan.schema().fields().to_vec(),
            select: select(scan),
            ordered: scan.is_ordered(),
        })
    }

    /// Returns the first scan.
    pub(super) fn first(&self) -> &GraphScanExec {
        &self.first
    }

    /// Takes in another scan, unless its rows are others or reading them together could cost
    /// a request, a permission or an error that reading them apart does not.
    pub(super) fn take(&mut self, other: &Self) -> bool {
        let select = self.select_with(other);
        if !self.reads_like(other) || !self.costs_nothing(other) || !self.fits(&select) {
            return false;
        }
        self.select = select;
        for (column, field) in other.columns.iter().zip(&other.fields) {
            if !has(&self.columns, column) {
                self.columns.push(column);
                self.fields.push(Arc::clone(field));
            }
        }
        self.ordered |= other.ordered;
        self.places.extend(&other.places);
        true
    }

    /// The rows, their order and the pages they come in are the same.
    fn reads_like(&self, other: &Self) -> bool {
        let tops = |union: &Self| -> Vec<Option<usize>> {
            union.first.plan().queries.iter().map(|query| query.top).collect()
        };
        self.key.is_like(&other.key)
            && self.key.reaches_as_far_as(&other.key)
            && self.first.plan().oldest_first == other.first.plan().oldest_first
            && tops(self) == tops(other)
    }

    fn costs_nothing(&self, other: &Self) -> bool {
        let lacks = |a: &[&'static Column], b: &[&'static Column]| -> Vec<&'static Column> {
            b.iter().copied().filter(|column| !has(a, column)).collect()
        };
        let mut apart = lacks(&self.columns, &other.columns);
        apart.extend(lacks(&other.columns, &self.columns));
        let all = || self.columns.iter().chain(&other.columns);
        // `raw` holds what was selected, so it is the same only when the rest is.
        let has_raw = all().any(|column| matches!(column.kind, Kind::Raw));
        let same_select = self.select == other.select;
        // A value that does not fit ends a strict query: in a column another scan wants, too.
        let is_strict = self.first.is_strict() || other.first.is_strict();
        (same_select || !has_raw)
            && (apart.is_empty() || !is_strict)
            && apart.iter().all(|column| column.is_free())
    }

    fn select_with(&self, other: &Self) -> Vec<String> {
        let mut select = self.select.clone();
        select.extend(other.select.iter().filter(|name| !self.select.contains(name)).cloned());
        select
    }

    fn fits(&self, select: &[String]) -> bool {
        let plan = self.first.plan();
        let most = if plan.advanced { MAX_TARGET_ADVANCED } else { MAX_TARGET };
        self.queries(plan, select).iter().all(|query| query.target().len() <= most)
    }

    fn queries(&self, plan: &ScanPlan, select: &[String]) -> Vec<Query> {
        let asked = if select.is_empty() { self.first_select() } else { select };
        let query = |query: &Query| Query { select: asked.to_vec(), ..query.clone() };
        plan.queries.iter().map(query).collect()
    }

    fn first_select(&self) -> &[String] {
        self.first.plan().queries.first().map_or(&[], |query| query.select.as_slice())
    }

    /// Returns the plan of one of the scans, with the requests that serve all.
    pub(super) fn plan(&self, scan: &GraphScanExec) -> ScanPlan {
        let plan = scan.plan();
        ScanPlan { queries: self.queries(plan, &self.select), ..plan.clone() }
    }

    pub(super) fn schema(&self) -> Schema {
        Schema::new(self.fields.clone())
    }
}

/// Returns what a scan has to select; one without columns selects its key for want of another.
fn select(scan: &GraphScanExec) -> Vec<String> {
    match scan.plan().queries.first() {
        Some(query) if !scan.columns().is_empty() => query.select.clone(),
        _ => Vec::new(),
    }
}

fn has(columns: &[&'static Column], column: &Column) -> bool {
    columns.iter().any(|own| own.name == column.name)
}
