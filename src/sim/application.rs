//! The app registration itself, which an app may read to learn when its secret ends.

use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::sim::address;
use crate::sim::graph::Graph;
use crate::sim::objects::with_context;
use crate::sim::options::{CLIENT_ID, CLIENT_SECRET};
use crate::sim::page::CONTENT_TYPE;
use crate::sim::reply::{Fail, Reply};
use crate::sim::request::Request;

const RULES: &str = include_str!("../../fixtures/rules/application.json");

#[derive(Deserialize)]
struct Rules {
    permissions: Vec<String>,
    properties: Vec<String>,
    secret_days: i64,
}

/// Returns the app id of `applications(appId='…')`.
pub(crate) fn wanted(segment: &str) -> Option<&str> {
    segment.strip_prefix("applications(appid='")?.strip_suffix("')")
}

/// Answers the request for one app registration; there is only our own.
pub(crate) fn answer(graph: &Graph, request: &Request, id: &str) -> Result<Reply, Fail> {
    let rules: Rules = serde_json::from_str(RULES)
        .map_err(|error| Fail::new(500, "InternalServerError", error.to_string()))?;
    if !graph.options.roles.iter().any(|role| rules.permissions.contains(role)) {
        let message = "Insufficient privileges to complete the operation.";
        return Err(Fail::new(403, "Authorization_RequestDenied", message));
    }
    if !id.eq_ignore_ascii_case(CLIENT_ID) {
        return Err(Fail::not_found(id));
    }
    let mut app = registration(graph, &rules);
    let pairs = request.target.split_once('?').and_then(|(_, query)| address::pairs(query));
    for (name, value) in pairs.unwrap_or_default() {
        if name != "$select" {
            return Err(Fail::option(&name));
        }
        project(&mut app, &value, &rules)?;
    }
    let context = format!("{}/$metadata#applications/$entity", graph.base(false));
    Ok(Reply::of(200, CONTENT_TYPE, with_context(&context, &app.to_string())))
}

fn project(app: &mut Value, select: &str, rules: &Rules) -> Result<(), Fail> {
    let wanted: Vec<_> = select.split(',').collect();
    if let Some(unknown) = wanted.iter().find(|name| !rules.properties.iter().any(|p| p == *name)) {
        let message = format!(
            "Could not find a property named '{unknown}' on type 'microsoft.graph.application'."
        );
        return Err(Fail::new(400, "BadRequest", message));
    }
    if let Some(app) = app.as_object_mut() {
        app.retain(|name, _| wanted.contains(&name.as_str()));
    }
    Ok(())
}

fn registration(graph: &Graph, rules: &Rules) -> Value {
    let day = |days: i64| {
        let moment = graph.clock.base() + TimeDelta::days(days);
        moment.format("%Y-%m-%dT%H:%M:%SZ").to_string()
    };
    let ends = graph.options.secret_days.unwrap_or(rules.secret_days);
    let secret = |name: &str, hint: &str, ends: i64| {
        json!({
            "customKeyIdentifier": null,
            "displayName": name,
            "endDateTime": day(ends),
            "hint": hint,
            "secretText": null,
            "startDateTime": day(ends - 180),
        })
    };
    json!({
        "id": "0d1f2a3b-4c5d-4e6f-8a9b-0c1d2e3f4a5b",
        "appId": CLIENT_ID,
        "displayName": "entraql demo",
        "passwordCredentials": [
            secret("demo", &CLIENT_SECRET[..3], ends),
            secret("retired", "zQ9", -40),
        ],
        "keyCredentials": [],
    })
}
