//! The rows that are served, generated when they are first asked for.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "the numbers of a made-up company are small"
)]

mod audits;
mod belongings;
mod bulk;
mod circles;
mod detections;
mod devices;
mod groups;
mod people;
mod registration;
mod relations;
mod render;
mod risky;
mod setting;
mod sign_ins;
mod staff;
mod story;
mod tiny;
mod usage;
mod users;
mod written;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::error::Result;
use crate::sim::children::PARENT;
use crate::sim::graph::id_of;
use crate::sim::listing::time_of;
use crate::sim::members::member_value;
use crate::sim::moment::Moment;
use crate::sim::options::WorldName;
use crate::sim::rules;
use crate::sim::world::bulk::{BulkSignIns, BulkUsers};
use crate::sim::world::relations::Relations;
use crate::sim::world::setting::Setting;
use crate::sim::world::sign_ins::SignIns;
use crate::sim::world::tiny::Tiny;

/// Rows in a fixed order; logs are newest first.
pub(crate) trait Collection: Send + Sync {
    /// Returns the number of rows.
    fn len(&self) -> usize;

    /// Returns a row as compact JSON, in its full beta form.
    fn text(&self, index: usize) -> Cow<'_, str>;

    /// Returns the time of a row in a column.
    fn time(&self, index: usize, column: &str) -> Moment {
        time_of(&self.text(index), column)
    }
}

/// Rows that are kept as text.
#[derive(Debug, Default)]
pub(crate) struct Stored(pub(crate) Vec<String>);

impl Collection for Stored {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn text(&self, index: usize) -> Cow<'_, str> {
        Cow::Borrowed(&self.0[index])
    }
}

pub(crate) use relations::Node;

type Lazy<T> = OnceLock<T>;

/// A tenant and its logs.
pub struct World {
    name: WorldName,
    now: DateTime<Utc>,
    setting: Setting,
    tiny: Tiny,
    sign_ins: Lazy<SignIns>,
    kept: HashMap<&'static str, Kept>,
    relations: Relations,
}

/// A collection, as far as it has been asked for.
#[derive(Default)]
struct Kept {
    rows: Lazy<Box<dyn Collection>>,
    /// Rows as values, for those who ask for the ground truth.
    parsed: Lazy<Arc<Vec<Value>>>,
    /// Positions by id and user principal name.
    found: Lazy<HashMap<String, usize>>,
}

impl World {
    /// Prepares a world; rows are generated later.
    pub(crate) fn new(name: WorldName, now: DateTime<Utc>, own: Option<&str>) -> Result<Self> {
        let tiny = match own {
            Some(text) => Tiny::own(text)?,
            None if name == WorldName::Tiny => Tiny::load(now)?,
            None => Tiny::default(),
        };
        Ok(Self {
            name,
            now,
            setting: Setting::load()?,
            tiny,
            sign_ins: Lazy::new(),
            kept: rules::names().map(|name| (name, Kept::default())).collect(),
            relations: Relations::default(),
        })
    }

    /// Returns the rows of a collection as full objects, for independent checks.
    ///
    /// The names are those in `fixtures/rules` (`signIns` has all event types); any other
    /// name gives no rows. The first call parses all rows, which takes seconds for the sign-ins of the demo world in a debug build.
    pub fn rows(&self, collection: &str) -> Arc<Vec<Value>> {
        let Some(kept) = self.kept.get(collection) else { return Arc::default() };
        let parse = || {
            let rows = self.collection(collection);
            let value = |index| serde_json::from_str(&rows.text(index)).unwrap_or_default();
            Arc::new((0..rows.len()).map(value).collect())
        };
        Arc::clone(kept.parsed.get_or_init(parse))
    }

    /// Returns the rows served below a path such as `/groups/{group_id}/members`, in full.
    ///
    /// Where the path names a parent, every row says in `@parent` whose it is.
    pub fn rows_of(&self, path: &str) -> Vec<Value> {
        let segments = path.split('/').map(|s| if s.starts_with('{') { "{id}" } else { s });
        let path = segments.collect::<Vec<_>>().join("/");
        if let Some(name) = rules::name_at(&path) {
            return self.rows(name).to_vec();
        }
        let Some((parent, relation)) = path.split_once("/{id}/") else { return Vec::new() };
        let Some(name) = rules::name_at(parent) else { return Vec::new() };
        let parents = self.rows(name);
        let ids = parents.iter().filter_map(|row| row["id"].as_str());
        ids.flat_map(|id| {
            let mut rows = self.related(name, id, relation);
            for row in &mut rows {
                row[PARENT] = Value::from(id);
            }
            rows
        })
        .collect()
    }

    /// Returns the moment at which the logs end.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Returns the number of users without generating them.
    pub(crate) fn users(&self) -> usize {
        match self.name {
            WorldName::Demo => self.setting.headcount(),
            WorldName::Tiny => self.tiny.rows("users").len(),
            WorldName::Bulk { users, .. } => users,
        }
    }

    /// Returns a collection, generating it if needed.
    pub(crate) fn collection(&self, name: &str) -> &dyn Collection {
        static NONE: Stored = Stored(Vec::new());
        match self.kept.get(name) {
            Some(kept) => kept.rows.get_or_init(|| self.make(name)).as_ref(),
            None => &NONE,
        }
    }

    fn make(&self, name: &str) -> Box<dyn Collection> {
        match self.name {
            WorldName::Tiny => Box::new(Stored(self.tiny.rows(name).to_vec())),
            WorldName::Bulk { sign_ins, users } => match name {
                "signIns" => Box::new(BulkSignIns::new(&self.setting, self.now, sign_ins, users)),
                "users" => Box::new(BulkUsers::new(&self.setting, self.now, users)),
                _ => self.demo(name),
            },
            WorldName::Demo => self.demo(name),
        }
    }

    fn demo(&self, name: &str) -> Box<dyn Collection> {
        let (setting, now) = (&self.setting, self.now);
        match name {
            "signIns" => Box::new(self.demo_sign_ins().clone()),
            "users" => Box::new(Stored(users::all(setting, now, &self.demo_sign_ins().activity()))),
            "groups" => Box::new(Stored(groups::all(setting, now))),
            "directoryAudits" => Box::new(Stored(audits::all(setting, now))),
            "riskDetections" => {
                let risky = risky::all(setting, now);
                Box::new(Stored(detections::all(self.demo_sign_ins(), &risky)))
            }
            "devices" => Box::new(Stored(devices::all(setting, now))),
            "registeredOwners" | "registeredUsers" => Box::new(Stored(devices::owners(setting))),
            "userRegistrationDetails" => Box::new(Stored(registration::all(setting, now))),
            "licenseDetails" => {
                let users = self.collection("users");
                let users: Vec<_> =
                    (0..users.len()).map(|at| users.text(at).into_owned()).collect();
                Box::new(Stored(belongings::licenses(setting, now, &users)))
            }
            "authenticationMethods" => Box::new(Stored(belongings::methods(setting, now))),
            "mailboxSettings" => Box::new(Stored(belongings::mailboxes(setting))),
            "usersRegisteredByFeature" => Box::new(Stored(registration::features(setting, now))),
            "usersRegisteredByMethod" => Box::new(Stored(registration::methods(setting, now))),
            "getAzureADApplicationSignInSummary" => {
                Box::new(Stored(usage::summaries(setting, self.demo_sign_ins().list())))
            }
            "servicePrincipalSignInActivities" => {
                Box::new(Stored(usage::activities(setting, self.demo_sign_ins().list(), now)))
            }
            "riskyUsers" => Box::new(Stored(risky::all(setting, now))),
            _ => Box::new(Stored(written::all(name, setting, now))),
        }
    }

    fn demo_sign_ins(&self) -> &SignIns {
        self.sign_ins.get_or_init(|| SignIns::new(self.setting.clone(), self.now))
    }

    /// Finds a row by id, or a user by user principal name.
    pub(crate) fn find(&self, name: &str, id: &str) -> Option<usize> {
        let id = id.to_ascii_lowercase();
        let rows = self.collection(name);
        match self.kept.get(name).filter(|_| matches!(name, "users" | "groups" | "devices")) {
            Some(kept) => kept.found.get_or_init(|| index(rows)).get(&id).copied(),
            None => (0..rows.len()).find(|at| id_of(&rows.text(*at)).as_ref() == Some(&id)),
        }
    }
}

fn index(rows: &dyn Collection) -> HashMap<String, usize> {
    let mut found = HashMap::new();
    for at in 0..rows.len() {
        let row = rows.text(at);
        found.extend(id_of(&row).map(|id| (id, at)));
        let name = member_value(&row, "userPrincipalName");
        found.extend(name.and_then(|name| Some((name.as_str()?.to_lowercase(), at))));
    }
    found
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut world = f.debug_struct("World");
        world.field("name", &self.name).field("now", &self.now).finish_non_exhaustive()
    }
}

/// Writes one value over another, member by member; arrays are replaced whole.
pub(crate) fn merge(into: &mut Value, change: &Value) {
    match (into, change) {
        (Value::Object(into), Value::Object(change)) => {
            for (name, value) in change {
                merge(into.entry(name.clone()).or_insert(Value::Null), value);
            }
        }
        (into, change) => *into = change.clone(),
    }
}
