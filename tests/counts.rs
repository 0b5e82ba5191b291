//! `count(*)` is one request where Graph settles every predicate as SQL does, and what it
//! would be without that everywhere else.

use std::time::Duration;

use entraql::sim::Options;
use entraql::{ErrorKind, tables};

use crate::faults::rig::{Outcome, PAGE, Rig, options, settings};

/// Targets of the requests a query sends, and its only value.
async fn counted(rig: &Rig, sql: &str) -> (String, Vec<String>) {
    let before = rig.graph().len();
    let rows = rig.rows(sql).await;
    let sent = rig.graph().into_iter().skip(before).map(|seen| seen.target);
    (rows.concat().join(", "), sent.collect())
}

/// The number of rows the world has.
fn rows(rig: &Rig, path: &str) -> usize {
    rig.simulator().world().rows_of(path).len()
}

#[tokio::test]
async fn a_table_that_graph_counts_is_counted_in_one_request() {
    let rig = Rig::sound().await;
    let specs: Vec<_> = tables::ALL.iter().filter(|spec| spec.counted).collect();
    assert_eq!(specs.len(), 5);
    for spec in specs {
        let (number, sent) = counted(&rig, &format!("SELECT count(*) FROM {}", spec.name)).await;
        assert_eq!(number, rows(&rig, spec.path).to_string(), "{}", spec.name);
        assert_eq!(sent, [format!("/v1.0{}/$count", spec.path)]);
    }
}

#[tokio::test]
async fn what_stands_around_the_table_changes_nothing() {
    let rig = Rig::sound().await;
    let users = rows(&rig, "/users");
    for sql in [
        "SELECT count(1) FROM users",
        "SELECT count(id) FROM users",
        "SELECT count(u) AS n FROM (SELECT id AS u FROM users) AS x",
        "SELECT count(*) FROM (SELECT id, display_name FROM users)",
        "WITH u AS (SELECT * FROM users ORDER BY id) SELECT count(*) FROM u",
        "SELECT (SELECT count(*) FROM users)",
        "SELECT sum(one) FROM (SELECT 1 AS one FROM users)",
    ] {
        let (number, sent) = counted(&rig, sql).await;
        assert_eq!((number, sent), (users.to_string(), vec!["/v1.0/users/$count".into()]), "{sql}");
    }
}

#[tokio::test]
async fn exact_predicates_are_sent_along() {
    let rig = Rig::sound().await;
    let enabled = |row: &&serde_json::Value| row["accountEnabled"] == true;
    let expected = rig.simulator().world().rows_of("/users").iter().filter(enabled).count();
    let (number, sent) = counted(&rig, "SELECT count(*) FROM users WHERE account_enabled").await;
    assert_eq!(number, expected.to_string());
    assert_eq!(sent, ["/v1.0/users/$count?$filter=accountEnabled%20eq%20true"]);
}

#[tokio::test]
async fn a_predicate_that_is_checked_here_needs_the_rows() {
    let rig = Rig::sound().await;
    for predicate in [
        // Compared without case by Graph.
        "display_name = 'Anna Adams'",
        "starts_with(display_name, 'A')",
        // Sent as a bound that lets its own instant through.
        "created_date_time > '2026-01-01'",
        "account_enabled AND length(display_name) > 3",
        "sign_in_activity IS NULL",
    ] {
        let sql = format!("SELECT count(*) FROM users WHERE {predicate}");
        let (_, sent) = counted(&rig, &sql).await;
        assert!(!sent.is_empty() && sent.iter().all(|t| !t.contains("/$count")), "{sql}: {sent:?}");
    }
}

#[tokio::test]
async fn what_is_no_listing_is_not_counted() {
    let rig = Rig::sound().await;
    for sql in [
        "SELECT count(*) FROM users WHERE id IN ('a', 'b')",
        "SELECT count(*) FROM sign_ins",
        "SELECT count(*) FROM group_members",
        "SELECT count(*) FROM organization",
        "SELECT count(*) FROM administrative_units",
        "SELECT count(DISTINCT id) FROM users",
        "SELECT count(display_name) FROM users",
    ] {
        let (_, sent) = counted(&rig, sql).await;
        assert!(!sent.is_empty() && sent.iter().all(|t| !t.contains("/$count")), "{sql}: {sent:?}");
    }
}

#[tokio::test]
async fn without_pushdown_the_rows_are_counted_here() {
    let rig = Rig::sound().await;
    rig.rows("SET entra.pushdown = false").await;
    let (number, sent) = counted(&rig, "SELECT count(*) FROM users").await;
    let users = rows(&rig, "/users");
    assert_eq!((number, sent.len()), (users.to_string(), users.div_ceil(PAGE)));
}

#[tokio::test]
async fn a_limit_within_a_page_takes_the_page_and_a_longer_one_the_count() {
    let rig = Rig::sound().await;
    rig.rows("SET entra.page_size = 7").await;
    let (number, sent) = counted(&rig, "SELECT count(*) FROM (SELECT 1 FROM users LIMIT 5)").await;
    assert_eq!((number.as_str(), sent), ("5", vec!["/v1.0/users?$select=id&$top=5".to_owned()]));
    for (limit, expected) in [(10, 10), (5_000, rows(&rig, "/users"))] {
        let sql = format!("SELECT count(*) FROM (SELECT 1 FROM users LIMIT {limit})");
        let (number, sent) = counted(&rig, &sql).await;
        assert_eq!((number, sent), (expected.to_string(), vec!["/v1.0/users/$count".to_owned()]));
    }
    let (number, sent) = counted(&rig, "SELECT count(*) FROM (SELECT 1 FROM users LIMIT 0)").await;
    assert_eq!((number.as_str(), sent.len()), ("0", 0));
}

#[tokio::test]
async fn explain_the_estimate_and_the_receipt_say_one_request() {
    let rig = Rig::sound().await;
    let sql = "SELECT count(*) FROM users WHERE account_enabled";
    let plan = rig.rows(&format!("EXPLAIN {sql}")).await.concat().join("\n");
    let request = "GET /v1.0/users/$count?$filter=accountEnabled%20eq%20true  \
                   [ConsistencyLevel: eventual]";
    assert!(plan.contains(request) && plan.contains("pushed: accountEnabled eq true"), "{plan}");
    let cost = rig.rows(&format!("EXPLAIN GRAPH {sql}")).await.concat().join(" | ");
    assert!(cost.contains("| 1 | 1 | 1 | Graph counts |"), "{cost}");
    assert_eq!(rig.graph().len(), 0, "planning sends nothing");
    let Outcome { result, receipt } = rig.run(sql).await;
    let number = result.unwrap().concat().join("");
    assert_eq!((receipt.requests, receipt.scans.len()), (1, 1));
    let told = format!("users: {number} rows; counted by Graph; pushed accountEnabled eq true");
    assert_eq!(receipt.details(), [told]);
}

#[tokio::test]
async fn rows_at_hand_are_counted_for_free_and_so_is_a_count_at_hand() {
    let rig = Rig::sound().await;
    rig.rows("SET entra.cache_ttl = '5m'").await;
    let count = "SELECT count(*) FROM users";
    let first = counted(&rig, count).await;
    assert_eq!((first.1.len(), counted(&rig, count).await), (1, (first.0.clone(), vec![])));
    rig.clock.advance(Duration::from_secs(600));
    rig.rows("SELECT id FROM users").await;
    assert_eq!(counted(&rig, count).await, (first.0, vec![]));
}

#[tokio::test]
async fn a_byte_order_mark_is_no_digit() {
    let rig = Rig::scripted("bom").await;
    let (number, _) = counted(&rig, "SELECT count(*) FROM users").await;
    assert_eq!(number, rows(&rig, "/users").to_string());
}

#[tokio::test]
async fn a_reply_that_is_no_number_is_an_error() {
    for (body, kind) in [
        (r#"{"text": "many", "content_type": "text/plain"}"#, ErrorKind::Malformed),
        (r#"{"text": "-1", "content_type": "text/plain"}"#, ErrorKind::Malformed),
        (r#"{"text": "1.5", "content_type": "text/plain"}"#, ErrorKind::Malformed),
        (
            r#"{"text": "99999999999999999999999", "content_type": "text/plain"}"#,
            ErrorKind::Malformed,
        ),
        (r#"{"text": "", "content_type": "text/plain"}"#, ErrorKind::Unavailable),
        (r#"{"text": "24", "content_type": "text/html"}"#, ErrorKind::Unavailable),
    ] {
        let step = format!(r#"[{{"when": {{"times": 0}}, "do": {{"body": {body}}}}}]"#);
        let rig = Rig::written(&step).await;
        let error = rig.error("SELECT count(*) FROM users").await;
        assert_eq!(error.kind(), kind, "{body}: {error:?}");
    }
}

#[tokio::test]
async fn a_cut_number_is_never_taken_for_a_smaller_one() {
    for framing in ["length", "chunked", "close"] {
        let cut = format!(r#"{{"framing": "{framing}", "keep": 0.5, "reset": false}}"#);
        let step = |times| format!(r#"[{{"when": {{"times": {times}}}, "do": {{"cut": {cut}}}}}]"#);
        let rig = Rig::written(&step(1)).await;
        let (number, _) = counted(&rig, "SELECT count(*) FROM users").await;
        assert_eq!(number, rows(&rig, "/users").to_string(), "{framing}");
        let rig = Rig::written(&step(0)).await;
        let error = rig.error("SELECT count(*) FROM users").await;
        assert_eq!(error.kind(), ErrorKind::Unavailable, "{framing}: {error:?}");
    }
}

#[tokio::test]
async fn a_throttled_count_waits_and_a_refused_one_names_the_permission() {
    let rig = Rig::scripted("429_first").await;
    let (number, _) = counted(&rig, "SELECT count(*) FROM users").await;
    assert_eq!(number, rows(&rig, "/users").to_string());
    assert_eq!(rig.graph().len(), 2);
    let few = Options { roles: vec!["Group.Read.All".into()], ..options() };
    let rig = Rig::with(few, settings()).await;
    let error = rig.error("SELECT count(*) FROM users").await;
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert!(error.to_string().contains("User.Read.All"), "{error:?}");
}
