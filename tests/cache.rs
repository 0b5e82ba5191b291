//! What was read to its end is not asked for again, and nothing else is ever handed out.

use std::time::Duration;

use chrono::TimeDelta;
use entraql::{Engine, ErrorKind, Receipt};

use crate::faults::rig::{Outcome, Rig};

/// Requests for all users: the directory has four pages.
const USERS: usize = 4;

const EVERYONE: &str = "SELECT id, display_name FROM users";

fn cached(rig: Rig) -> Rig {
    rig.engine.set("entra.cache_ttl", "5m").unwrap();
    rig
}

impl Rig {
    /// Runs a query that must end well; returns what it cost, too.
    async fn costs(&self, sql: &str) -> (Vec<Vec<String>>, usize, Receipt) {
        let before = self.graph().len();
        let Outcome { result, receipt } = self.run(sql).await;
        let rows = result.unwrap_or_else(|e| panic!("{sql}\n{e:?}"));
        (rows, self.graph().len() - before, receipt)
    }

    async fn requests(&self, sql: &str) -> usize {
        self.costs(sql).await.1
    }

    /// Polls a query a few times and drops it.
    async fn begin(&self, sql: &str, batches: usize) {
        let mut query = self.engine.query(sql).await.unwrap();
        for _ in 0..batches {
            query.next().await.unwrap();
        }
    }

    fn scans(&self) -> usize {
        self.engine.cache().scans
    }
}

#[tokio::test]
async fn the_same_query_again_sends_nothing_and_has_the_same_rows() {
    let rig = cached(Rig::sound().await);
    for sql in [
        EVERYONE,
        "SELECT count(*) FROM groups",
        "SELECT id, user_id FROM sign_ins ORDER BY created_date_time DESC",
        "SELECT id FROM users WHERE account_enabled = false",
        "SELECT id FROM users WHERE id = 'nobody'",
        "SELECT id FROM users WHERE id IN ('a', 'b', 'c')",
    ] {
        let (first, asked, fresh) = rig.costs(sql).await;
        let (again, nothing, receipt) = rig.costs(sql).await;
        assert!(asked > 0 && fresh.cached().is_empty(), "{sql}");
        assert_eq!((again, nothing, receipt.requests), (first, 0, 0), "{sql}");
        assert!(receipt.scans.iter().all(|scan| scan.cached.is_some() && scan.finished), "{sql}");
    }
}

#[tokio::test]
async fn it_is_off_unless_it_was_asked_for() {
    let rig = Rig::sound().await;
    assert_eq!((rig.requests(EVERYONE).await, rig.requests(EVERYONE).await), (USERS, USERS));
    assert_eq!((rig.scans(), rig.engine.cache().to_string()), (0, "the cache is off".into()));
}

#[tokio::test]
async fn a_receipt_and_both_explains_say_how_old_the_rows_are() {
    let rig = cached(Rig::sound().await);
    rig.rows(EVERYONE).await;
    rig.clock.advance(Duration::from_secs(40));
    let plan = rig.rows(&format!("EXPLAIN {EVERYONE}")).await.concat().join("\n");
    assert!(plan.contains("cache: read 40 s ago, no request is sent"), "{plan}");
    let cost = rig.rows(&format!("EXPLAIN GRAPH {EVERYONE}")).await.concat().join(" | ");
    assert!(cost.contains("0 | 0 | 0 | the cache"), "{cost}");
    assert!(cost.contains("its rows are in the cache, read 40 s ago"), "{cost}");

    let (rows, _, receipt) = rig.costs(EVERYONE).await;
    let told = format!("users: {} rows from the cache, read 40 s ago", rows.len());
    assert_eq!(receipt.cached(), [told]);
    let json: serde_json::Value = serde_json::from_str(&receipt.to_json()).unwrap();
    assert_eq!(json["scans"][0]["cache_age_ms"], 40_000);
    let kept = "SELECT s['cached_at'] IS NULL, s['cache_age_ms'] FROM \
                (SELECT query, unnest(scans) AS s FROM meta.receipts) ORDER BY query";
    let kept = rig.rows(kept).await;
    assert_eq!(kept, [["true", "NULL"], ["false", "40000"]]);
}

#[tokio::test]
async fn a_scan_that_was_not_read_to_its_end_is_not_kept() {
    let rig = cached(Rig::sound().await);
    rig.begin(EVERYONE, 0).await;
    rig.begin(EVERYONE, 1).await;
    rig.begin(EVERYONE, 3).await;
    rig.rows("SELECT id FROM users LIMIT 3").await;
    rig.rows("SELECT id FROM users LIMIT 14").await;
    rig.rows("SELECT id FROM users WHERE upper(display_name) LIKE 'A%' LIMIT 1").await;
    assert_eq!(rig.scans(), 0);
    assert_eq!(rig.requests(EVERYONE).await, USERS);
}

#[tokio::test]
async fn a_scan_that_fails_is_not_kept() {
    for script in ["404_page_2", "403_page_3", "json_truncated_always", "500_always"] {
        let rig = cached(Rig::scripted(script).await);
        rig.error(EVERYONE).await;
        rig.rows("SET entra.allow_partial = true").await;
        assert!(rig.run(EVERYONE).await.receipt.scans.iter().all(|scan| !scan.finished));
        assert_eq!(rig.scans(), 0, "{script}");
    }
}

#[tokio::test]
async fn a_limit_nobody_reached_leaves_the_whole_and_the_whole_serves_a_limit() {
    let rig = cached(Rig::sound().await);
    let (all, ..) = rig.costs("SELECT id FROM users LIMIT 5000").await;
    let (again, asked, _) = rig.costs("SELECT id FROM users").await;
    assert_eq!((&again, asked), (&all, 0));
    for limit in [1, 7, 10] {
        let (some, asked, receipt) =
            rig.costs(&format!("SELECT id FROM users LIMIT {limit}")).await;
        assert_eq!((&some[..], asked), (&all[..limit], 0));
        assert_eq!(receipt.scans[0].rows, limit as u64);
    }
}

#[tokio::test]
async fn rows_older_than_the_time_to_live_are_asked_for_again() {
    let rig = cached(Rig::sound().await);
    assert_eq!(rig.requests(EVERYONE).await, USERS);
    rig.clock.advance(Duration::from_secs(299));
    assert_eq!(rig.requests(EVERYONE).await, 0);
    rig.clock.advance(Duration::from_secs(1));
    assert_eq!(rig.requests(EVERYONE).await, USERS);
    // A laptop that sleeps: only the wall clock goes on.
    rig.clock.step_wall(TimeDelta::hours(8));
    assert_eq!(rig.requests(EVERYONE).await, USERS);
    // A wall clock set back makes nothing young again.
    rig.clock.step_wall(TimeDelta::hours(-8));
    rig.clock.advance(Duration::from_secs(301));
    assert_eq!(rig.requests(EVERYONE).await, USERS);
}

#[tokio::test]
async fn the_age_counts_from_the_first_request_of_the_scan() {
    let rig = cached(Rig::sound().await);
    let mut query = rig.engine.query(EVERYONE).await.unwrap();
    query.next().await.unwrap();
    rig.clock.advance(Duration::from_secs(299));
    while query.next().await.unwrap().is_some() {}
    assert_eq!(rig.requests(EVERYONE).await, 0);
    rig.clock.advance(Duration::from_secs(1));
    let mut query = rig.engine.query(EVERYONE).await.unwrap();
    query.next().await.unwrap();
    rig.clock.advance(Duration::from_secs(300));
    while query.next().await.unwrap().is_some() {}
    assert_eq!((rig.scans(), rig.requests(EVERYONE).await), (0, USERS));
}

#[tokio::test]
async fn fewer_columns_of_a_scan_are_at_hand_and_others_are_not() {
    let rig = cached(Rig::sound().await);
    let both = rig.rows("SELECT display_name, id FROM users").await;
    let (names, asked, _) = rig.costs("SELECT display_name FROM users").await;
    let expected: Vec<_> = both.iter().map(|row| vec![row[0].clone()]).collect();
    assert_eq!((names, asked), (expected, 0));
    let (swapped, asked, _) = rig.costs("SELECT id, display_name FROM users").await;
    let expected: Vec<_> = both.iter().map(|row| vec![row[1].clone(), row[0].clone()]).collect();
    assert_eq!((swapped, asked), (expected, 0));
    let (count, asked, _) = rig.costs("SELECT count(*) FROM users").await;
    assert_eq!((count, asked), (vec![vec![both.len().to_string()]], 0));
    assert_eq!(rig.requests("SELECT id, mail FROM users").await, USERS);
    // The wider scan takes the place of what it covers.
    assert_eq!(rig.scans(), 2);
    assert_eq!(rig.requests("SELECT id, mail, display_name FROM users").await, USERS);
    assert_eq!(rig.scans(), 1);
}

#[tokio::test]
async fn the_object_as_it_came_is_not_that_of_a_scan_of_other_columns() {
    let rig = cached(Rig::sound().await);
    let fresh = Rig::sound().await.rows("SELECT raw FROM users").await;
    rig.rows("SELECT raw, sign_in_activity, id FROM users").await;
    let (rows, asked, _) = rig.costs("SELECT raw FROM users").await;
    assert!(asked > 0);
    assert_eq!(rows, fresh);
}

#[tokio::test]
async fn another_filter_or_header_or_version_is_another_scan() {
    let rig = cached(Rig::sound().await);
    let mut before = 0;
    for sql in [
        "SELECT id FROM users WHERE account_enabled = true",
        "SELECT id FROM users WHERE account_enabled = false",
        "SELECT id FROM users WHERE display_name LIKE 'A%'",
        "SELECT id FROM users WHERE department IS NULL",
        "SELECT id FROM users WHERE id = 'a'",
        "SELECT id FROM users",
        "SELECT id FROM groups",
    ] {
        assert!(rig.requests(sql).await > 0, "{sql}");
        assert!(rig.scans() > before, "{sql}");
        before = rig.scans();
    }
}

#[tokio::test]
async fn a_log_that_was_read_further_back_has_the_rows_of_a_later_bound() {
    let (rig, fresh) = (cached(Rig::sound().await), Rig::sound().await);
    let since = |bound: &str, rest: &str| {
        format!("SELECT id FROM sign_ins WHERE created_date_time >= '{bound}' {rest}")
    };
    let bounds = fresh.ids("SELECT created_date_time FROM sign_ins ORDER BY 1").await;
    let at = |part: usize| &bounds[(bounds.len() - 1) * part / 4];
    let (first, middle, last) = (at(1), at(2), at(4));
    assert!(first < middle && middle < last, "{bounds:?}");
    assert!(rig.requests(&since(middle, "")).await > 0);
    for rest in ["", "ORDER BY created_date_time DESC", "ORDER BY created_date_time, id LIMIT 2"] {
        for bound in [middle, last] {
            let sql = since(bound, rest);
            let (rows, asked, _) = rig.costs(&sql).await;
            assert_eq!((rows, asked), (fresh.rows(&sql).await, 0), "{sql}");
        }
    }
    assert!(rig.requests(&since(first, "")).await > 0, "further back");
    assert_eq!(rig.scans(), 1, "it takes the place of the one that reached less far");
    let until = format!("AND created_date_time < '{last}'");
    assert!(rig.requests(&since(middle, &until)).await > 0, "another end");
    assert!(rig.requests("SELECT id, created_date_time FROM sign_ins").await > 0, "without end");
    assert_eq!(rig.requests(&since(first, "")).await, 0);
    let other = format!("OR id = '{first}'");
    let sql = since(last, &other);
    assert_eq!(rig.rows(&sql).await, fresh.rows(&sql).await);
}

#[tokio::test]
async fn a_time_that_is_no_log_s_own_is_part_of_the_filter() {
    let rig = cached(Rig::sound().await);
    let since = |day: u32| {
        format!("SELECT id FROM users WHERE created_date_time >= '2020-01-{day:02}T00:00:00Z'")
    };
    assert!(rig.requests(&since(1)).await > 0);
    assert!(rig.requests(&since(2)).await > 0);
}

#[tokio::test]
async fn another_tenant_is_never_answered_by_this_one() {
    let (rig, other) = (cached(Rig::sound().await), Rig::sound().await);
    let theirs = other.engine.table("users").unwrap();
    rig.engine.context().register_table("theirs", theirs).unwrap();
    rig.rows(EVERYONE).await;
    assert_eq!(rig.requests("SELECT id, display_name FROM theirs").await, 0);
    assert_eq!(other.graph().len(), USERS);
}

#[tokio::test]
async fn the_least_recently_used_scan_goes_when_there_is_no_room() {
    let rig = cached(Rig::sound().await);
    let sizes = async |sql: &str| {
        rig.rows(sql).await;
        let bytes = rig.engine.cache().bytes;
        rig.engine.clear_cache();
        bytes
    };
    let (users, groups) = (sizes(EVERYONE).await, sizes("SELECT id FROM groups").await);
    let logs = sizes("SELECT id FROM sign_ins").await;
    let room = users + groups + logs - 1;
    rig.engine.set("entra.cache_bytes", &room.to_string()).unwrap();
    for sql in [EVERYONE, "SELECT id FROM groups", EVERYONE, "SELECT id FROM sign_ins"] {
        rig.rows(sql).await;
        assert!(rig.engine.cache().bytes <= room);
    }
    assert_eq!(rig.scans(), 2);
    assert_eq!(rig.requests(EVERYONE).await, 0, "used after the groups were");
    assert!(rig.requests("SELECT id FROM groups").await > 0, "the groups were to go");
}

#[tokio::test]
async fn a_scan_larger_than_the_bound_is_not_kept() {
    let rig = cached(Rig::sound().await);
    rig.rows(EVERYONE).await;
    let bytes = rig.engine.cache().bytes;
    rig.engine.clear_cache();
    for (room, asked) in [(0, USERS), (bytes - 1, USERS), (bytes, 0)] {
        rig.engine.set("entra.cache_bytes", &room.to_string()).unwrap();
        rig.rows(EVERYONE).await;
        assert_eq!(rig.requests(EVERYONE).await, asked, "with {room} of {bytes} bytes");
    }
}

#[tokio::test]
async fn what_was_planned_from_the_cache_is_not_displaced_before_it_runs() {
    let rig = cached(Rig::sound().await);
    let all = rig.rows(EVERYONE).await;
    let mut query = rig.engine.query(EVERYONE).await.unwrap();
    rig.engine.clear_cache();
    let mut rows = 0;
    while let Some(batch) = query.next().await.unwrap() {
        rows += batch.num_rows();
    }
    assert_eq!((rows, query.receipt().requests), (all.len(), 0));
    // But it is not made young again.
    rig.rows(EVERYONE).await;
    let mut query = rig.engine.query(EVERYONE).await.unwrap();
    rig.clock.advance(Duration::from_secs(300));
    while query.next().await.unwrap().is_some() {}
    assert_eq!(query.receipt().requests, USERS as u64);
}

#[tokio::test]
async fn a_scan_that_another_of_its_query_has_read_is_not_read_again() {
    let rig = cached(Rig::sound().await);
    let sql = "SELECT count(*) FROM users a JOIN users b ON a.id = b.id";
    let (rows, asked, _) = rig.costs(sql).await;
    assert_eq!((rows, asked), (Rig::sound().await.rows(sql).await, USERS));
}

#[tokio::test]
async fn to_clear_and_to_switch_off_is_to_ask_again() {
    let rig = cached(Rig::sound().await);
    rig.rows(EVERYONE).await;
    let listed = rig.rows("SELECT table_name, hits, age_s FROM meta.cache").await;
    assert_eq!(listed, [["users", "0", "0"]]);
    rig.engine.clear_cache();
    assert_eq!(rig.rows("SELECT * FROM meta.cache").await.len(), 0);
    assert_eq!(rig.requests(EVERYONE).await, USERS);
    rig.rows("SET entra.cache_ttl = '0'").await;
    assert_eq!((rig.scans(), rig.requests(EVERYONE).await), (0, USERS));
    rig.rows("SET entra.cache_ttl = '1h'").await;
    assert_eq!(rig.requests(EVERYONE).await, 0);
    let error = rig.engine.set("entra.cache_ttl", "soon").unwrap_err();
    assert!(error.kind() == ErrorKind::Usage && error.message().contains("`soon`"), "{error}");
}

#[tokio::test]
async fn a_budget_is_for_requests_that_are_sent() {
    let rig = cached(Rig::sound().await);
    rig.rows(EVERYONE).await;
    rig.rows("SET entra.max_requests = 1").await;
    assert_eq!(rig.requests(EVERYONE).await, 0);
    assert_eq!(rig.error("SELECT id, mail FROM users").await.kind(), ErrorKind::Budget);
}

#[tokio::test]
async fn values_that_do_not_fit_are_told_again_and_fail_a_strict_query_again() {
    let sql = "SELECT * FROM sign_ins";
    let rig = cached(Rig::scripted("wrong_types").await);
    let (rows, _, fresh) = rig.costs(sql).await;
    let (again, asked, receipt) = rig.costs(sql).await;
    assert_eq!((again, asked), (rows, 0));
    let about_values = |receipt: &Receipt| -> Vec<String> {
        let all = receipt.warnings.iter().filter(|w| w.contains(" holds "));
        all.cloned().collect()
    };
    assert!(!about_values(&fresh).is_empty());
    assert_eq!(about_values(&receipt), about_values(&fresh));
    rig.rows("SET entra.strict = true").await;
    assert_eq!(rig.error(sql).await.kind(), ErrorKind::Decode);
    // A column in which everything fits is as good for a strict query.
    assert_eq!(rig.costs("SELECT id FROM sign_ins").await.1, 0);
}

#[tokio::test]
async fn rows_that_arrived_out_of_order_fail_a_query_that_rests_on_their_order() {
    let late = r#"{"row": {"createdDateTime": "\"2026-11-14T13:00:00Z\""}}"#;
    let steps = format!(r#"[{{"when": {{"page": 2, "times": 0}}, "do": {{"page": {late}}}}}]"#);
    let rig = cached(Rig::written(&steps).await);
    let newest = "SELECT id FROM sign_ins ORDER BY created_date_time DESC LIMIT 9";
    let fresh = rig.error(newest).await;
    rig.rows("SELECT id, created_date_time FROM sign_ins").await;
    let before = rig.graph().len();
    let error = rig.error(newest).await;
    assert_eq!((error.kind(), error.message()), (fresh.kind(), fresh.message()));
    assert_eq!(rig.graph().len(), before);
}

#[tokio::test]
async fn without_a_tenant_there_is_nothing_to_keep() {
    let engine = Engine::offline().await.unwrap();
    engine.set("entra.cache_ttl", "5m").unwrap();
    let mut query = engine.query("EXPLAIN SELECT id FROM users").await.unwrap();
    while query.next().await.unwrap().is_some() {}
    assert_eq!(engine.cache().scans, 0);
}
