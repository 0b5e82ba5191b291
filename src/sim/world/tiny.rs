//! The hand-made world: every edge case in a few dozen rows.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use crate::error::{Error, ErrorKind, Result as Outcome};
use crate::sim::listing::time_of;
use crate::sim::world::relations::Circle;
use crate::sim::world::{Node, World};
use crate::sim::{moment, rules};

const FILE: &str = include_str!("../../../fixtures/worlds/tiny.json");

/// What the file beside the rows tells.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// The moment that becomes the present.
    anchor: String,
    managers: BTreeMap<String, String>,
    circles: Vec<Written>,
}

/// Rows somebody brings along.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Own {
    /// By the name of the collection, in full.
    rows: BTreeMap<String, Vec<Value>>,
    #[serde(default)]
    managers: BTreeMap<String, String>,
    #[serde(default)]
    circles: Vec<Written>,
}

/// The rows of the tiny world, moved to the present.
#[derive(Debug, Default)]
pub(crate) struct Tiny {
    /// By the name of the collection.
    rows: BTreeMap<&'static str, Vec<String>>,
    /// Who reports to whom, by id.
    managers: BTreeMap<String, String>,
    circles: Vec<Written>,
}

/// The members and owners of a group, by id.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    group: String,
    members: Vec<String>,
    owners: Vec<String>,
}

impl Tiny {
    /// Reads the file and shifts its dates from its anchor to `now`.
    pub(crate) fn load(now: DateTime<Utc>) -> Outcome<Self> {
        let broken = || Error::new(ErrorKind::Internal, "the tiny world cannot be read");
        let wrong = |error| broken().with_source(error);
        let file: File = serde_json::from_str(FILE).map_err(wrong)?;
        let anchor = moment::parse(&file.anchor).ok_or_else(broken)?;
        let read = |(name, text)| Ok((name, rows(name, text, now.timestamp() - anchor.0)?));
        let rows = rules::tiny().map(read).collect::<Result<_, _>>().map_err(wrong)?;
        Ok(Self { rows, managers: file.managers, circles: file.circles })
    }

    /// Reads rows of one's own, which stay as they are.
    pub(crate) fn own(text: &str) -> Outcome<Self> {
        let wrong = |why: String| {
            Error::new(ErrorKind::Usage, format!("the rows of the world cannot be read: {why}"))
        };
        let mut own: Own = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
        let written = |name| {
            let rows = own.rows.remove(name)?;
            Some((name, rows.iter().map(Value::to_string).collect()))
        };
        let rows = rules::names().filter_map(written).collect();
        match own.rows.keys().next() {
            Some(name) => Err(wrong(format!("there is no collection `{name}`"))),
            None => Ok(Self { rows, managers: own.managers, circles: own.circles }),
        }
    }

    /// Returns the manager of each user.
    pub(crate) fn managers(&self, world: &World) -> Vec<Option<usize>> {
        let mut managers = vec![None; self.rows("users").len()];
        for (who, manager) in &self.managers {
            if let Some(at) = world.find("users", who) {
                managers[at] = world.find("users", manager);
            }
        }
        managers
    }

    /// Returns the members and owners of each group.
    pub(crate) fn circles(&self, world: &World) -> Vec<Circle> {
        let nodes = |ids: &[String]| ids.iter().filter_map(|id| Node::find(world, id)).collect();
        let mut circles = vec![Circle::default(); self.rows("groups").len()];
        for written in &self.circles {
            if let Some(at) = world.find("groups", &written.group) {
                let (members, owners) = (nodes(&written.members), nodes(&written.owners));
                circles[at] = Circle { members, owners };
            }
        }
        circles
    }

    /// Returns the rows of a collection.
    pub(crate) fn rows(&self, name: &str) -> &[String] {
        self.rows.get(name).map_or(&[], Vec::as_slice)
    }
}

/// Returns the rows in file order, logs newest first, with their dates moved.
fn rows(name: &str, text: &str, seconds: i64) -> Result<Vec<String>, serde_json::Error> {
    let mut rows: Vec<Value> = serde_json::from_str(text)?;
    for row in &mut rows {
        moment::shift(row, seconds);
    }
    let mut texts: Vec<String> = rows.iter().map(Value::to_string).collect();
    let column = match name {
        "signIns" => "createdDateTime",
        "directoryAudits" => "activityDateTime",
        _ => return Ok(texts),
    };
    texts.sort_by_key(|text| std::cmp::Reverse(time_of(text, column)));
    Ok(texts)
}
