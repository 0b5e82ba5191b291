//! Writes the directory audits: daily work, and the events of the story.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::sim::listing::time_of;
use crate::sim::moment;
use crate::sim::random::{Random, guid_of};
use crate::sim::world::people::{Person, person};
use crate::sim::world::setting::Setting;
use crate::sim::world::sign_ins::{DAYS, midnight};
use crate::sim::world::{merge, story};

/// Activity, category, service, operation, type of target.
type Work = (&'static str, &'static str, &'static str, &'static str, &'static str);

const WORK: [Work; 10] = [
    ("Update user", "UserManagement", "Core Directory", "Update", "User"),
    ("Update user", "UserManagement", "Core Directory", "Update", "User"),
    ("Add member to group", "GroupManagement", "Core Directory", "Assign", "Group"),
    ("Remove member from group", "GroupManagement", "Core Directory", "Unassign", "Group"),
    ("Change user license", "UserManagement", "Core Directory", "Update", "User"),
    ("Reset user password", "UserManagement", "Core Directory", "Update", "User"),
    ("Add user", "UserManagement", "Core Directory", "Add", "User"),
    ("Update device", "Device", "Core Directory", "Update", "Device"),
    (
        "GroupLifecyclePolicies_Get",
        "GroupManagement",
        "Self-service Group Management",
        "Update",
        "N/A",
    ),
    (
        "Update service principal",
        "ApplicationManagement",
        "Core Directory",
        "Update",
        "ServicePrincipal",
    ),
];

/// Position of the row in which everything nullable is null.
const NULL_ROW: usize = 500;

/// Writes all audits, newest first.
pub(crate) fn all(setting: &Setting, now: DateTime<Utc>) -> Vec<String> {
    let count = setting.headcount();
    let staff: Vec<_> = (0..60).map(|number| person(setting, number, count)).collect();
    let mut rows = Vec::new();
    for ago in 0..DAYS {
        let day = midnight(now, ago);
        let weekend = day.weekday().number_from_monday() > 5;
        let mut random = Random::of("audits", ago.unsigned_abs());
        let entries = if weekend { 18 } else { 62 + random.below(16) };
        for _ in 0..entries {
            let at = day + TimeDelta::seconds(21_600 + random.below(43_200) as i64);
            rows.push(work(setting, &staff, at, rows.len(), &mut random));
        }
    }
    for event in setting.story.iter().filter(|event| event.event == "audit") {
        rows.push(told(setting, &staff, &event.at, &event.set, now, rows.len()));
    }
    let newest = moment::moment(now);
    let mut texts: Vec<String> = rows.iter().map(Value::to_string).collect();
    texts.retain(|text| time_of(text, "activityDateTime") <= newest);
    texts.sort_by_key(|text| std::cmp::Reverse(time_of(text, "activityDateTime")));
    texts
}

fn work(
    setting: &Setting,
    staff: &[Person],
    at: DateTime<Utc>,
    number: usize,
    random: &mut Random,
) -> Value {
    let (activity, category, service, operation, kind) = *random.pick(&WORK);
    let by_app = random.chance(20);
    let app = json!({"appId": setting.services[0].id, "displayName": setting.services[0].name,
        "servicePrincipalId": guid_of("principal", 1), "servicePrincipalName": null});
    let user = at_work(staff, random);
    let fraction = u32::try_from(random.below(10_000_000)).unwrap_or(0);
    let mut row = base(number, &moment::ticks(at, fraction), service);
    let change = json!({
        "activityDisplayName": activity,
        "category": category,
        "operationType": operation,
        "result": if random.chance(4) { "failure" } else { "success" },
        "initiatedBy": if by_app { json!({"user": null, "app": app}) } else {
            json!({"app": null, "user": initiator(user)})
        },
        "targetResources": [target(kind, at_work(staff, random), number)],
    });
    merge(&mut row, &change);
    if number == NULL_ROW {
        blank(&mut row);
    }
    row
}

/// Picks somebody who still works here: what the quiet ones do is told by the story.
fn at_work<'a>(staff: &'a [Person], random: &mut Random) -> &'a Person {
    let from = random.below(staff.len());
    let others = staff[from..].iter().chain(&staff[..from]);
    let mut working = others.filter(|person| person.enabled && !person.stale);
    working.next().unwrap_or(&staff[from])
}

fn blank(row: &mut Value) {
    for name in
        ["resultReason", "operationType", "userAgent", "performedBy", "correlationId", "result"]
    {
        row[name] = Value::Null;
    }
    row["initiatedBy"] = json!({"user": null, "app": null});
    row["targetResources"] = json!([]);
}

fn initiator(person: &Person) -> Value {
    json!({
        "id": person.id, "displayName": person.display, "userPrincipalName": person.upn,
        "ipAddress": "198.18.10.5", "userType": "Member", "homeTenantId": null, "homeTenantName": null,
    })
}

fn target(kind: &str, person: &Person, number: usize) -> Value {
    let user = kind == "User";
    let name = if user { json!(person.display) } else { json!(format!("{kind} {}", number % 40)) };
    json!({
        "id": if user { person.id.clone() } else { guid_of(kind, (number % 40) as u64) },
        "displayName": if kind == "N/A" { Value::Null } else { name },
        "type": kind,
        "userPrincipalName": user.then_some(&person.upn),
        "groupType": (kind == "Group").then_some("azureAD"),
        "modifiedProperties": [{
            "displayName": "Department", "oldValue": "[]", "newValue": "[\"Finance \\\"EU\\\"\"]",
        }],
    })
}

fn base(number: usize, at: &str, service: &str) -> Value {
    let correlation = guid_of("audit", number as u64);
    let source = if service.starts_with("Self") { "SSGM" } else { "Directory" };
    json!({
        "id": format!("{source}_{correlation}_{:05}", number % 99_991),
        "activityDateTime": at,
        "activityDisplayName": "",
        "category": "",
        "correlationId": correlation,
        "loggedByService": service,
        "operationType": "",
        "result": "success",
        "resultReason": "",
        "initiatedBy": {},
        "targetResources": [],
        "additionalDetails": [{"key": "User-Agent", "value": "Mozilla/5.0"}],
        "userAgent": (number.is_multiple_of(3)).then_some("Mozilla/5.0 (Windows NT 10.0)"),
        "performedBy": null,
    })
}

fn told(
    setting: &Setting,
    staff: &[Person],
    at: &str,
    set: &Value,
    now: DateTime<Utc>,
    number: usize,
) -> Value {
    let fraction = at.split_once('.').map_or("0000000", |(_, digits)| digits);
    let time = moment::ticks(story::time(at, now), fraction.parse().unwrap_or(0));
    let service = set["loggedByService"].as_str().unwrap_or("Core Directory");
    let mut row = base(number, &time, service);
    merge(&mut row, &story::resolve(set, setting, staff));
    row
}
