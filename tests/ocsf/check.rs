//! The rules of OCSF that hold for every class, read against the schema.

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;

use super::finding::{Finding, Kind};
use super::json::Json;
use super::observable;
use super::pattern;
use super::schema::{Attribute, Profiles, Schema, Spec};

/// Below this a number is a time in seconds: in milliseconds it would be before 1973.
const SECONDS: i64 = 100_000_000_000;
/// Above this it is in microseconds: in milliseconds it would be after the year 9999.
const MICROSECONDS: i64 = 253_402_300_800_000;
/// The member of an enumeration for which the source has its own words.
const OTHER: i64 = 99;

/// Checks events one after the other, remembering their ids.
#[derive(Debug)]
pub struct Checker {
    schema: Schema,
    uids: BTreeSet<String>,
}

impl Checker {
    pub fn new(version: &str) -> Self {
        Self { schema: Schema::load(version), uids: BTreeSet::new() }
    }

    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Returns what is wrong with an event given as JSON text.
    pub fn check(&mut self, text: &str) -> Vec<Finding> {
        let event = match read(text) {
            Ok(event) => event,
            Err(finding) => return vec![finding],
        };
        let mut findings = self.event(&event);
        let uid = event.get("metadata").and_then(|m| m.get("uid")).and_then(Json::text);
        if let Some(uid) = uid.filter(|uid| !self.uids.insert((*uid).to_owned())) {
            findings.push(found(Kind::Uid, "metadata.uid", uid));
        }
        findings
    }

    /// Returns what is wrong with an event, whatever events there were before.
    pub fn check_alone(&self, text: &str) -> Vec<Finding> {
        read(text).map_or_else(|finding| vec![finding], |event| self.event(&event))
    }

    fn event(&self, event: &Json) -> Vec<Finding> {
        let class = event.get("class_uid").and_then(Json::integer);
        let Some(spec) = class.and_then(|uid| self.schema.classes.get(&uid.to_string())) else {
            return vec![found(Kind::Class, "class_uid", &format!("{class:?}"))];
        };
        let profiles = declared(event);
        let mut walk = Walk { schema: &self.schema, profiles: &profiles, findings: Vec::new() };
        walk.members(spec, event, "");
        walk.envelope(spec, event);
        walk.findings.extend(observable::check(&self.schema, spec, event, &profiles));
        walk.findings
    }
}

fn read(text: &str) -> Result<Json, Finding> {
    match serde_json::from_str(text) {
        Ok(event @ Json::Object(_)) => Ok(event),
        Ok(_) => Err(found(Kind::Unreadable, "", "not an object")),
        Err(error) => Err(found(Kind::Unreadable, "", &error.to_string())),
    }
}

fn declared(event: &Json) -> Profiles {
    let list = event.get("metadata").and_then(|m| m.get("profiles"));
    let names = list.map_or(&[][..], Json::items).iter().filter_map(Json::text);
    names.map(str::to_owned).collect()
}

pub fn found(kind: Kind, path: &str, text: &str) -> Finding {
    Finding { kind, path: path.to_owned(), text: text.to_owned() }
}

/// One event, attribute by attribute.
struct Walk<'a> {
    schema: &'a Schema,
    profiles: &'a Profiles,
    findings: Vec<Finding>,
}

impl Walk<'_> {
    fn find(&mut self, kind: Kind, path: &str, text: &str) {
        self.findings.push(found(kind, path, text));
    }

    /// What only an event has.
    fn envelope(&mut self, spec: &Spec, event: &Json) {
        for name in self.profiles.iter().filter(|name| !spec.profiles.contains(name)) {
            self.findings.push(found(Kind::Profile, "metadata.profiles", name));
        }
        let version = event.get("metadata").and_then(|m| m.get("version")).and_then(Json::text);
        if version.is_some_and(|version| version != self.schema.version) {
            self.find(Kind::Version, "metadata.version", version.unwrap_or_default());
        }
        let number = |name| event.get(name).and_then(Json::integer);
        let (class, activity) = (number("class_uid"), number("activity_id"));
        if let (Some(class), Some(activity), Some(uid)) = (class, activity, number("type_uid"))
            && uid != class * 100 + activity
        {
            self.find(Kind::TypeUid, "type_uid", &format!("{uid} for {class} and {activity}"));
        }
    }

    fn members(&mut self, spec: &Spec, object: &Json, path: &str) {
        let mut seen = BTreeSet::new();
        for (name, value) in object.members() {
            let at = join(path, name);
            if !seen.insert(name.as_str()) {
                self.find(Kind::Twice, &at, name);
            }
            match spec.attributes.get(name) {
                None => self.find(Kind::Unknown, &at, &value.to_string()),
                Some(attribute) => {
                    if !attribute.exists(self.profiles) {
                        self.find(Kind::Undeclared, &at, &attribute.profiles.join(" or "));
                    }
                    self.attribute(attribute, value, &at);
                    self.words(attribute, object, value, &at);
                }
            }
        }
        self.absent(spec, &seen, path);
        self.orphans(spec, object, path);
        self.twins(object, path);
    }

    /// What an object lacks.
    fn absent(&mut self, spec: &Spec, seen: &BTreeSet<&str>, path: &str) {
        for (name, attribute) in &spec.attributes {
            if attribute.is_required(self.profiles) && !seen.contains(name.as_str()) {
                self.find(Kind::Missing, &join(path, name), "required");
            }
        }
        for (rule, names) in &spec.constraints {
            let present = names.iter().filter(|name| seen.contains(name.as_str())).count();
            let holds = if rule == "just_one" { present == 1 } else { present > 0 };
            if !holds {
                self.find(Kind::Constraint, path, &format!("{rule} of {}", names.join(", ")));
            }
        }
    }

    fn attribute(&mut self, attribute: &Attribute, value: &Json, path: &str) {
        match value {
            Json::Null => self.find(Kind::Null, path, "null"),
            Json::List(items) if attribute.array => {
                if items.is_empty() {
                    self.find(Kind::Empty, path, "[]");
                }
                for (index, item) in items.iter().enumerate() {
                    self.value(attribute, item, &format!("{path}[{index}]"));
                }
            }
            _ if attribute.array => self.find(Kind::Type, path, "not an array"),
            value => self.value(attribute, value, path),
        }
    }

    fn value(&mut self, attribute: &Attribute, value: &Json, path: &str) {
        let object = self.schema.object(attribute);
        match (object, value) {
            (_, Json::Null) => self.find(Kind::Null, path, "null"),
            (Some(_), Json::Object(members)) if members.is_empty() => {
                self.find(Kind::Empty, path, "{}");
            }
            // `object` has no attributes of its own: it may hold anything.
            (Some(spec), Json::Object(_)) if spec.attributes.is_empty() => self.free(value, path),
            (Some(spec), Json::Object(_)) => self.members(spec, value, path),
            (Some(_), other) => self.find(Kind::Type, path, &format!("{other} for an object")),
            (None, value) if attribute.kind == "json_t" => self.free(value, path),
            (None, value) => self.scalar(attribute, value, path),
        }
    }

    /// A value the schema says nothing about: only nulls and names given twice are wrong.
    fn free(&mut self, value: &Json, path: &str) {
        if *value == Json::Null {
            self.find(Kind::Null, path, "null");
        }
        for (index, item) in value.items().iter().enumerate() {
            self.free(item, &format!("{path}[{index}]"));
        }
        let mut seen = BTreeSet::new();
        for (name, member) in value.members() {
            let at = join(path, name);
            if !seen.insert(name) {
                self.find(Kind::Twice, &at, name);
            }
            self.free(member, &at);
        }
    }

    fn scalar(&mut self, attribute: &Attribute, value: &Json, path: &str) {
        match (self.schema.root(attribute), value) {
            ("string_t", Json::Text(text)) => self.string(attribute, text, path),
            ("integer_t" | "long_t", Json::Integer(number)) => {
                self.number(attribute, *number, path);
            }
            ("float_t", Json::Float(_)) | ("boolean_t", Json::Flag(_)) => {}
            (_, other) => {
                return self.find(Kind::Type, path, &format!("{other} for {}", attribute.kind));
            }
        }
        let known = |members: &BTreeMap<_, _>| members.contains_key(&plain(value));
        if attribute.members.as_ref().is_some_and(|members| !known(members)) {
            self.find(Kind::Member, path, &value.to_string());
        }
    }

    fn string(&mut self, attribute: &Attribute, text: &str, path: &str) {
        if text.is_empty() {
            return self.find(Kind::Empty, path, "\"\"");
        }
        let schema = self.schema;
        for (name, kind) in schema.lineage(&attribute.kind) {
            if !pattern::fits(name, text) {
                self.find(Kind::Pattern, path, &format!("`{text}` for {name}"));
            }
            if kind.max_len.is_some_and(|most| text.chars().count() > most) {
                self.find(Kind::Range, path, &format!("`{text}` is too long for {name}"));
            }
        }
    }

    fn number(&mut self, attribute: &Attribute, number: i64, path: &str) {
        let schema = self.schema;
        for (name, kind) in schema.lineage(&attribute.kind) {
            if kind.range.is_some_and(|[least, most]| number < least || number > most) {
                self.find(Kind::Range, path, &format!("{number} for {name}"));
            }
            if name == "timestamp_t" && !(SECONDS..MICROSECONDS).contains(&number) {
                self.find(Kind::Time, path, &number.to_string());
            }
        }
    }

    /// What a number says in words beside it.
    fn words(&mut self, attribute: &Attribute, object: &Json, value: &Json, path: &str) {
        let (Some(members), Some(sibling)) = (&attribute.members, &attribute.sibling) else {
            return;
        };
        let (Some(caption), said) = (members.get(&plain(value)), object.get(sibling)) else {
            return;
        };
        let said = said.and_then(Json::text);
        if *value != Json::Integer(OTHER) {
            if said.is_some_and(|said| said != caption) {
                let said = said.unwrap_or_default();
                self.find(Kind::Caption, path, &format!("`{said}` for `{caption}`"));
            }
        } else if said.is_none_or(|said| said == caption) {
            self.find(Kind::Words, path, &format!("99, and `{sibling}` is {said:?}"));
        }
    }

    /// Words without a number.
    fn orphans(&mut self, spec: &Spec, object: &Json, path: &str) {
        for (name, attribute) in &spec.attributes {
            let Some(sibling) = &attribute.sibling else { continue };
            if object.get(sibling).is_some() && object.get(name).is_none() {
                self.find(Kind::Words, &join(path, sibling), &format!("no `{name}`"));
            }
        }
    }

    fn twins(&mut self, object: &Json, path: &str) {
        for (name, value) in object.members() {
            let twin = name.strip_suffix("_dt").and_then(|name| object.get(name));
            let (Some(millis), Some(text)) = (twin.and_then(Json::integer), value.text()) else {
                continue;
            };
            let said = DateTime::parse_from_rfc3339(text).map(|time| time.timestamp_millis());
            if said.is_ok_and(|said| said != millis) {
                self.find(Kind::Twin, &join(path, name), &format!("{text} for {millis}"));
            }
        }
    }
}

/// A scalar as an enumeration or an observable writes it.
pub fn plain(value: &Json) -> String {
    value.text().map_or_else(|| value.to_string(), str::to_owned)
}

pub fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
