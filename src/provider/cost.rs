//! How many requests a scan takes, as far as that is known before it runs.

use crate::provider::exec::GraphScanExec;
use crate::provider::pushdown::MAX_BRANCHES;
use crate::spec::Served;

/// The requests of a scan that is read to its end, without retries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanCost {
    /// It sends at least these.
    pub least: u64,
    /// It sends at most these; nothing when that is not known.
    pub most: Option<u64>,
    /// Where the numbers come from.
    pub basis: &'static str,
}

impl ScanCost {
    fn exactly(requests: u64, basis: &'static str) -> Self {
        Self { least: requests, most: Some(requests), basis }
    }
}

impl GraphScanExec {
    /// Returns what the plan alone tells about the number of requests.
    pub fn cost(&self) -> ScanCost {
        let requests = self.plan().queries.len() as u64;
        match self.row_limit() {
            _ if requests == 0 => ScanCost::exactly(0, "no row can match"),
            Some(0) => ScanCost::exactly(0, "no row is asked for"),
            limit if self.plan().keys > 0 => self.cost_by_key(requests, limit),
            Some(limit) => {
                let most = (limit as u64).div_ceil(self.page_rows());
                ScanCost { least: 1, most: Some(most), basis: "the limit and the page size" }
            }
            None => ScanCost { least: 1, most: None, basis: "unknown" },
        }
    }

    fn cost_by_key(&self, requests: u64, limit: Option<usize>) -> ScanCost {
        let keys = MAX_BRANCHES.min(self.plan().keys) as u64;
        let pages = if self.plan().single { 1 } else { keys.div_ceil(self.page_rows()) };
        let least = if limit.is_some() { 1 } else { requests };
        ScanCost { least, most: Some(requests * pages), basis: "the keys" }
    }

    /// Returns the cost of a listing of so many rows.
    pub fn cost_of_rows(&self, rows: u64, basis: &'static str) -> ScanCost {
        ScanCost::exactly(rows.div_ceil(self.page_rows()).max(1), basis)
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
        let own = [self.plan().spec.license.name()];
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
