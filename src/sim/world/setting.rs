//! The company of the demo world, read from `fixtures/worlds/demo.json`.

use serde::Deserialize;
use serde_json::Value;

use crate::error::{Error, ErrorKind, Result};

const FILE: &str = include_str!("../../../fixtures/worlds/demo.json");

/// People, places, applications and the story told with them.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Setting {
    pub(crate) domain: String,
    pub(crate) members: usize,
    pub(crate) guests: usize,
    pub(crate) given: Vec<String>,
    pub(crate) surnames: Vec<String>,
    /// Department and its job titles.
    pub(crate) departments: Vec<(String, Vec<String>)>,
    pub(crate) partners: Vec<String>,
    /// The first places are the offices.
    pub(crate) places: Vec<Place>,
    pub(crate) offices: usize,
    pub(crate) apps: Vec<App>,
    pub(crate) services: Vec<App>,
    pub(crate) devices: Vec<Device>,
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) policies: Vec<(String, String)>,
    /// Groups beside those every department has.
    pub(crate) groups: Vec<String>,
    /// Who is in those groups; a group that is not named here is empty.
    pub(crate) circles: Vec<Membership>,
    /// Named people; the first users of the tenant.
    pub(crate) cast: Vec<Cast>,
    pub(crate) story: Vec<Event>,
}

/// A place people sign in from.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Place {
    pub(crate) key: String,
    pub(crate) city: String,
    pub(crate) state: String,
    pub(crate) country: String,
    pub(crate) latitude: f64,
    pub(crate) longitude: f64,
    /// Hours ahead of UTC.
    pub(crate) hours: i64,
    /// Beginning of its addresses.
    pub(crate) network: String,
    pub(crate) asn: u32,
}

/// An application or service principal.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct App {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) resource: String,
    pub(crate) resource_id: String,
    #[serde(default)]
    pub(crate) managed: bool,
}

/// What a sign-in was made with.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Device {
    pub(crate) system: String,
    pub(crate) browser: String,
    pub(crate) agent: String,
    pub(crate) client: String,
    #[serde(default)]
    pub(crate) managed: bool,
}

/// How a sign-in ended.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) code: u32,
    pub(crate) reason: String,
    pub(crate) weight: usize,
}

/// Who belongs to a group: `svc:` is a service, `group:` a group, anything else a named person.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Membership {
    pub(crate) group: String,
    #[serde(default)]
    pub(crate) members: Vec<String>,
    /// Ordinary people besides: `members`, `guests` or those of a department.
    #[serde(default)]
    pub(crate) from: Option<String>,
    /// How many of them; all when absent.
    #[serde(default)]
    pub(crate) some: Option<usize>,
    #[serde(default)]
    pub(crate) owners: Vec<String>,
}

/// A named person.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Cast {
    pub(crate) key: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) upn: Option<String>,
    #[serde(default)]
    pub(crate) guest: bool,
    /// Signs in only when the story says so.
    #[serde(default)]
    pub(crate) quiet: bool,
    #[serde(default)]
    pub(crate) set: Value,
    #[serde(default)]
    pub(crate) risk: Option<Value>,
    /// What the registration report says; chance decides when absent.
    #[serde(default)]
    pub(crate) registration: Option<Registration>,
}

/// The registered methods of a named person.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Registration {
    pub(crate) is_admin: bool,
    pub(crate) methods_registered: Vec<String>,
    /// When the report last looked, as `days-ago time-of-day`.
    #[serde(default)]
    pub(crate) ago: Option<String>,
}

/// Something that happens in the story.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the names are those of the file")]
pub(crate) struct Event {
    /// `signIn` or `audit`.
    pub(crate) event: String,
    /// Days ago and time of day, as in `4 02:14:07`.
    pub(crate) at: String,
    #[serde(default)]
    pub(crate) who: String,
    #[serde(default)]
    pub(crate) kind: Option<String>,
    #[serde(default)]
    pub(crate) app: Option<String>,
    #[serde(default)]
    pub(crate) place: Option<String>,
    #[serde(default)]
    pub(crate) device: Option<usize>,
    #[serde(default)]
    pub(crate) code: u32,
    /// How often, how many seconds apart.
    #[serde(default)]
    pub(crate) repeat: Option<(usize, i64)>,
    /// Each repetition is about the next ordinary user.
    #[serde(default)]
    pub(crate) each_user: bool,
    #[serde(default)]
    pub(crate) set: Value,
}

impl Setting {
    /// Reads the embedded file.
    pub(crate) fn load() -> Result<Self> {
        serde_json::from_str(FILE).map_err(|error| {
            Error::new(ErrorKind::Internal, "the demo world cannot be read").with_source(error)
        })
    }

    /// Returns the number of users.
    pub(crate) fn headcount(&self) -> usize {
        self.members + self.guests
    }

    /// Returns the position of a named person; the first one if there is none.
    pub(crate) fn cast_at(&self, key: &str) -> usize {
        self.cast.iter().position(|cast| cast.key == key).unwrap_or(0)
    }

    /// Returns the position of a place; the first one if there is none.
    pub(crate) fn place_at(&self, key: &str) -> usize {
        self.places.iter().position(|place| place.key == key).unwrap_or(0)
    }

    /// Returns the application or service of that name; the first one if there is none.
    pub(crate) fn app_at(&self, name: &str, services: bool) -> usize {
        let list = if services { &self.services } else { &self.apps };
        list.iter().position(|app| app.name == name).unwrap_or(0)
    }
}
