//! Audits: every activity there is a mapping for, with targets of every shape.

use std::sync::LazyLock;

use entraql::spec::TableSpec;
use serde_json::{Map, Value, json};

use super::pool;
use crate::agree::dice::Dice;

/// An activity, and what it is in OCSF when its targets are as they should be.
#[derive(Debug)]
pub struct Activity {
    pub class: i64,
    pub id: i64,
    pub category: &'static str,
    pub name: &'static str,
}

static ACTIVITIES: LazyLock<Vec<Activity>> = LazyLock::new(|| {
    let lines = include_str!("activities.tsv").lines();
    let read = |line: &'static str| {
        let mut parts = line.split('\t');
        let (class, id) = parts.next()?.split_once('/')?;
        let (class, id) = (class.parse().ok()?, id.parse().ok()?);
        Some(Activity { class, id, category: parts.next()?, name: parts.next()? })
    };
    lines.map(|line| read(line).unwrap()).collect()
});

pub fn activities() -> &'static [Activity] {
    &ACTIVITIES
}

const TYPES: &[&str] = &[
    "User",
    "Group",
    "ServicePrincipal",
    "Application",
    "Role",
    "Policy",
    "Device",
    "Directory",
    "Other",
    "N/A",
    "Request",
    "addedTomorrow",
    "",
];

const OPERATIONS: &[&str] = &["Add", "Create", "Update", "Delete", "Assign", "Unassign", "", "New"];

const CHANGED: &[&str] = &[
    "Role.DisplayName",
    "Role.TemplateId",
    "Role.WellKnownObjectName",
    "ConsentAction.Permissions",
    "ConsentContext.IsAdminConsent",
    "DelegatedPermissionGrant.Scope",
    "AppRole.Value",
    "AppRole.DisplayName",
    "Group.DisplayName",
    "State",
    "ConditionalAccessPolicy",
    "Included Updated Properties",
    "",
];

const CHANGES: &[&str] = &[
    r#""\"Global Administrator\"""#,
    r#""\"\"""#,
    r#""[\"a\",\"b\"]""#,
    r#""[]""#,
    r#""{\"state\":\"disabled\"}""#,
    r#""{\"state\":\"enabled\"}""#,
    r#""{\"id\":null,\"a\":[{}],\"n\":1.0}""#,
    r#""plain words""#,
    r#""\"broken""#,
    r#""null""#,
    r#""""#,
    "null",
];

/// Makes a row of the audits look like one; other rows are left alone.
pub fn fill(spec: &TableSpec, row: &mut Map<String, Value>, dice: &mut Dice) {
    if spec.name != "audits" {
        return;
    }
    let activity = dice.pick(activities());
    let name = if dice.one_in(12) { "Something new" } else { activity.name };
    row.insert("activityDisplayName".to_owned(), name.into());
    if row.get("category").is_some_and(Value::is_string) && !dice.one_in(8) {
        row.insert("category".to_owned(), activity.category.into());
    }
    if row.contains_key("operationType") {
        row.insert("operationType".to_owned(), dice.op(OPERATIONS).into());
    }
    if row.contains_key("targetResources") && !dice.one_in(10) {
        let mut targets: Vec<_> = (0..dice.roll(4)).map(|_| target(dice)).collect();
        if dice.one_in(2) {
            targets.extend(fitting(activity).into_iter().filter(|_| !dice.one_in(8)));
        }
        row.insert("targetResources".to_owned(), targets.into());
    }
}

fn target(dice: &mut Dice) -> Value {
    let mut target = json!({ "type": dice.op(TYPES) });
    for (name, values) in [("id", pool::TEXTS), ("displayName", pool::TEXTS)] {
        if !dice.one_in(6) {
            target[name] = text(dice, values);
        }
    }
    if dice.one_in(2) {
        target["userPrincipalName"] = text(dice, pool::of("userPrincipalName").unwrap());
    }
    if dice.one_in(10) {
        target["type"] = Value::Null;
    }
    if !dice.one_in(6) {
        target["modifiedProperties"] = (0..dice.roll(4)).map(|_| change(dice)).collect();
    }
    target
}

fn change(dice: &mut Dice) -> Value {
    json!({
        "displayName": dice.op(CHANGED),
        "oldValue": text(dice, CHANGES),
        "newValue": text(dice, CHANGES),
    })
}

fn text(dice: &mut Dice, values: &[&'static str]) -> Value {
    serde_json::from_str(dice.op(values)).unwrap()
}

/// Every target the activity can be about.
fn fitting(activity: &Activity) -> Vec<Value> {
    let names = ["Role.DisplayName", "AppRole.Value", "DelegatedPermissionGrant.Scope"];
    let quoted = r#""Reader""#;
    let changes =
        names.map(|name| json!({ "displayName": name, "oldValue": quoted, "newValue": quoted }));
    let kinds: &[&str] = match activity.class {
        3001 | 2004 => &["User"],
        3005 => &["User", "Role", "ServicePrincipal"],
        3006 => &["Group", "User"],
        _ => &["Other"],
    };
    let target = |kind: &&str| {
        json!({
            "id": format!("{kind}-1"), "type": kind, "displayName": format!("A {kind}"),
            "userPrincipalName": (*kind == "User").then_some("lena.fischer@haldenvoss.example"),
            "modifiedProperties": changes,
        })
    };
    kinds.iter().map(target).collect()
}

/// An audit of an activity as it should be: by a person, with an address, and with every
/// target the activity can be about.
pub fn audit(number: usize, activity: &Activity) -> Value {
    json!({
        "id": format!("activity-{number}"),
        "activityDateTime": "2026-11-14T10:00:00.1234567Z",
        "activityDisplayName": activity.name,
        "category": activity.category,
        "operationType": "Update",
        "result": "success",
        "loggedByService": "Core Directory",
        "correlationId": format!("correlation-{number}"),
        "initiatedBy": { "user": {
            "id": "admin-1", "userPrincipalName": "admin@haldenvoss.example",
            "displayName": null, "ipAddress": "203.0.113.7",
        } },
        "targetResources": fitting(activity),
        "additionalDetails": [{ "key": "User-Agent", "value": "Mozilla/5.0" }],
    })
}
