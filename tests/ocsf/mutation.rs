//! Single changes to a valid event, each of which makes it invalid in one known way.

use super::check::join;
use super::finding::Kind;
use super::json::Json;
use super::schema::{Attribute, Schema, Spec};

/// An event with one change, and what must be found.
#[derive(Debug)]
pub struct Mutation {
    pub kind: Kind,
    pub path: String,
    pub event: Json,
}

/// An attribute an event has.
struct Site<'a> {
    /// The members and indexes that lead to the object.
    way: Vec<Step>,
    object: &'a Json,
    name: &'a str,
    value: &'a Json,
    attribute: &'a Attribute,
}

#[derive(Debug, Clone)]
enum Step {
    Name(String),
    Index(usize),
}

struct Maker<'a> {
    schema: &'a Schema,
    event: &'a Json,
    made: Vec<Mutation>,
}

/// Every change, of every sort, at every place it can be made.
pub fn mutations(schema: &Schema, event: &Json) -> Vec<Mutation> {
    let mut maker = Maker { schema, event, made: Vec::new() };
    let class = event.get("class_uid").and_then(Json::integer).unwrap();
    maker.object(&schema.classes[&class.to_string()], event, &[]);
    maker.profiles();
    maker.envelope(class);
    maker.observables();
    maker.made
}

impl<'a> Maker<'a> {
    /// Adds the event with the object at the end of a way changed.
    fn make(&mut self, kind: Kind, at: &str, way: &[Step], change: impl FnOnce(&mut Members)) {
        let mut event = self.event.clone();
        let Json::Object(members) = follow(&mut event, way) else { unreachable!("an object") };
        change(members);
        let path = if at.is_empty() { written(way) } else { join(&written(way), at) };
        self.made.push(Mutation { kind, path, event });
    }

    fn object(&mut self, spec: &'a Spec, object: &'a Json, way: &[Step]) {
        self.make(Kind::Unknown, "nobody", way, |m| m.push(("nobody".to_owned(), 7.into())));
        let (first, _) = &object.members()[0];
        self.make(Kind::Twice, first, way, |m| m.push(m[0].clone()));
        for names in spec.constraints.values() {
            let is_named = |name: &str| names.iter().any(|n| n == name);
            let is_all = object.members().iter().all(|(name, _)| is_named(name));
            let kind = if is_all { Kind::Empty } else { Kind::Constraint };
            self.make(kind, "", way, |m| m.retain(|(name, _)| !is_named(name)));
        }
        for (name, value) in object.members() {
            let attribute = &spec.attributes[name];
            let site = Site { way: way.to_vec(), object, name, value, attribute };
            self.site(&site);
            self.inside(&site);
        }
    }

    /// The objects an attribute holds.
    fn inside(&mut self, site: &Site<'a>) {
        let Some(spec) = self.schema.object(site.attribute).filter(|s| !s.attributes.is_empty())
        else {
            return;
        };
        let mut way = site.way.clone();
        way.push(Step::Name(site.name.to_owned()));
        if !site.attribute.array {
            return self.object(spec, site.value, &way);
        }
        for (index, item) in site.value.items().iter().enumerate() {
            let way = [way.as_slice(), &[Step::Index(index)]].concat();
            self.object(spec, item, &way);
        }
    }

    fn site(&mut self, site: &Site<'a>) {
        // Without a class nothing else can be looked at.
        let class = |kind| if site.name == "class_uid" { Kind::Class } else { kind };
        if site.attribute.is_required(&all_profiles()) {
            self.gone(class(Kind::Missing), site);
        }
        self.set(class(Kind::Null), site, Json::Null);
        if site.attribute.kind == "json_t" {
            return;
        }
        self.set(class(Kind::Type), site, misfit(site.value));
        match site.value {
            Json::Text(_) => self.set(Kind::Empty, site, Json::from("")),
            Json::List(_) => self.set(Kind::Empty, site, Json::List(Vec::new())),
            Json::Object(_) => self.set(Kind::Empty, site, Json::Object(Vec::new())),
            _ => {}
        }
        if site.attribute.members.is_some() {
            self.set(class(Kind::Member), site, 9_998.into());
        }
        self.form(site);
        self.words(site);
    }

    /// Values of the right type that its narrower type refuses.
    fn form(&mut self, site: &Site<'a>) {
        match (site.attribute.kind.as_str(), site.value) {
            ("timestamp_t", Json::Integer(millis)) => {
                self.set(Kind::Time, site, (millis / 1_000).into());
                self.set(Kind::Time, site, (millis * 1_000).into());
            }
            ("datetime_t", _) => {
                self.set(Kind::Twin, site, Json::from("2026-11-14T10:00:00.124Z"));
                self.set(Kind::Pattern, site, Json::from("yesterday"));
            }
            ("ip_t", _) => self.set(Kind::Pattern, site, Json::from("203.0.113.300")),
            ("email_t", Json::Text(_)) => {
                self.set(Kind::Pattern, site, Json::from("zoë@haldenvoss.example"));
            }
            _ => {}
        }
    }

    fn words(&mut self, site: &Site<'a>) {
        let Some(sibling) = &site.attribute.sibling else { return };
        let Some(said) = site.object.get(sibling) else { return };
        let kind = if *site.value == Json::Integer(99) { Kind::Words } else { Kind::Caption };
        let other = if kind == Kind::Words { "Other" } else { "something else" };
        assert_ne!(said.text(), Some(other));
        let put = |m: &mut Members| {
            let found = m.iter_mut().find(|(name, _)| name == sibling);
            found.unwrap().1 = Json::from(other);
        };
        self.make(kind, site.name, &site.way, put);
        if kind == Kind::Words {
            self.make(kind, site.name, &site.way, |m| m.retain(|(name, _)| name != sibling));
        }
        if site.name != "class_uid" {
            self.make(Kind::Words, sibling, &site.way, |m| m.retain(|(name, _)| name != site.name));
        }
    }

    fn set(&mut self, kind: Kind, site: &Site<'a>, value: Json) {
        let put = |m: &mut Members| {
            m.iter_mut()
                .filter(|(name, _)| name == site.name)
                .for_each(|(_, old)| *old = value.clone());
        };
        self.make(kind, site.name, &site.way, put);
    }

    fn gone(&mut self, kind: Kind, site: &Site<'a>) {
        if site.object.members().len() == 1 {
            return self.make(Kind::Empty, "", &site.way, Vec::clear);
        }
        self.make(kind, site.name, &site.way, |m| m.retain(|(name, _)| name != site.name));
    }
}

/// What concerns an event as a whole.
impl Maker<'_> {
    fn profiles(&mut self) {
        let way = [Step::Name("metadata".to_owned())];
        let profiles = self.event.get("metadata").and_then(|m| m.get("profiles")).unwrap();
        let put = |names: Vec<Json>| {
            move |m: &mut Members| {
                m.retain(|(name, _)| name != "profiles");
                m.push(("profiles".to_owned(), Json::List(names)));
            }
        };
        let more = [profiles.items(), &[Json::from("nobody")]].concat();
        self.make(Kind::Profile, "profiles", &way, put(more));
        for gone in profiles.items() {
            let (name, at) = match gone.text().unwrap() {
                "cloud" => ("cloud", "cloud"),
                "datetime" => ("datetime", "time_dt"),
                "host" => ("host", "device"),
                "incident" => ("incident", "verdict_id"),
                "security_control" => ("security_control", "action_id"),
                other => unreachable!("no attribute is known for {other}"),
            };
            // Inventories of the cloud have it in their class.
            if self.event.get("class_uid") == Some(&5_023.into()) && name == "cloud" {
                continue;
            }
            let rest = profiles.items().iter().filter(|p| *p != gone).cloned().collect();
            self.make(Kind::Undeclared, "profiles", &way, put(rest));
            at.clone_into(&mut self.made.last_mut().unwrap().path);
        }
    }

    fn envelope(&mut self, class: i64) {
        let put = |name: &'static str, value: Json| {
            move |m: &mut Members| {
                m.retain(|(known, _)| known != name);
                m.push((name.to_owned(), value));
            }
        };
        let activity = self.event.get("activity_id").and_then(Json::integer).unwrap();
        assert_ne!(activity, 0);
        self.make(Kind::TypeUid, "type_uid", &[], put("type_uid", (class * 100).into()));
        let way = [Step::Name("metadata".to_owned())];
        self.make(Kind::Version, "version", &way, put("version", Json::from("1.5.0")));
    }

    fn observables(&mut self) {
        let list = self.event.get("observables").unwrap();
        for index in 0..list.items().len() {
            for (name, value) in [("name", "user.nobody"), ("value", "elsewhere")] {
                self.observable(index, name, Json::from(value));
            }
            // A process id is none of what our events hold.
            self.observable(index, "type_id", 15.into());
        }
    }

    fn observable(&mut self, index: usize, name: &str, value: Json) {
        let way = [Step::Name("observables".to_owned()), Step::Index(index)];
        self.make(Kind::Observable, name, &way, |m| {
            m.retain(|(known, _)| known != name);
            m.push((name.to_owned(), value));
        });
    }
}

type Members = Vec<(String, Json)>;

impl From<i64> for Json {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

/// A value of another type.
fn misfit(value: &Json) -> Json {
    match value {
        Json::Text(_) | Json::Float(_) => Json::Integer(7),
        Json::Integer(number) => Json::Text(number.to_string()),
        _ => Json::from("true"),
    }
}

fn all_profiles() -> Vec<String> {
    ["cloud", "datetime", "host", "incident", "security_control"].map(str::to_owned).to_vec()
}

fn follow<'a>(event: &'a mut Json, way: &[Step]) -> &'a mut Json {
    way.iter().fold(event, |value, step| match (step, value) {
        (Step::Name(name), Json::Object(members)) => {
            &mut members.iter_mut().find(|(known, _)| known == name).unwrap().1
        }
        (Step::Index(index), Json::List(items)) => &mut items[*index],
        _ => unreachable!("the way was taken from the event"),
    })
}

fn written(way: &[Step]) -> String {
    way.iter().fold(String::new(), |path, step| match step {
        Step::Name(name) => join(&path, name),
        Step::Index(index) => format!("{path}[{index}]"),
    })
}
