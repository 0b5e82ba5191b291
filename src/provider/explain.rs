//! What EXPLAIN shows of a scan: its requests, and the fate of every predicate.

use std::fmt;

use crate::odata::Query;
use crate::provider::parents::Parents;
use crate::provider::plan::{Decision, ScanPlan};

impl fmt::Display for ScanPlan {
    /// Prints what EXPLAIN shows, a line each: the requests, then the fate of every predicate.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (label, facts) in self.facts() {
            for fact in facts {
                write!(f, "{INDENT}{label}: {fact}")?;
            }
        }
        Ok(())
    }
}

/// Below the name of the node, deeper than any plan gets in practice.
pub(super) const INDENT: &str = "\n            ";

/// Slices of keys are alike; the first few show what they are.
const SHOWN: usize = 3;

impl ScanPlan {
    fn facts(&self) -> [(&'static str, Vec<String>); 6] {
        [
            ("request", self.requests()),
            ("pushed", self.pushed()),
            ("rechecked", self.rechecked()),
            ("not pushed", self.kept()),
            ("note", self.notes.clone()),
            ("cheaper", self.cheaper.iter().cloned().collect()),
        ]
    }

    fn requests(&self) -> Vec<String> {
        let mut lines = match &self.parents {
            Some(Parents::Listed(listing)) => listing.requests(),
            _ => Vec::new(),
        };
        lines.extend(self.own_requests());
        if let (Some(parents), Some(last)) = (&self.parents, lines.last_mut()) {
            last.push_str(&parents.note(self.spec));
        }
        lines
    }

    fn own_requests(&self) -> Vec<String> {
        let header = if self.advanced { "  [ConsistencyLevel: eventual]" } else { "" };
        let line = |q: &Query| format!("GET {}{header}", q.target());
        let mut lines: Vec<String> = self.queries.iter().take(SHOWN).map(line).collect();
        match self.queries.len() {
            0 => lines.push("none".to_owned()),
            n if n > SHOWN => lines.push(format!("and {} more like these", n - SHOWN)),
            _ => {}
        }
        lines
    }

    /// Says that a long log is read in several spans, where that is settled before it is read.
    pub(super) fn spans(&self) -> Option<String> {
        let log = self.log.filter(|log| !self.oldest_first && log.trusted)?;
        let asked = log.asked().filter(|_| log.listing(self).is_some())?;
        Some(format!("after two pages, {asked} at once; each costs about half a page more"))
    }

    /// Returns path and query of the first request; nothing where none is sent.
    pub fn first_target(&self) -> Option<String> {
        self.queries.first().map(Query::target)
    }

    /// The predicates that had a say; none where no request is sent.
    fn asked(&self) -> impl Iterator<Item = &Decision> {
        self.decisions.iter().filter(|_| !self.queries.is_empty())
    }

    /// Returns the filters sent.
    pub fn pushed(&self) -> Vec<String> {
        self.asked().filter_map(|d| d.outcome.clone().ok()).collect()
    }

    /// Returns the predicates sent that are evaluated again here.
    pub fn rechecked(&self) -> Vec<String> {
        let again = |d: &&Decision| !d.exact && d.outcome.is_ok();
        self.asked().filter(again).map(|d| d.sql.clone()).collect()
    }

    /// Returns the predicates evaluated here only, each with the reason.
    pub fn kept(&self) -> Vec<String> {
        let reason = |d: &Decision| d.outcome.clone().err().map(|why| format!("{} ({why})", d.sql));
        self.decisions.iter().filter_map(reason).collect()
    }
}
