//! The hand-made world: every edge case in a few dozen rows.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use crate::error::{Error, ErrorKind, Result};
use crate::sim::listing::time_of;
use crate::sim::moment;
use crate::sim::world::relations::Circle;
use crate::sim::world::{Node, World};

const FILE: &str = include_str!("../../../fixtures/worlds/tiny.json");

/// The rows of the tiny world, moved to the present.
#[derive(Debug, Default)]
pub(crate) struct Tiny {
    /// By the name of the collection.
    rows: BTreeMap<String, Vec<String>>,
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
    pub(crate) fn load(now: DateTime<Utc>) -> Result<Self> {
        let broken = || Error::new(ErrorKind::Internal, "the tiny world cannot be read");
        let mut file: Value =
            serde_json::from_str(FILE).map_err(|error| broken().with_source(error))?;
        let anchor = file["anchor"].as_str().and_then(moment::parse).ok_or_else(broken)?;
        moment::shift(&mut file, now.timestamp() - anchor.0);
        let names = file.as_object().into_iter().flat_map(|file| file.keys());
        let rows = names.map(|name| (name.clone(), texts(&file, name))).collect();
        let read = |error| broken().with_source(error);
        let managers = serde_json::from_value(file["managers"].take()).map_err(read)?;
        let circles = serde_json::from_value(file["circles"].take()).map_err(read)?;
        Ok(Self { rows, managers, circles })
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

/// Returns the rows in file order, logs newest first.
fn texts(file: &Value, name: &str) -> Vec<String> {
    let rows = file[name].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut texts: Vec<String> = rows.iter().map(Value::to_string).collect();
    let column = match name {
        "signIns" => "createdDateTime",
        "directoryAudits" => "activityDateTime",
        _ => return texts,
    };
    texts.sort_by_key(|text| std::cmp::Reverse(time_of(text, column)));
    texts
}
