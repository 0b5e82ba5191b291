//! The rows a query must give, read from the world's JSON without the engine.

use chrono::{DateTime, TimeDelta};
use entraql::sim::World;
use serde_json::Value;

use crate::faults::rig::{PAGE, now};

/// A query every script is tried on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probe {
    /// Three pages of a log.
    Log,
    /// Two pages of a directory listing that needs the advanced header.
    Advanced,
    /// Two pages of a log, because the first has fewer rows than asked for.
    Limit,
    /// Four pages of a directory listing of which only the number is wanted.
    Count,
}

pub const PROBES: [Probe; 4] = [Probe::Log, Probe::Advanced, Probe::Limit, Probe::Count];

const LIMIT: usize = 10;

impl Probe {
    pub fn sql(self) -> &'static str {
        match self {
            Self::Log => "SELECT id FROM sign_ins",
            Self::Advanced => "SELECT id FROM users WHERE department IS NOT NULL",
            Self::Limit => "SELECT id FROM audits LIMIT 10",
            Self::Count => "SELECT count(*) FROM users WHERE length(id) > 0",
        }
    }

    /// The ids the pages hold, in the order Graph sends them.
    fn ids(self, world: &World) -> Vec<String> {
        match self {
            Self::Log => sign_ins(world),
            Self::Advanced => {
                ids(world.rows("users").iter().filter(|u| !u["department"].is_null()))
            }
            Self::Limit => kept(world, "directoryAudits", "activityDateTime"),
            Self::Count => ids(world.rows("users").iter()),
        }
    }

    /// The pages it takes to read them.
    pub fn pages(self, world: &World) -> usize {
        let rows = self.ids(world).len();
        let wanted = if self == Self::Limit { rows.min(LIMIT) } else { rows };
        wanted.div_ceil(PAGE)
    }

    /// The result, with the last row of the first page twice if Graph sends it twice.
    pub fn rows(self, world: &World, doubled: bool) -> Vec<Vec<String>> {
        let mut rows = self.ids(world);
        if doubled {
            rows.insert(PAGE, rows[PAGE - 1].clone());
        }
        match self {
            Self::Count => vec![vec![rows.len().to_string()]],
            Self::Limit => rows.into_iter().take(LIMIT).map(|id| vec![id]).collect(),
            Self::Log | Self::Advanced => rows.into_iter().map(|id| vec![id]).collect(),
        }
    }

    /// Whether it counts among the reports, whose patience is longer.
    pub fn is_report(self) -> bool {
        matches!(self, Self::Log | Self::Limit)
    }
}

/// The interactive sign-ins that are still kept, newest first.
pub fn sign_ins(world: &World) -> Vec<String> {
    let interactive = |row: &&Value| {
        row["signInEventTypes"].as_array().is_some_and(|k| k.iter().any(|k| k == "interactiveUser"))
    };
    let rows = world.rows("signIns");
    ids(rows.iter().filter(interactive).filter(|row| is_kept(row, "createdDateTime")))
}

fn kept(world: &World, log: &str, time: &str) -> Vec<String> {
    ids(world.rows(log).iter().filter(|row| is_kept(row, time)))
}

/// Logs reach back 30 days, counted from midnight.
fn is_kept(row: &Value, time: &str) -> bool {
    let oldest = (now() - TimeDelta::days(30)).date_naive().and_hms_opt(0, 0, 0).unwrap().and_utc();
    DateTime::parse_from_rfc3339(row[time].as_str().unwrap()).unwrap() >= oldest
}

pub fn ids<'a>(rows: impl Iterator<Item = &'a Value>) -> Vec<String> {
    rows.map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}
