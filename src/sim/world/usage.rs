//! Counts the sign-ins of the demo world per app, as Graph's reports do.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::sim::moment;
use crate::sim::world::render;
use crate::sim::world::setting::{App, Setting};
use crate::sim::world::sign_ins::{Kind, SignIn};

/// When something last happened, and the number of the sign-in.
type Last = Option<(DateTime<Utc>, u32)>;

/// Writes a summary per app that people signed in to, most used first.
pub(crate) fn summaries(setting: &Setting, sign_ins: &[SignIn]) -> Vec<String> {
    let mut counts: BTreeMap<usize, (u64, u64)> = BTreeMap::new();
    for sign_in in sign_ins.iter().filter(|sign_in| sign_in.kind == Kind::Interactive) {
        let count = counts.entry(sign_in.app).or_default();
        *(if sign_in.code == 0 { &mut count.0 } else { &mut count.1 }) += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, (good, bad))| std::cmp::Reverse(good + bad));
    let row = |(app, (good, bad))| summary(&setting.apps[app], good, bad).to_string();
    counts.into_iter().map(row).collect()
}

fn summary(app: &App, good: u64, bad: u64) -> Value {
    // Two digits are what a report shows.
    let hundredths = u32::try_from(good * 10_000 / (good + bad).max(1)).unwrap_or(0);
    json!({
        "id": app.id,
        "appDisplayName": app.name,
        "successfulSignInCount": good,
        "failedSignInCount": bad,
        "successPercentage": f64::from(hundredths) / 100.0,
    })
}

/// An app nobody has used for longer than the sign-ins reach back, and since how many days.
const FORGOTTEN: (&str, i64) = ("0ddba11a-77aa-4c55-9d10-5e3c0f1a2b3c", 412);

/// Writes a row per app: when it was last used for somebody, and when by itself.
pub(crate) fn activities(
    setting: &Setting,
    sign_ins: &[SignIn],
    now: DateTime<Utc>,
) -> Vec<String> {
    let mut rows: Vec<_> = (0..setting.apps.len())
        .map(|app| activity(&setting.apps[app], last(sign_ins, app, true), None))
        .collect();
    rows.extend(
        (0..setting.services.len())
            .map(|app| activity(&setting.services[app], None, last(sign_ins, app, false))),
    );
    let (id, days) = FORGOTTEN;
    let forgotten = App { id: id.to_owned(), ..setting.apps[0].clone() };
    rows.push(activity(&forgotten, Some((now - TimeDelta::days(days), 0)), None));
    rows.iter().flatten().map(Value::to_string).collect()
}

/// The list is newest first.
fn last(sign_ins: &[SignIn], app: usize, for_user: bool) -> Last {
    let found = sign_ins.iter().find(|s| s.kind.is_user() == for_user && s.app == app);
    found.map(|sign_in| (sign_in.at, sign_in.serial))
}

/// An app that was never used has no row.
fn activity(app: &App, for_user: Last, alone: Last) -> Option<Value> {
    let latest = for_user.or(alone)?;
    Some(json!({
        "id": STANDARD.encode(&app.id),
        "appId": app.id,
        "lastSignInActivity": written(Some(latest)),
        "delegatedClientSignInActivity": written(for_user),
        "delegatedResourceSignInActivity": null,
        "applicationAuthenticationClientSignInActivity": written(alone),
        "applicationAuthenticationResourceSignInActivity": null,
    }))
}

fn written(last: Last) -> Value {
    last.map_or(Value::Null, |(at, serial)| {
        json!({
            "lastSignInDateTime": moment::seconds(at),
            "lastSignInRequestId": render::id(serial),
        })
    })
}
