//! `getByIds`, which a reader has to allow: a thousand objects to a request, whole ones or none.

use std::collections::BTreeSet;

use entraql::sim::{FaultScript, Options, WorldName};
use serde_json::Value;

use crate::faults::rig::{Rig, options, settings};

const BY_IDS: &str = "/v1.0/directoryObjects/getByIds";

/// The demo tenant, whose 1,200 users are many short pages.
async fn rig(faults: Option<&str>) -> Rig {
    let faults = faults.map(|script| FaultScript::from_json(script).unwrap());
    let options = Options { world: WorldName::Demo, max_page: Some(20), faults, ..options() };
    let rig = Rig::with(options, settings()).await;
    rig.engine.set("entra.get_by_ids", "true").unwrap();
    rig
}

/// Users of the world, and some more that are not there.
fn wanted(rig: &Rig, count: usize) -> (Vec<Value>, String) {
    let users = rig.simulator().world().rows("users")[..count].to_vec();
    let ids = users.iter().map(|user| format!("('{}')", user["id"].as_str().unwrap()));
    let nobody = (0..7).map(|n| format!("('ffffffff-0000-4000-8000-{n:012}')"));
    let ids = ids.chain(nobody).collect::<Vec<_>>().join(", ");
    (users, format!("(VALUES {ids}) AS w(id)"))
}

fn truth(users: &[Value], keeps: impl Fn(&Value) -> bool) -> BTreeSet<Vec<String>> {
    let text = |value: &Value| value.as_str().unwrap_or("NULL").to_owned();
    let row = |user: &Value| vec![text(&user["id"]), text(&user["department"])];
    users.iter().filter(|user| keeps(user)).map(row).collect()
}

fn asked(rig: &Rig) -> Vec<String> {
    let path = |target: &str| target.split('?').next().unwrap_or_default().to_owned();
    rig.graph().iter().map(|seen| path(&seen.target)).collect()
}

fn select(from: &str) -> String {
    format!("SELECT u.id, u.department FROM {from} JOIN users u ON u.id = w.id")
}

#[tokio::test]
async fn a_thousand_objects_to_a_request_and_those_that_are_not_there_are_no_rows() {
    let rig = rig(None).await;
    let (users, from) = wanted(&rig, 1_150);
    let rows = rig.rows(&select(&from)).await;
    assert_eq!(rows.len(), users.len());
    assert_eq!(rows.into_iter().collect::<BTreeSet<_>>(), truth(&users, |_| true));
    assert_eq!(asked(&rig), [BY_IDS, BY_IDS]);
    assert!(rig.simulator().refusals().is_empty());
}

#[tokio::test]
async fn whoever_does_not_allow_it_gets_the_same_rows_from_a_listing() {
    let rig = rig(None).await;
    rig.engine.set("entra.get_by_ids", "false").unwrap();
    let (users, from) = wanted(&rig, 1_150);
    let rows = rig.rows(&select(&from)).await;
    assert_eq!(rows.into_iter().collect::<BTreeSet<_>>(), truth(&users, |_| true));
    assert!(!asked(&rig).contains(&BY_IDS.to_owned()));
}

#[tokio::test]
async fn few_objects_and_those_a_filter_chooses_come_by_filters() {
    let rig = rig(None).await;
    let (users, from) = wanted(&rig, 290);
    let rows = rig.rows(&select(&from)).await;
    assert_eq!(rows.into_iter().collect::<BTreeSet<_>>(), truth(&users, |_| true));
    let (users, from) = wanted(&rig, 1_000);
    let enabled = format!("{} WHERE u.account_enabled", select(&from));
    let rows = rig.rows(&enabled).await;
    let expected = truth(&users, |user| user["accountEnabled"] == true);
    assert_eq!(rows.into_iter().collect::<BTreeSet<_>>(), expected);
    assert!(!asked(&rig).contains(&BY_IDS.to_owned()));
}

#[tokio::test]
async fn an_object_without_what_was_asked_for_fails_the_query() {
    let body = serde_json::json!({"value": [{"id": "a0000000-0000-4000-8000-000000000001"}]});
    let script = serde_json::json!({
        "about": "an incomplete object",
        "steps": [{"when": {"path": BY_IDS}, "do": {"body": {"text": body.to_string()}}}],
    });
    let script = script.to_string();
    let rig = rig(Some(&script)).await;
    let (_, from) = wanted(&rig, 400);
    let error = rig.error(&select(&from)).await;
    let text = error.to_string();
    assert!(text.contains("`department`"), "{text}");
    assert!(error.hint().is_some_and(|hint| hint.contains("get_by_ids")), "{error:?}");
}
