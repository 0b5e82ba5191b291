//! How many requests a scan takes, as far as that is known before it runs.

use crate::graph::batch_parts;
use crate::provider::exec::GraphScanExec;
use crate::provider::pushdown::MAX_BRANCHES;
use crate::spec::Served;

/// Why a number is missing that one request would tell.
const UNCOUNTED: &str = "not counted; PROBE asks Graph for the count";
/// Why a number is missing that only reading tells.
const UNCOUNTABLE: &str = "Graph has no count of it; a first complete scan tells";

/// The requests of a scan that is read to its end, without retries. Pages are taken to be
/// full: Graph may send shorter ones, and then there are more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanCost {
    /// It sends at least these.
    pub least: u64,
    /// It sends at most these; nothing when that is not known.
    pub most: Option<u64>,
    /// Where the numbers come from, or why there is none.
    pub basis: &'static str,
    /// The numbers are those of an earlier moment: rows come and go.
    pub dated: bool,
}

/// Why one request is enough.
const COUNTED: &str = "Graph counts";
/// Why a scan sends nothing though its rows are wanted.
const SHARED: &str = "rows another scan fetches, while `entra.share_bytes` holds them";
/// Why a scan sends nothing though requests are planned.
const CACHED: &str = "the cache";

impl ScanCost {
    fn exactly(requests: u64, basis: &'static str) -> Self {
        Self::between(requests, Some(requests), basis)
    }

    fn between(least: u64, most: Option<u64>, basis: &'static str) -> Self {
        Self { least, most, basis, dated: false }
    }

    /// Returns the cost of a listing that had so many pages when it was looked at.
    pub fn of_pages(pages: u64, basis: &'static str) -> Self {
        Self { dated: true, ..Self::exactly(pages, basis) }
    }
}

impl GraphScanExec {
    /// Returns what the plan alone tells about the number of requests.
    pub fn cost(&self) -> ScanCost {
        let cost = self.planned_cost();
        ScanCost { least: if self.follows(false) { 0 } else { cost.least }, ..cost }
    }

    fn planned_cost(&self) -> ScanCost {
        let requests = self.plan().queries.len() as u64;
        match self.row_limit() {
            _ if self.cached().is_some() => ScanCost::exactly(0, CACHED),
            _ if self.follows(true) => ScanCost::exactly(0, SHARED),
            _ if requests == 0 => ScanCost::exactly(0, "no row can match"),
            Some(0) => ScanCost::exactly(0, "no row is asked for"),
            _ if self.plan().is_count() => ScanCost::exactly(1, COUNTED),
            _ if self.plan().is_open() => ScanCost::between(1, None, UNCOUNTABLE),
            limit if self.plan().parents.is_some() => self.cost_by_parent(limit),
            _ if self.plan().spec.single => ScanCost::exactly(1, "one object"),
            limit if self.plan().keys > 0 => self.cost_by_key(requests, limit),
            Some(limit) => {
                let most = (limit as u64).div_ceil(self.page_rows());
                ScanCost::between(1, Some(most), "the limit and the page size")
            }
            None if self.is_joined() => ScanCost::between(0, None, "what a join above finds"),
            None if self.can_count() => ScanCost::between(1, None, UNCOUNTED),
            None => ScanCost::between(1, None, UNCOUNTABLE),
        }
    }

    /// Who has rows, and how many pages of them, shows when everybody is asked.
    fn cost_by_parent(&self, limit: Option<usize>) -> ScanCost {
        let plan = self.plan();
        let named = plan.keys.div_ceil(batch_parts(plan.spec.bucket)) as u64;
        match (named, limit) {
            (0, _) if self.is_joined() => ScanCost::between(0, None, "what a join above finds"),
            (0, _) => ScanCost::between(1, None, "a request for every few of the parents"),
            (named, None) if plan.single => ScanCost::exactly(named, "the keys"),
            (named, None) => ScanCost::between(named, None, "the keys; each can have more pages"),
            (_, Some(_)) => ScanCost::between(1, None, "the keys; each can have more pages"),
        }
    }

    fn cost_by_key(&self, requests: u64, limit: Option<usize>) -> ScanCost {
        let keys = MAX_BRANCHES.min(self.plan().keys) as u64;
        let pages = if self.plan().single { 1 } else { keys.div_ceil(self.page_rows()) };
        let parts = if requests > 1 { batch_parts(self.plan().spec.bucket) as u64 } else { 1 };
        let batches = requests.div_ceil(parts);
        let least = if limit.is_some() { 1 } else { batches };
        let most = if limit.is_some() { requests } else { batches };
        ScanCost::between(least, Some(most * pages), "the keys")
    }

    /// Returns the cost of a listing that a join above may spare a part of, or another scan all.
    /// A join that asks as it goes may have spent as much before it turns to the listing.
    pub fn narrowed_cost(&self, whole: ScanCost) -> ScanCost {
        let spared = self.is_joined() || self.follows(false);
        let least = if spared { 0 } else { whole.least };
        let most = whole.most.map(|most| if self.is_bound() { 2 * most } else { most });
        ScanCost { least, most, ..whole }
    }

    /// Returns the cost of a listing of so many rows.
    pub fn cost_of_rows(&self, rows: u64, basis: &'static str) -> ScanCost {
        ScanCost::of_pages(rows.div_ceil(self.page_rows()).max(1), basis)
    }

    /// Returns the columns Graph serves for one object at a time.
    pub fn one_at_a_time(&self) -> Vec<&'static str> {
        let columns = self.columns().iter().filter(|c| c.served == Served::OneAtATime);
        columns.map(|column| column.name).collect()
    }

    /// Returns the permission that is enough for the table, and those its columns add.
    pub fn permissions(&self) -> Vec<&'static str> {
        let own = self.plan().spec.permissions.first().copied();
        distinct(own.into_iter().chain(self.columns().iter().filter_map(|c| c.permission)))
    }

    /// Returns the licenses the table and the columns read ask for.
    pub fn licenses(&self) -> Vec<&'static str> {
        let own = Some(self.plan().spec.license.name()).filter(|name| !name.is_empty());
        distinct(own.into_iter().chain(self.columns().iter().filter_map(|c| c.license)))
    }

    fn page_rows(&self) -> u64 {
        let rows = self.plan().queries.first().and_then(|query| query.top);
        rows.map_or(1, |rows| rows.max(1) as u64)
    }
}

fn distinct(names: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    names.fold(Vec::new(), |mut all, name| {
        if !all.contains(&name) {
            all.push(name);
        }
        all
    })
}
