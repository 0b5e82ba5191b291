//! What a query costs when nothing fails: a right result at the wrong price is wrong.

use entraql::ErrorKind;
use entraql::sim::Options;

use crate::faults::rig::{Rig, options, settings};
use crate::faults::world::ids;

/// Runs a query and returns how many rows came, and the targets asked for.
async fn cost(sql: &str) -> (usize, Vec<String>) {
    let rig = Rig::sound().await;
    let rows = rig.rows(sql).await.len();
    let refused = rig.simulator().refusals();
    assert!(refused.is_empty(), "{refused:?}");
    (rows, rig.graph().into_iter().map(|seen| seen.target).collect())
}

#[tokio::test]
async fn a_limit_below_a_page_is_one_request_for_so_many_rows() {
    let (rows, targets) = cost("SELECT id FROM sign_ins LIMIT 3").await;
    assert_eq!((rows, targets), (3, vec!["/v1.0/auditLogs/signIns?$top=3".to_owned()]));
}

#[tokio::test]
async fn a_limit_beyond_a_page_takes_the_pages_it_needs() {
    for (limit, wanted, pages) in [(7, 7, 1), (8, 8, 2), (10, 10, 2), (14, 14, 2), (15, 15, 3)] {
        let (rows, targets) = cost(&format!("SELECT id FROM sign_ins LIMIT {limit}")).await;
        assert_eq!((rows, targets.len()), (wanted, pages), "LIMIT {limit}: {targets:?}");
    }
}

#[tokio::test]
async fn a_limit_of_nothing_asks_nothing() {
    let (rows, targets) = cost("SELECT id FROM sign_ins LIMIT 0").await;
    assert_eq!((rows, targets), (0, Vec::new()));
}

#[tokio::test]
async fn a_full_scan_is_one_request_per_page() {
    for (table, rows, pages) in
        [("sign_ins", 20, 3), ("users", 27, 4), ("groups", 10, 2), ("risky_users", 9, 2)]
    {
        let (found, targets) = cost(&format!("SELECT id FROM {table}")).await;
        assert_eq!((found, targets.len()), (rows, pages), "{table}: {targets:?}");
    }
}

#[tokio::test]
async fn the_newest_rows_of_a_log_are_one_request() {
    let sql = "SELECT id FROM sign_ins ORDER BY created_date_time DESC LIMIT 5";
    let (rows, targets) = cost(sql).await;
    assert_eq!((rows, targets.len()), (5, 1), "{targets:?}");
    assert!(targets[0].contains("$top=5"), "{targets:?}");
}

#[tokio::test]
async fn one_user_by_id_is_one_direct_get() {
    let rig = Rig::sound().await;
    let id = ids(rig.simulator().world().rows("users").iter()).swap_remove(3);
    let found = rig.ids(&format!("SELECT id FROM users WHERE id = '{id}'")).await;
    assert_eq!(found, std::slice::from_ref(&id));
    let graph = rig.graph();
    assert_eq!(graph.len(), 1);
    assert!(graph[0].target.starts_with(&format!("/v1.0/users/{id}?")), "{}", graph[0].target);
}

#[tokio::test]
async fn twenty_users_by_id_share_one_request() {
    let rig = Rig::with(Options { max_page: None, ..options() }, settings()).await;
    let mut wanted = ids(rig.simulator().world().rows("users").iter().take(20));
    let list = format!("'{}'", wanted.join("', '"));
    let mut found = rig.ids(&format!("SELECT id FROM users WHERE id IN ({list})")).await;
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted);
    let graph = rig.graph();
    assert_eq!((graph.len(), graph[0].target.as_str()), (1, "/v1.0/$batch"));
    assert_eq!(rig.simulator().seen_in_batches().len(), 2);
}

#[tokio::test]
async fn an_id_nobody_has_is_no_row_and_no_error() {
    let nobody = "00000000-0000-4000-8000-00000000dead";
    for table in ["users", "groups", "risky_users"] {
        let (rows, targets) = cost(&format!("SELECT id FROM {table} WHERE id = '{nobody}'")).await;
        assert_eq!((rows, targets.len()), (0, 1), "{table}: {targets:?}");
    }
}

#[tokio::test]
async fn a_query_nobody_polls_sends_nothing() {
    let rig = Rig::sound().await;
    let query = rig.engine.query("SELECT id FROM sign_ins").await.unwrap();
    assert!(rig.simulator().seen().is_empty());
    drop(query);
    rig.rows("EXPLAIN SELECT id FROM sign_ins").await;
    assert!(rig.simulator().seen().is_empty());
}

#[tokio::test]
async fn a_budget_ends_a_query_before_the_request_that_breaks_it() {
    let rig = Rig::sound().await;
    rig.rows("SET entra.max_requests = 2").await;
    let error = rig.error("SELECT id FROM sign_ins").await;
    assert_eq!((error.kind(), error.kind().exit_code()), (ErrorKind::Budget, 7), "{error:?}");
    assert_eq!(rig.graph().len(), 2);
}
