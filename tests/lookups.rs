//! A join asks for the rows it has found values of: which requests it takes, that the rows are
//! those of the files, and that a listing is read where that is cheaper or the only way.

use std::collections::BTreeSet;

use entraql::sim::Options;
use serde_json::Value;

use crate::faults::rig::{Rig, options, settings};

/// A rig whose pages are as long as they can be.
async fn rig() -> Rig {
    Rig::with(Options { max_page: None, ..options() }, settings()).await
}

impl Rig {
    pub fn json(&self, collection: &str) -> Vec<Value> {
        self.simulator().world().rows(collection).to_vec()
    }

    /// Paths of the requests on the wire, the parts of a batch not among them.
    pub fn paths(&self) -> Vec<String> {
        let path = |target: &str| target.split('?').next().unwrap_or_default().to_owned();
        self.graph().iter().map(|seen| path(&seen.target)).collect()
    }

    /// Filters of all requests for a path, in batches or not.
    pub fn filters(&self, path: &str) -> Vec<String> {
        let parts = self.simulator().seen_in_batches();
        let all = self.graph().into_iter().chain(parts);
        let asked = all.filter(|seen| seen.target.split('?').next() == Some(path));
        let filter = |target: &str| {
            let options = target.split(['?', '&']).find_map(|o| o.strip_prefix("$filter="));
            options.unwrap_or_default().replace("%20", " ").replace("%27", "'")
        };
        asked.map(|seen| filter(&seen.target)).collect()
    }

    /// Checks the rows against those of a session that sends no filters, and returns them.
    pub async fn agreed(&self, sql: &str) -> BTreeSet<Vec<String>> {
        let rows = self.rows(sql).await;
        let off = rig().await;
        off.engine.set("entra.pushdown", "false").unwrap();
        let expected = off.rows(sql).await;
        assert_eq!(sorted(&rows), sorted(&expected), "{sql}");
        assert!(off.filters("/v1.0/users").iter().all(String::is_empty), "{sql}");
        rows.into_iter().collect()
    }
}

fn sorted(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut rows = rows.to_vec();
    rows.sort();
    rows
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| "NULL".to_owned(), str::to_owned)
}

/// Pairs of rows whose texts are equal, as `id`s.
fn pairs(left: &[Value], by: &str, right: &[Value], key: &str) -> BTreeSet<Vec<String>> {
    let mut pairs = BTreeSet::new();
    for one in left {
        for other in right.iter().filter(|other| !one[by].is_null() && other[key] == one[by]) {
            pairs.insert(vec![text(&one["id"]), text(&other["id"])]);
        }
    }
    pairs
}

const RISKY: &str = "/v1.0/identityProtection/riskyUsers";
const USERS: &str = "/v1.0/users";
const SIGN_INS: &str = "/v1.0/auditLogs/signIns";
const BATCH: &str = "/v1.0/$batch";

/// Ids that may or may not be those of users: a side of a join as large as a test wants it.
fn ids(count: usize) -> String {
    let id = |n: usize| format!("('a0000000-0000-4000-8000-{n:012}')");
    format!("(VALUES {})", (1..=count).map(id).collect::<Vec<_>>().join(", "))
}

#[tokio::test]
async fn either_way_it_is_written_a_join_asks_for_the_ids_it_has_found() {
    for from in
        ["risky_users r JOIN users u ON r.id = u.id", "users u JOIN risky_users r USING (id)"]
    {
        let rig = rig().await;
        let rows = rig.agreed(&format!("SELECT r.id, u.id FROM {from}")).await;
        assert_eq!(rows, pairs(&rig.json("riskyUsers"), "id", &rig.json("users"), "id"));
        assert_eq!(rig.paths(), [RISKY, USERS], "{from}");
        let filters = rig.filters(USERS);
        assert!(filters[0].starts_with("id in ('a0000000-"), "{filters:?}");
    }
}

#[tokio::test]
async fn outer_rows_stay_and_semi_joins_ask_as_well() {
    for (sql, rows) in [
        ("SELECT r.id, u.display_name FROM risky_users r LEFT JOIN users u ON u.id = r.id", 9),
        ("SELECT u.display_name, r.id FROM users u RIGHT JOIN risky_users r ON u.id = r.id", 9),
        ("SELECT id FROM users WHERE id IN (SELECT id FROM risky_users)", 9),
        ("SELECT id FROM users u WHERE EXISTS (SELECT 1 FROM risky_users r WHERE r.id = u.id)", 9),
        (
            "SELECT r.id, (SELECT u.display_name FROM users u WHERE u.id = r.id) FROM risky_users r",
            9,
        ),
        (
            "SELECT g.n, u.id FROM (SELECT id, count(*) AS n FROM users GROUP BY id) AS u \
          JOIN risky_users g0 ON g0.id = u.id JOIN (VALUES (1)) AS g(n) ON true",
            9,
        ),
        (
            "SELECT u.id FROM (SELECT id FROM users UNION ALL SELECT id FROM users) u \
          JOIN risky_users r ON r.id = u.id",
            9,
        ),
    ] {
        let rig = rig().await;
        assert_eq!(rig.agreed(sql).await.len(), rows, "{sql}");
        let asked = rig.filters(USERS);
        assert!(asked.iter().all(|filter| filter.starts_with("id in (")), "{sql}\n{asked:?}");
        assert!(asked.len() <= 2, "{sql}\n{asked:?}");
    }
}

#[tokio::test]
async fn where_rows_without_a_partner_stay_the_table_is_listed() {
    for sql in [
        "SELECT id FROM users u WHERE NOT EXISTS (SELECT 1 FROM risky_users r WHERE r.id = u.id)",
        "SELECT id FROM risky_users r WHERE id NOT IN (SELECT id FROM users)",
        "SELECT u.id, r.id FROM users u FULL JOIN risky_users r ON r.id = u.id",
        "SELECT u.id, r.id FROM users u LEFT JOIN risky_users r ON r.id = u.id",
        "SELECT u.id, r.id FROM users u JOIN risky_users r ON lower(r.id) = lower(u.id)",
    ] {
        let rig = rig().await;
        rig.agreed(sql).await;
        assert_eq!(rig.filters(USERS), [""], "{sql}");
    }
}

#[tokio::test]
async fn filters_go_along_and_leave_room_for_fewer_ids() {
    let rig = rig().await;
    let sql = format!(
        "SELECT u.id FROM {} AS v(id) JOIN users u ON u.id = v.id WHERE u.account_enabled",
        ids(15)
    );
    let rows = rig.agreed(&sql).await;
    let enabled = |user: &Value| user["accountEnabled"] == true;
    let first = |user: &Value| text(&user["id"])[24..].parse::<u32>().unwrap() <= 15;
    let users = rig.json("users");
    assert_eq!(rows.len(), users.iter().filter(|u| enabled(u) && first(u)).count());
    let filters = rig.filters(USERS);
    assert_eq!(filters.len(), 2, "{filters:?}");
    assert!(filters.iter().all(|f| f.starts_with("accountEnabled eq true and id ")), "{filters:?}");
    assert_eq!(rig.paths(), [BATCH]);
}

#[tokio::test]
async fn a_log_is_asked_for_the_users_a_join_has_found() {
    let rig = rig().await;
    let sql = "SELECT u.id, s.id FROM users u JOIN sign_ins s ON s.user_id = u.id
                WHERE u.department = 'Sales'";
    let rows = rig.agreed(sql).await;
    assert!(rows.len() > 10, "{rows:?}");
    assert_eq!(rig.paths(), [USERS, SIGN_INS]);
    let filter = &rig.filters(SIGN_INS)[0];
    assert!(filter.contains("userId eq 'a0000000-") && filter.contains(" or "), "{filter}");
}

#[tokio::test]
async fn a_log_narrowed_by_a_filter_tells_which_users_are_asked_for() {
    let rig = rig().await;
    let sql = "SELECT s.id, u.id FROM users u JOIN sign_ins s ON s.user_id = u.id
                WHERE s.ip_address = '2001:db8::1'";
    assert_eq!(rig.agreed(sql).await.len(), 1);
    assert_eq!(rig.paths(), [SIGN_INS, USERS]);
    let one = "id eq 'a0000000-0000-4000-8000-000000000001'";
    assert_eq!(rig.filters(USERS), [one]);
}

#[tokio::test]
async fn the_newest_of_a_log_are_read_before_their_users() {
    let newest = "ORDER BY s.created_date_time DESC LIMIT 3";
    for from in ["sign_ins s LEFT JOIN users u", "users u RIGHT JOIN sign_ins s"] {
        let rig = rig().await;
        let sql = format!("SELECT s.id, u.id AS who FROM {from} ON u.id = s.user_id {newest}");
        let rows = rig.rows(&sql).await;
        let ids: Vec<_> = rows.iter().map(|row| &row[0][row[0].len() - 4..]).collect();
        assert_eq!(ids, ["0001", "0002", "0003"], "{sql}");
        assert!(rows.iter().all(|row| row[1].ends_with("0001")), "{rows:?}");
        assert_eq!(rig.paths(), [SIGN_INS, USERS], "{sql}");
        assert_eq!(rig.filters(USERS), ["id eq 'a0000000-0000-4000-8000-000000000001'"]);
        assert!(rig.graph()[0].target.contains("$top=3"), "{:?}", rig.graph());
    }
}

#[tokio::test]
async fn a_limit_goes_to_no_side_that_may_lose_rows_or_has_no_say_in_the_order() {
    for (sql, rows) in [
        (
            "SELECT s.id, u.id FROM sign_ins s LEFT JOIN users u ON u.id = s.user_id
           ORDER BY u.display_name, s.id LIMIT 5 OFFSET 2",
            5,
        ),
        (
            "SELECT s.id, u.id FROM sign_ins s LEFT JOIN users u ON u.id = s.user_id
           WHERE u.department = 'sales' ORDER BY s.created_date_time DESC, s.id LIMIT 5",
            1,
        ),
        (
            "SELECT s.id, u.id FROM sign_ins s LEFT JOIN users u ON u.id = s.user_id
           ORDER BY s.created_date_time DESC, s.id LIMIT 4 OFFSET 3",
            4,
        ),
        (
            "SELECT u.id, s.id FROM users u LEFT JOIN sign_ins s ON u.id = s.user_id
           ORDER BY u.id DESC, s.id LIMIT 7",
            7,
        ),
    ] {
        assert_eq!(rig().await.agreed(sql).await.len(), rows, "{sql}");
    }
}

#[tokio::test]
async fn a_side_of_unknown_size_is_read_first() {
    let rig = rig().await;
    let sql = "SELECT u.id FROM users u JOIN
                (SELECT unnest(['a0000000-0000-4000-8000-000000000001', NULL]) AS id) v
                ON v.id = u.id";
    assert_eq!(rig.agreed(sql).await.len(), 1);
    assert_eq!(rig.filters(USERS), ["id eq 'a0000000-0000-4000-8000-000000000001'"]);
}

#[tokio::test]
async fn members_of_a_group_are_asked_for_as_users() {
    let rig = rig().await;
    let sql = "SELECT m.id, u.id FROM groups g JOIN group_members m ON m.group_id = g.id
                JOIN users u ON u.id = m.id WHERE g.display_name = 'Role Keepers'";
    let rows = rig.agreed(sql).await;
    assert!(!rows.is_empty());
    assert_eq!(rig.paths().len(), 3, "{:?}", rig.paths());
    assert!(rig.filters(USERS)[0].starts_with("id "), "{:?}", rig.filters(USERS));
}

#[tokio::test]
async fn the_value_of_a_subquery_is_asked_for() {
    let rig = rig().await;
    let sql = "SELECT id FROM users WHERE id = (SELECT max(id) FROM risky_users)";
    assert_eq!(rig.agreed(sql).await.len(), 1);
    assert_eq!(rig.paths(), [RISKY, USERS]);
    assert_eq!(rig.filters(USERS), ["id eq 'a0000000-0000-4000-8000-000000000014'"]);
    let none = "SELECT id FROM users WHERE id = (SELECT max(id) FROM risky_users WHERE false)";
    assert!(rig.agreed(none).await.is_empty());
    assert_eq!(rig.filters(USERS).len(), 1);
}

#[tokio::test]
async fn nothing_found_is_nothing_asked() {
    let rig = rig().await;
    let sql = "SELECT u.id FROM risky_users r JOIN users u ON u.id = r.id WHERE r.id = 'nobody'";
    rig.agreed(sql).await;
    assert!(rig.filters(USERS).is_empty(), "{:?}", rig.graph());
}

#[tokio::test]
async fn past_the_break_even_the_table_is_listed() {
    // Users are taken to be 10,000: 11 pages, as many as 165 ids have requests.
    for (count, paths) in [(15, 1), (165, 1), (166, 1), (400, 1)] {
        let rig = rig().await;
        let sql = format!("SELECT u.id FROM {} AS v(id) JOIN users u ON u.id = v.id", ids(count));
        let rows = rig.agreed(&sql).await;
        assert_eq!(rows.len(), rig.json("users").len().min(count));
        assert_eq!(rig.paths().len(), paths, "{count}: {:?}", rig.paths());
        let listed = rig.filters(USERS) == [""];
        assert_eq!(listed, count > 165, "{count}: {:?}", rig.filters(USERS));
    }
}

#[tokio::test]
async fn what_a_listing_took_before_decides_the_break_even() {
    let rig = rig().await;
    rig.rows("SELECT display_name FROM users").await;
    let sql = |n| format!("SELECT u.id FROM {} AS v(id) JOIN users u ON u.id = v.id", ids(n));
    rig.rows(&sql(16)).await;
    rig.rows(&sql(15)).await;
    let filters = rig.filters(USERS);
    assert_eq!(filters[..2], ["", ""], "one page is less than two requests");
    assert!(filters[2].starts_with("id in ("), "{filters:?}");
}

#[tokio::test]
async fn a_short_part_of_a_log_is_read_rather_than_asked_for_user_by_user() {
    for (bound, asked) in [("true", 2), ("s.created_date_time >= now() - INTERVAL '1 hour'", 0)] {
        let rig = rig().await;
        let sql = format!(
            "SELECT v.id, s.id FROM {} AS v(id) JOIN sign_ins s ON s.user_id = v.id WHERE {bound}",
            ids(20)
        );
        assert!(!rig.agreed(&sql).await.is_empty());
        let filters = rig.filters(SIGN_INS);
        let by_user = filters.iter().filter(|filter| filter.contains("userId eq ")).count();
        assert_eq!((by_user, filters.len()), (asked, asked.max(1)), "{filters:?}");
    }
}

#[tokio::test]
async fn what_is_no_id_is_never_sent() {
    for value in ["../groups", "x' or id ne 'x", "not-a-guid"] {
        let rig = rig().await;
        let known = "a0000000-0000-4000-8000-000000000001";
        let value = value.replace('\'', "''");
        let sql = format!(
            "SELECT u.id FROM (VALUES ('{value}'), (''), ('{known}')) AS v(id)
               JOIN users u ON u.id = v.id"
        );
        assert_eq!(rig.agreed(&sql).await.len(), 1);
        assert_eq!(rig.filters(USERS), [""], "{value}");
    }
}

#[tokio::test]
async fn a_name_is_quoted_and_case_is_compared_here() {
    let rig = rig().await;
    let sql = "SELECT u.id FROM (VALUES ('siobhan.o''brien@tiny.example'), ('user3@tiny.example'),
                 ('USER3@TINY.EXAMPLE')) AS v(name) JOIN users u ON u.user_principal_name = v.name";
    assert_eq!(rig.agreed(sql).await.len(), 2);
    let filter = rig.filters(USERS).remove(0);
    assert!(filter.contains("'siobhan.o''brien@tiny.example'"), "{filter}");
}

#[tokio::test]
async fn a_limit_below_a_join_keeps_its_rows() {
    for sql in [
        "SELECT s.id FROM (SELECT id, user_id FROM sign_ins ORDER BY created_date_time DESC
                            LIMIT 6) s JOIN risky_users r ON r.id = s.user_id",
        "SELECT u.id FROM (SELECT id FROM users ORDER BY id LIMIT 5) u JOIN risky_users r USING (id)",
    ] {
        rig().await.agreed(sql).await;
    }
}

#[tokio::test]
async fn an_order_the_plan_relies_on_is_kept() {
    let rig = rig().await;
    let sql = "SELECT s.created_date_time, s.id FROM users u JOIN sign_ins s ON s.user_id = u.id
                ORDER BY s.created_date_time DESC, s.id";
    rig.agreed(sql).await;
    // The file has them newest first, and numbered.
    let ids: Vec<_> = rig.rows(sql).await.into_iter().map(|row| row[1].clone()).collect();
    assert!(ids.len() > 10 && ids.is_sorted(), "{ids:?}");
}

#[tokio::test]
async fn rows_a_join_has_asked_for_are_not_kept_as_all_rows_and_all_rows_serve_a_join() {
    let rig = rig().await;
    rig.engine.set("entra.cache_ttl", "1h").unwrap();
    let join = "SELECT u.id FROM risky_users r JOIN users u ON u.id = r.id";
    let all = rig.json("users").len();
    assert_eq!(rig.rows(join).await.len(), 9);
    assert_eq!(rig.rows("SELECT id FROM users").await.len(), all);
    let sent = rig.graph().len();
    assert_eq!(rig.rows(join).await.len(), 9);
    assert_eq!(rig.graph().len(), sent, "both sides are in the cache");
}

#[tokio::test]
async fn explain_and_the_receipt_say_so() {
    let rig = rig().await;
    let join = "SELECT u.id FROM risky_users r JOIN users u ON u.id = r.id";
    let plan = rig.rows(&format!("EXPLAIN {join}")).await.concat().join("\n");
    let told = "narrowed: asks for the `id` a join or subquery finds, 15 to a request, 20 requests to a $batch, \
                else for all";
    assert!(plan.contains(told), "{plan}");
    let cost = rig.rows(&format!("EXPLAIN GRAPH {join}")).await.concat().join(" | ");
    assert!(cost.contains("what a join above finds"), "{cost}");
    let sorted = "EXPLAIN SELECT id FROM users ORDER BY display_name LIMIT 3";
    let sorted = rig.rows(sorted).await.concat().join("\n");
    assert!(!sorted.contains("narrowed"), "{sorted}");
    assert!(rig.graph().is_empty());

    let receipt = rig.run(join).await.receipt;
    let users = receipt.scans.iter().find(|scan| scan.table == "users").unwrap();
    assert_eq!(users.pushed, ["9 values of `id` a join has found"]);
    assert_eq!((users.rows, users.is_listing, receipt.requests), (9, false, 2));
}

/// 27 users in three requests, and all of them in one `$batch`.
fn many() -> String {
    format!("SELECT u.id FROM {} AS v(id) JOIN users u ON u.id = v.id", ids(40))
}

#[tokio::test]
async fn a_throttled_part_is_asked_again_and_the_rows_are_complete() {
    let rig = Rig::written(
        r#"[{"when": {"path": "/v1.0/users", "part": true, "nth": 2}, "do": {"reply": {"status": 429,
            "code": "TooManyRequests", "message": "later", "headers": {"retry-after": "3"}}}}]"#,
    )
    .await;
    let ids: BTreeSet<_> = rig.ids(&many()).await.into_iter().collect();
    let all: BTreeSet<_> = rig.json("users").iter().map(|user| text(&user["id"])).collect();
    assert_eq!(ids, all);
    assert!(
        matches!(rig.waits("throttled")[..], [wait] if wait >= 3.0),
        "{:?}",
        rig.waits("throttled")
    );
    assert!(rig.paths().iter().all(|path| path == BATCH || path == USERS), "{:?}", rig.paths());
}

#[tokio::test]
async fn a_part_that_fails_fails_the_query() {
    for status in [403, 404, 500] {
        let steps = format!(
            r#"[{{"when": {{"path": "/v1.0/users", "part": true, "nth": 2, "times": 0}}, "do": {{"reply":
                {{"status": {status}, "code": "Broken", "message": "no", "headers": {{}}}}}}}}]"#
        );
        let rig = Rig::written(&steps).await;
        rig.error(&many()).await;
    }
}
