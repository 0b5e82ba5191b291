//! What happens on purpose: the events of `fixtures/worlds/demo.json`.

use std::sync::Arc;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use serde_json::Value;

use crate::sim::world::people::{Person, person};
use crate::sim::world::setting::{Event, Setting};
use crate::sim::world::sign_ins::{Kind, SignIn, midnight};

/// Adds the sign-ins of the story.
pub(crate) fn sign_ins(setting: &Setting, now: DateTime<Utc>, list: &mut Vec<SignIn>) {
    for event in setting.story.iter().filter(|event| event.event == "signIn") {
        let (count, every) = event.repeat.unwrap_or((1, 0));
        let start = time(&event.at, now);
        let change = (!event.set.is_null()).then(|| Arc::new(event.set.clone()));
        for number in 0..count {
            let at = start + TimeDelta::seconds(every * number as i64);
            list.push(one(setting, event, number, at, change.clone()));
        }
    }
}

fn one(
    setting: &Setting,
    event: &Event,
    number: usize,
    at: DateTime<Utc>,
    change: Option<Arc<Value>>,
) -> SignIn {
    let kind = Kind::parse(event.kind.as_deref().unwrap_or_default());
    let app = setting.app_at(event.app.as_deref().unwrap_or_default(), !kind.is_user());
    let who = match (kind.is_user(), event.each_user) {
        (false, _) => app,
        // The ordinary users come after the named ones.
        (true, true) => setting.cast.len() + number * 7,
        (true, false) => setting.cast_at(&event.who),
    };
    SignIn {
        at,
        serial: 0,
        kind,
        who,
        app,
        place: setting.place_at(event.place.as_deref().unwrap_or_default()),
        device: event.device.unwrap_or(0),
        code: event.code,
        change,
    }
}

/// Reads `days-ago time-of-day`; the fraction is left to the caller.
pub(crate) fn time(text: &str, now: DateTime<Utc>) -> DateTime<Utc> {
    let (ago, clock) = text.split_once(' ').unwrap_or(("0", text));
    let whole = clock.split('.').next().unwrap_or(clock);
    let of_day = NaiveTime::parse_from_str(whole, "%H:%M:%S").unwrap_or(NaiveTime::MIN);
    let midnight = midnight(now, ago.parse().unwrap_or(0));
    midnight + of_day.signed_duration_since(NaiveTime::MIN)
}

/// Fills `@id:`, `@name:` and `@upn:` followed by the key of a named person.
pub(crate) fn resolve(value: &Value, setting: &Setting, people: &[Person]) -> Value {
    match value {
        Value::String(text) => Value::from(fill(text, setting, people)),
        Value::Array(items) => {
            items.iter().map(|item| resolve(item, setting, people)).collect::<Vec<_>>().into()
        }
        Value::Object(fields) => {
            let filled = fields.iter().map(|(n, v)| (n.clone(), resolve(v, setting, people)));
            Value::Object(filled.collect())
        }
        other => other.clone(),
    }
}

fn fill(text: &str, setting: &Setting, people: &[Person]) -> String {
    let Some((kind, key)) = text.strip_prefix('@').and_then(|rest| rest.split_once(':')) else {
        return text.to_owned();
    };
    let number = setting.cast_at(key);
    let made;
    let somebody = match people.get(number) {
        Some(found) => found,
        None => {
            made = person(setting, number, setting.headcount());
            &made
        }
    };
    match kind {
        "id" => somebody.id.clone(),
        "name" => somebody.display.clone(),
        "upn" => somebody.upn.clone(),
        _ => text.to_owned(),
    }
}
