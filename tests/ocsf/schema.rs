//! The classes and objects of one OCSF version, as the checks read them.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A version: its classes by `class_uid`, its objects and types by name.
#[derive(Debug, Deserialize)]
pub struct Schema {
    pub version: String,
    pub types: BTreeMap<String, Type>,
    pub classes: BTreeMap<String, Spec>,
    pub objects: BTreeMap<String, Spec>,
}

/// A class or an object.
#[derive(Debug, Deserialize)]
pub struct Spec {
    pub attributes: BTreeMap<String, Attribute>,
    #[serde(default)]
    pub profiles: Vec<String>,
    #[serde(default)]
    pub constraints: BTreeMap<String, Vec<String>>,
    pub observable: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub struct Attribute {
    /// Name of a type or of an object.
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub array: bool,
    req: String,
    /// It exists in an event that declares one of these; always if there are none.
    #[serde(default)]
    pub profiles: Vec<String>,
    /// The attribute that says in words what this one says as a number.
    pub sibling: Option<String>,
    #[serde(rename = "enum")]
    pub members: Option<BTreeMap<String, String>>,
    pub observable: Option<i64>,
}

/// A type of scalars.
#[derive(Debug, Deserialize)]
pub struct Type {
    /// The type this one narrows.
    #[serde(rename = "type")]
    pub base: Option<String>,
    pub max_len: Option<usize>,
    pub range: Option<[i64; 2]>,
    pub observable: Option<i64>,
}

/// The profiles an event declares.
pub type Profiles = Vec<String>;

impl Schema {
    /// Reads a version the project has.
    pub fn load(version: &str) -> Self {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/ocsf/schema");
        let text = std::fs::read_to_string(format!("{folder}/{version}.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    pub fn object(&self, attribute: &Attribute) -> Option<&Spec> {
        self.objects.get(&attribute.kind)
    }

    /// A type, and those it narrows.
    pub fn lineage<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a str, &'a Type)> {
        std::iter::successors(Some(name), |name| self.types.get(*name)?.base.as_deref())
            .filter_map(|name| Some((name, self.types.get(name)?)))
    }

    /// The widest type an attribute is of, e.g. `string_t`.
    pub fn root<'a>(&'a self, attribute: &'a Attribute) -> &'a str {
        self.lineage(&attribute.kind).last().map_or(&attribute.kind, |(name, _)| name)
    }
}

impl Attribute {
    pub fn is_required(&self, profiles: &Profiles) -> bool {
        self.req == "required" && self.exists(profiles)
    }

    pub fn exists(&self, profiles: &Profiles) -> bool {
        self.profiles.is_empty() || self.profiles.iter().any(|name| profiles.contains(name))
    }
}
