//! Observables: each names an attribute of its event, repeats its value and says what it is.

use super::check::{found, join, plain};
use super::finding::{Finding, Kind};
use super::json::Json;
use super::schema::{Attribute, Profiles, Schema, Spec};

/// Returns what is wrong with the observables of an event.
pub fn check(schema: &Schema, class: &Spec, event: &Json, profiles: &Profiles) -> Vec<Finding> {
    let list = event.get("observables").map_or(&[][..], Json::items);
    let each = list.iter().enumerate().filter_map(|(index, one)| {
        let (at, text) = wrong(schema, class, event, profiles, one)?;
        Some(found(Kind::Observable, &join(&format!("observables[{index}]"), at), &text))
    });
    each.collect()
}

/// Which member of an observable is wrong, and how.
fn wrong(
    schema: &Schema,
    class: &Spec,
    event: &Json,
    profiles: &Profiles,
    observable: &Json,
) -> Option<(&'static str, String)> {
    let Some(name) = observable.get("name").and_then(Json::text) else {
        return Some(("name", "missing".to_owned()));
    };
    let Some(attribute) = resolve(schema, class, profiles, name) else {
        return Some(("name", format!("`{name}` is not an attribute of the class")));
    };
    let id = observable.get("type_id").and_then(Json::integer);
    let ids = type_ids(schema, attribute);
    if !id.is_some_and(|id| ids.contains(&id)) {
        return Some(("type_id", format!("{id:?} for `{name}`, which is {ids:?}")));
    }
    let there = at(event, name);
    let value = observable.get("value").map(plain);
    let fits = match (schema.object(attribute), value) {
        (Some(_), None) => !there.is_empty(),
        (Some(_), Some(_)) | (None, None) => false,
        (None, Some(value)) => there.iter().any(|found| plain(found) == value),
    };
    (!fits).then(|| ("value", format!("`{name}` of the event is {there:?}")))
}

/// The steps of `a.b[0].c`: a name, and whether an index follows it.
fn steps(name: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    name.split('.').map(|step| match step.strip_suffix(']').and_then(|s| s.split_once('[')) {
        Some((name, index)) => (name, Some(index)),
        None => (step, None),
    })
}

/// The attribute a name leads to.
fn resolve<'a>(
    schema: &'a Schema,
    class: &'a Spec,
    profiles: &Profiles,
    name: &str,
) -> Option<&'a Attribute> {
    let mut spec = Some(class);
    let mut last = None;
    for (step, index) in steps(name) {
        let attribute = spec?.attributes.get(step).filter(|a| a.exists(profiles))?;
        if attribute.array != index.is_some() {
            return None;
        }
        spec = schema.object(attribute);
        last = Some(attribute);
    }
    last
}

/// What an attribute can be as an observable: by itself, by its type, as a whole object.
fn type_ids(schema: &Schema, attribute: &Attribute) -> Vec<i64> {
    let object = schema.object(attribute).and_then(|spec| spec.observable);
    let types = schema.lineage(&attribute.kind).filter_map(|(_, kind)| kind.observable);
    attribute.observable.into_iter().chain(object).chain(types).collect()
}

/// The values of an event at a name; `[]` stands for all items of an array.
fn at<'a>(event: &'a Json, name: &str) -> Vec<&'a Json> {
    steps(name).fold(vec![event], |values, (step, index)| {
        let members = values.into_iter().filter_map(|value| value.get(step));
        let Some(index) = index else { return members.collect() };
        let nth = index.parse::<usize>().ok();
        let items = members.flat_map(|list| list.items().iter().enumerate());
        let wanted = items.filter(|(at, _)| index.is_empty() || Some(*at) == nth);
        wanted.map(|(_, item)| item).collect()
    })
}
