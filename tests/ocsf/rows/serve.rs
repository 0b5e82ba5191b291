//! A tenant whose tables hold the rows a test gives it.

use chrono::{DateTime, Utc};
use entraql::graph::Pacing;
use entraql::sim::{FaultScript, Options, WorldName};
use entraql::{Engine, Settings, tables};
use serde_json::{Value, json};

/// Rows, and the table they are in.
pub type Table = (&'static str, Vec<Value>);

/// The kinds of sign-ins share a path: the filter tells them apart.
const KINDS: &[(&str, &str)] = &[
    ("non_interactive_sign_ins", "nonInteractiveUser"),
    ("service_principal_sign_ins", "servicePrincipal"),
    ("managed_identity_sign_ins", "managedIdentity"),
];

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_794_657_600, 0).unwrap()
}

/// Opens a tenant with these tables, each of one page.
pub async fn engine(served: &[Table]) -> Engine {
    let mut steps: Vec<Value> = served.iter().flat_map(|(name, rows)| steps(name, rows)).collect();
    // What names a kind comes before what does not.
    steps.sort_by_key(|step| step["when"]["query"] == "");
    let script = json!({ "about": "rows of a test", "steps": steps }).to_string();
    let faults = Some(FaultScript::from_json(&script).unwrap());
    let options = Options { world: WorldName::Tiny, now: now(), faults, ..Options::default() };
    let settings = Settings { pacing: Pacing::Off, now: Some(now()), ..Settings::default() };
    Engine::simulated(options, settings).await.unwrap()
}

fn steps(name: &str, rows: &[Value]) -> [Value; 2] {
    let path = tables::find(name).unwrap().path;
    let kind = KINDS.iter().find(|(known, _)| *known == name);
    let query = kind.map_or("", |(_, kind)| kind);
    let body = json!({ "@odata.context": "", "value": rows }).to_string();
    ["v1.0", "beta"].map(|version| {
        let reply = json!({ "status": 200, "text": body, "content_type": "application/json" });
        let when = json!({ "path": format!("/{version}{path}"), "query": query, "times": 0 });
        json!({ "when": when, "do": { "reply": reply } })
    })
}
