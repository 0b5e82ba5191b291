//! The hand-made world: every edge case in a few dozen rows.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::error::{Error, ErrorKind, Result};
use crate::sim::listing::time_of;
use crate::sim::moment;
use crate::sim::world::COLLECTIONS;

const FILE: &str = include_str!("../../../fixtures/worlds/tiny.json");

/// The rows of the tiny world, moved to the present.
#[derive(Debug, Default)]
pub(crate) struct Tiny([Vec<String>; COLLECTIONS.len()]);

impl Tiny {
    /// Reads the file and shifts its dates from its anchor to `now`.
    pub(crate) fn load(now: DateTime<Utc>) -> Result<Self> {
        let broken = || Error::new(ErrorKind::Internal, "the tiny world cannot be read");
        let mut file: Value =
            serde_json::from_str(FILE).map_err(|error| broken().with_source(error))?;
        let anchor = file["anchor"].as_str().and_then(moment::parse).ok_or_else(broken)?;
        moment::shift(&mut file, now.timestamp() - anchor.0);
        Ok(Self(COLLECTIONS.map(|name| texts(&file, name))))
    }

    /// Returns the rows of a collection.
    pub(crate) fn rows(&self, name: &str) -> &[String] {
        let at = COLLECTIONS.iter().position(|known| *known == name);
        at.map_or(&[], |at| self.0[at].as_slice())
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
