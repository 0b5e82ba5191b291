//! Tables whose rows hang below the objects of another: which requests they take, and what
//! happens to objects that are gone.

use chrono::{DateTime, Utc};
use entraql::error::ErrorKind;
use entraql::graph::Pacing;
use entraql::sim::{Options, WorldName};
use entraql::{Engine, Settings};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_794_657_600, 0).unwrap()
}

async fn engine(options: Options) -> Engine {
    let options = Options { world: WorldName::Tiny, now: now(), ..options };
    let settings = Settings { pacing: Pacing::Off, now: Some(now()), ..Settings::default() };
    Engine::simulated(options, settings).await.unwrap()
}

/// Paths of the requests on the wire, the parts of a batch not among them.
fn sent(engine: &Engine) -> Vec<String> {
    let seen = engine.simulator().unwrap().seen();
    let wire = seen.iter().filter(|seen| !seen.in_batch && !seen.target.contains("oauth2"));
    wire.map(|seen| seen.target.split('?').next().unwrap_or_default().to_owned()).collect()
}

async fn rows(engine: &Engine, sql: &str) -> (usize, Vec<String>) {
    let mut query = engine.query(sql).await.unwrap();
    let mut rows = 0;
    while let Some(batch) = query.next().await.unwrap() {
        rows += batch.num_rows();
    }
    (rows, query.receipt().warnings)
}

const ANNA: &str = "a0000000-0000-4000-8000-000000000001";
const NOBODY: &str = "a0000000-0000-4000-8000-00000000ffff";

#[tokio::test]
async fn one_named_parent_is_one_request() {
    let engine = engine(Options::default()).await;
    let sql = format!("SELECT id FROM user_member_of WHERE user_id = '{ANNA}'");
    let (found, _) = rows(&engine, &sql).await;
    let truth = engine.simulator().unwrap().world().related("users", ANNA, "memberOf");
    assert_eq!(found, truth.len());
    assert_eq!(sent(&engine), [format!("/v1.0/users/{ANNA}/memberOf")]);
}

#[tokio::test]
async fn twenty_parents_share_a_request() {
    let engine = engine(Options::default()).await;
    let world = engine.simulator().unwrap().world();
    let (found, warnings) = rows(&engine, "SELECT id FROM user_member_of").await;
    assert_eq!(found, world.rows_of("/users/{user_id}/memberOf").len());
    // Whoever asks for the memberships of all is told of the cheaper way to them.
    assert!(warnings.iter().all(|warning| warning.contains("one by one")), "{warnings:?}");
    let batches = world.rows("users").len().div_ceil(20);
    let mut expected = vec!["/v1.0/users".to_owned()];
    expected.resize(1 + batches, "/v1.0/$batch".to_owned());
    assert_eq!(sent(&engine), expected);
}

#[tokio::test]
async fn pages_of_children_are_followed() {
    let engine = engine(Options { max_page: Some(2), ..Options::default() }).await;
    let (found, _) = rows(&engine, "SELECT group_id, id FROM group_members").await;
    let world = engine.simulator().unwrap().world();
    assert_eq!(found, world.rows_of("/groups/{group_id}/members").len());
}

#[tokio::test]
async fn a_parent_that_is_gone_has_no_rows_and_is_told() {
    let engine = engine(Options::default()).await;
    let sql = format!("SELECT id FROM user_member_of WHERE user_id IN ('{ANNA}', '{NOBODY}')");
    let (found, warnings) = rows(&engine, &sql).await;
    assert!(found > 0);
    assert!(warnings.iter().any(|w| w.contains("1 of `users`")), "{warnings:?}");
    assert_eq!(sent(&engine), ["/v1.0/$batch"]);
}

#[tokio::test]
async fn a_user_without_a_mailbox_is_nothing_to_warn_of() {
    let engine = engine(Options::default()).await;
    let (found, warnings) = rows(&engine, "SELECT user_id FROM user_mailbox_settings").await;
    assert_eq!(found, engine.simulator().unwrap().world().rows("mailboxSettings").len());
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[tokio::test]
async fn a_missing_permission_fails_once_and_is_named() {
    let roles = vec!["User.Read.All".to_owned()];
    let engine = engine(Options { roles, ..Options::default() }).await;
    let mut query = engine.query("SELECT id FROM user_authentication_methods").await.unwrap();
    let error = query.next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    let text = format!("{error:?}");
    assert!(text.contains("UserAuthenticationMethod.Read.All"), "{text}");
    // The users, a first batch, and the same again with a fresh token.
    assert!(sent(&engine).len() <= 3, "{:?}", sent(&engine));
}

#[tokio::test]
async fn a_limit_asks_no_more_parents_than_it_needs() {
    let engine = engine(Options::default()).await;
    let (found, _) = rows(&engine, "SELECT id FROM user_member_of LIMIT 1").await;
    assert_eq!(found, 1);
    assert_eq!(sent(&engine), ["/v1.0/users", "/v1.0/$batch"]);
}

#[tokio::test]
async fn a_join_asks_for_those_it_has_found_only() {
    let engine = engine(Options::default()).await;
    let sql = "SELECT m.id FROM users u JOIN user_member_of m ON m.user_id = u.id
                WHERE u.user_principal_name = 'user1@tiny.example'";
    let (found, _) = rows(&engine, sql).await;
    let truth = engine.simulator().unwrap().world().related("users", ANNA, "memberOf");
    assert_eq!(found, truth.len());
    assert_eq!(sent(&engine), ["/v1.0/users".to_owned(), format!("/v1.0/users/{ANNA}/memberOf")]);
}

#[tokio::test]
async fn a_receipt_has_each_scan_once() {
    let engine = engine(Options::default()).await;
    let sql = "SELECT g.id FROM groups g JOIN group_members m ON m.group_id = g.id";
    let mut query = engine.query(sql).await.unwrap();
    while query.next().await.unwrap().is_some() {}
    let scans: Vec<_> = query.receipt().scans.into_iter().map(|scan| scan.table).collect();
    assert_eq!(scans, ["groups", "group_members"]);
}

#[tokio::test]
async fn a_join_that_finds_nobody_asks_nobody() {
    let engine = engine(Options::default()).await;
    let sql = "SELECT m.id FROM users u JOIN user_member_of m ON m.user_id = u.id
                WHERE u.user_principal_name = 'nobody@tiny.example'";
    assert_eq!(rows(&engine, sql).await.0, 0);
    assert_eq!(sent(&engine), ["/v1.0/users"]);
}

#[tokio::test]
async fn a_subquery_names_the_parents_too_and_outer_rows_are_kept() {
    let engine = engine(Options::default()).await;
    let sql = "SELECT group_id, id FROM group_members WHERE group_id IN
                (SELECT id FROM groups WHERE display_name = 'Role Keepers')";
    let (found, _) = rows(&engine, sql).await;
    assert_eq!(found, 3);
    assert_eq!(sent(&engine).len(), 2, "{:?}", sent(&engine));
    let sql = "SELECT g.id, m.id FROM groups g LEFT JOIN group_members m ON m.group_id = g.id
                WHERE g.display_name = 'Null Group'";
    assert_eq!(rows(&engine, sql).await.0, 1);
    assert_eq!(sent(&engine).len(), 4, "{:?}", sent(&engine));
}

#[tokio::test]
async fn rows_a_join_has_narrowed_are_not_kept_as_all_rows() {
    let engine = engine(Options::default()).await;
    engine.set("entra.cache_ttl", "1h").unwrap();
    let sql = "SELECT m.id FROM groups g JOIN group_members m ON m.group_id = g.id
                WHERE g.display_name = 'Role Keepers'";
    rows(&engine, sql).await;
    let (all, _) = rows(&engine, "SELECT id FROM group_members").await;
    let world = engine.simulator().unwrap().world();
    assert_eq!(all, world.rows_of("/groups/{group_id}/members").len());
}
