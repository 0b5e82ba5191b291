//! The OCSF schema: classes and objects, with the types, requirements and captions of their
//! attributes.
//!
//! A file per version, an extract of the schema as the OCSF project publishes it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer};

/// The version a mapping is written for, unless another is asked for.
pub(crate) const DEFAULT: &str = "1.6.0";

static SCHEMAS: LazyLock<Vec<Schema>> = LazyLock::new(|| {
    let files = [include_str!("schema/1.6.0.json"), include_str!("schema/1.8.0.json")];
    // A test reads both.
    files.into_iter().filter_map(|file| serde_json::from_str(file).ok()).collect()
});

/// One version of the schema.
#[derive(Debug, Deserialize)]
pub(crate) struct Schema {
    pub(crate) version: String,
    /// By `class_uid`.
    pub(crate) classes: BTreeMap<u32, Class>,
    objects: BTreeMap<String, Object>,
    types: BTreeMap<String, Type>,
}

/// What an attribute can hold, objects aside.
#[derive(Debug, Deserialize)]
struct Type {
    observable: Option<u32>,
}

/// A kind of event.
#[derive(Debug, Deserialize)]
pub(crate) struct Class {
    pub(crate) caption: String,
    pub(crate) category_uid: i32,
    pub(crate) category_name: String,
    pub(crate) attributes: Attributes,
}

/// A part of an event that has attributes of its own.
#[derive(Debug, Deserialize)]
pub(crate) struct Object {
    pub(crate) attributes: Attributes,
    #[serde(default)]
    pub(crate) constraints: Constraints,
}

pub(crate) type Attributes = BTreeMap<String, Attribute>;

/// Which attributes must be there together with others.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Constraints {
    #[serde(default)]
    pub(crate) at_least_one: Vec<String>,
    #[serde(default)]
    pub(crate) just_one: Vec<String>,
}

/// An attribute of a class or of an object.
#[derive(Debug, Deserialize)]
pub(crate) struct Attribute {
    /// A type such as `timestamp_t`, or the name of an object.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// Whether it is a list of such values.
    #[serde(default)]
    pub(crate) array: bool,
    #[serde(rename = "req")]
    pub(crate) requirement: Requirement,
    /// The attribute that carries the caption of an enumeration.
    pub(crate) sibling: Option<String>,
    /// The `type_id` of an observable with its value.
    pub(crate) observable: Option<u32>,
    /// The captions of an enumeration, by id.
    #[serde(default, rename = "enum", deserialize_with = "by_id")]
    pub(crate) captions: BTreeMap<i64, String>,
}

/// Reads captions by id. An enumeration of texts has none: its values speak for themselves.
fn by_id<'de, D: Deserializer<'de>>(json: D) -> Result<BTreeMap<i64, String>, D::Error> {
    let captions = BTreeMap::<String, String>::deserialize(json)?;
    let by_id = |(id, caption): (String, String)| Some((id.parse().ok()?, caption));
    Ok(captions.into_iter().filter_map(by_id).collect())
}

/// How much an event needs an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Requirement {
    Required,
    Recommended,
    Optional,
}

/// The versions there are, oldest first.
pub(crate) fn versions() -> impl Iterator<Item = &'static str> {
    SCHEMAS.iter().map(|schema| schema.version.as_str())
}

impl Schema {
    /// Finds a version such as `1.6.0`.
    pub(crate) fn of(version: &str) -> Option<&'static Schema> {
        SCHEMAS.iter().find(|schema| schema.version == version)
    }

    /// Finds a class by its `class_uid`.
    pub(crate) fn class(&self, uid: u32) -> Option<&Class> {
        self.classes.get(&uid)
    }

    /// Finds an object by its name, which is the type of the attributes that hold it.
    pub(crate) fn object(&self, name: &str) -> Option<&Object> {
        self.objects.get(name)
    }

    /// Returns the `type_id` of observables of a type.
    pub(crate) fn observable(&self, kind: &str) -> Option<u32> {
        self.types.get(kind)?.observable
    }

    /// Finds an attribute by its path in a class, such as `user.account.type_id` or
    /// `resources[].uid`.
    pub(crate) fn attribute(&self, class: u32, path: &str) -> Option<&Attribute> {
        let attributes = &self.class(class)?.attributes;
        match path.rsplit_once('.') {
            None => attributes.get(item(path)),
            Some((above, last)) => {
                let object = self.object(&self.attribute(class, above)?.kind)?;
                object.attributes.get(item(last))
            }
        }
    }
}

/// The name of the attribute in one step of a path: `[]` and `[0]` pick an item of it.
fn item(step: &str) -> &str {
    step.split_once('[').map_or(step, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_is_read() {
        assert_eq!(versions().collect::<Vec<_>>(), ["1.6.0", "1.8.0"]);
        assert!(Schema::of(DEFAULT).is_some() && Schema::of("1.7.0").is_none());
        for schema in versions().map(|version| Schema::of(version).expect("is there")) {
            assert_eq!(schema.classes.len(), 10, "{}", schema.version);
        }
    }

    #[test]
    fn an_attribute_is_found_by_its_path() {
        let schema = Schema::of(DEFAULT).expect("is there");
        let class = schema.class(3001).expect("is there");
        assert_eq!((class.caption.as_str(), class.category_uid), ("Account Change", 3));
        let attribute = |path| schema.attribute(3001, path);
        let kind = attribute("user.account.type_id").expect("is there");
        assert_eq!((kind.kind.as_str(), kind.array), ("integer_t", false));
        assert_eq!(kind.sibling.as_deref(), Some("type"));
        assert_eq!(attribute("user").expect("is there").requirement, Requirement::Required);
        assert!(attribute("observables").expect("is there").array);
        assert_eq!(attribute("user.groups[0].uid").expect("is there").kind, "string_t");
        for unknown in ["users", "user.phone", "user.uid.name", "", "."] {
            assert!(attribute(unknown).is_none(), "{unknown}");
        }
        assert!(schema.attribute(1, "user").is_none());
    }

    #[test]
    fn an_id_has_the_caption_of_its_class() {
        let schema = Schema::of(DEFAULT).expect("is there");
        for (class, path, id, caption) in [
            (3001, "activity_id", 4, Some("Password Reset")),
            (3006, "activity_id", 4, Some("Remove User")),
            (3001, "type_uid", 300_104, Some("Account Change: Password Reset")),
            (2004, "status_id", 1, Some("New")),
            (3001, "user.account.type_id", 6, Some("Azure AD Account")),
            (3001, "user.account.type_id", 41, None),
            (3001, "user.uid", 1, None),
        ] {
            let found = schema.attribute(class, path).and_then(|a| a.captions.get(&id));
            assert_eq!(found.map(String::as_str), caption, "{class} {path} {id}");
        }
    }

    #[test]
    fn versions_differ_in_attributes_and_share_constraints() {
        for schema in versions().map(|version| Schema::of(version).expect("is there")) {
            let location = &schema.object("location").expect("is there").constraints;
            assert!(
                location.at_least_one.contains(&"city".to_owned()) && location.just_one.is_empty()
            );
        }
        let disabled = |version| {
            Schema::of(version).expect("is there").attribute(5003, "user.account.is_disabled")
        };
        assert!(disabled("1.6.0").is_none() && disabled("1.8.0").is_some());
    }
}
