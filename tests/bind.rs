//! A join that stops early, or walks step by step, asks for the rows of the keys at hand: which
//! requests it takes, and that the rows are those of the world's JSON.

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;
use entraql::Settings;
use entraql::sim::{Options, WorldName};
use serde_json::Value;

use crate::faults::rig::{Rig, options, settings};

const USERS: &str = "/v1.0/users";
const SIGN_INS: &str = "/v1.0/auditLogs/signIns";
const BATCH: &str = "/v1.0/$batch";

/// A company with two pages of users and a log of many.
async fn rig() -> Rig {
    let options = Options { world: WorldName::Demo, max_page: None, ..options() };
    Rig::with(options, Settings { max_body: 64 * 1024 * 1024, ..settings() }).await
}

/// A few rows with every edge case, in pages of seven.
async fn tiny() -> Rig {
    Rig::sound().await
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| "NULL".to_owned(), str::to_owned)
}

/// Interactive sign-ins, newest first.
fn sign_ins(rig: &Rig) -> Vec<Value> {
    let is_own = |row: &Value| {
        let kinds = row["signInEventTypes"].as_array();
        kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind == "interactiveUser"))
    };
    let mut rows: Vec<_> = rig.json("signIns").into_iter().filter(is_own).collect();
    let at = |row: &Value| DateTime::parse_from_rfc3339(row["createdDateTime"].as_str().unwrap());
    rows.sort_by_key(|row| std::cmp::Reverse(at(row).unwrap()));
    rows
}

fn users(rig: &Rig) -> BTreeMap<String, Value> {
    rig.json("users").into_iter().map(|user| (text(&user["id"]), user)).collect()
}

/// The newest sign-ins, each with the id of its user among those that count.
fn newest(rig: &Rig, rows: usize, counts: impl Fn(&Value) -> bool) -> Vec<Vec<String>> {
    let users = users(rig);
    let mut found = Vec::new();
    for row in sign_ins(rig) {
        let user = users.get(&text(&row["userId"])).filter(|user| counts(user));
        found.extend(user.map(|user| vec![text(&row["id"]), text(&user["id"])]));
    }
    found.truncate(rows);
    found
}

/// How many ids each look-up of users names; 0 for a listing.
fn asked(rig: &Rig) -> Vec<usize> {
    let ids = |filter: &String| match filter.split_once("id in (") {
        Some((_, list)) => list.split(',').count(),
        None => usize::from(filter.contains("id eq '")),
    };
    rig.filters(USERS).iter().map(ids).collect()
}

/// Whether a user counts.
type Counts = fn(&Value) -> bool;

const NEWEST: &str = "SELECT s.id, u.id FROM sign_ins s JOIN users u ON u.id = s.user_id
                       ORDER BY s.created_date_time DESC LIMIT 20";

/// Users of a kind that Graph can't be asked for.
const SOME: &str = "SELECT s.id, u.id FROM sign_ins s JOIN users u ON u.id = s.user_id
                     WHERE length(u.display_name) % 4 = 0
                     ORDER BY s.created_date_time DESC LIMIT 20";

#[tokio::test]
async fn the_newest_sign_ins_with_their_users_are_a_page_and_a_look_up() {
    let turned = NEWEST.replace("sign_ins s JOIN users u", "users u JOIN sign_ins s");
    for sql in [NEWEST, &turned] {
        let rig = rig().await;
        assert_eq!(rig.rows(sql).await, newest(&rig, 20, |_| true), "{sql}");
        let [log, users] = &rig.paths()[..] else { panic!("{:?}\n{sql}", rig.paths()) };
        assert_eq!(log, SIGN_INS);
        assert!([USERS, BATCH].contains(&users.as_str()), "{users}");
        assert!(asked(&rig).iter().all(|ids| (1..=15).contains(ids)), "{:?}", asked(&rig));
    }
}

#[tokio::test]
async fn any_few_rows_of_a_join_are_a_page_and_a_look_up_as_well() {
    let rig = rig().await;
    let rows =
        rig.rows("SELECT s.id, u.id FROM sign_ins s JOIN users u ON u.id = s.user_id LIMIT 1");
    let all = newest(&rig, usize::MAX, |_| true);
    assert!(matches!(&rows.await[..], [row] if all.contains(row)));
    assert_eq!(rig.paths(), [SIGN_INS, USERS]);
}

#[tokio::test]
async fn what_users_are_filtered_by_is_sent_with_their_ids_or_looked_at_here() {
    let active = |user: &Value| user["accountEnabled"] == true;
    let in_finance = |user: &Value| user["department"] == "Finance";
    let cases: [(&str, Counts, bool); 2] = [
        ("u.account_enabled", active, true),
        ("substr(u.department, 2) = 'inance'", in_finance, false),
    ];
    for (filter, counts, sent) in cases {
        let rig = rig().await;
        let sql = NEWEST.replace("ORDER BY", &format!("AND {filter} ORDER BY"));
        let expected = newest(&rig, 20, counts);
        assert_eq!(expected.len(), 20);
        assert_eq!(rig.rows(&sql).await, expected, "{sql}");
        let filters = rig.filters(USERS);
        let with_both = filters.iter().filter(|f| f.contains("accountEnabled eq true")).count();
        assert_eq!(with_both, if sent { filters.len() } else { 0 }, "{filters:?}");
        assert!(rig.graph().len() <= 6, "slices grow: {:?}", rig.paths());
    }
}

#[tokio::test]
async fn nobody_is_asked_for_twice() {
    let rig = rig().await;
    rig.rows(SOME).await;
    assert!(rig.graph().len() >= 3, "several slices: {:?}", rig.paths());
    let filters = rig.filters(USERS);
    let ids: Vec<_> = filters.iter().flat_map(|f| f.split('\'').skip(1).step_by(2)).collect();
    let distinct: BTreeSet<_> = ids.iter().collect();
    assert_eq!(ids.len(), distinct.len());
    assert!(ids.len() > 15, "{ids:?}");
}

#[tokio::test]
async fn sign_ins_of_nobody_have_no_user_and_stay_where_they_should() {
    let rig = tiny().await;
    let users = users(&rig);
    let id = |n: usize| format!("a0000000-0000-4000-8000-{n:012}");
    let user = |row: &Value| match text(&row["userId"]) {
        one if one == id(2) || one == id(4) => None,
        one => users.get(&one),
    };
    let ids = |keep: bool| -> Vec<String> {
        let rows = sign_ins(&rig).into_iter().filter(|row| user(row).is_some() == keep);
        rows.map(|row| text(&row["id"])).collect()
    };
    let (known, unknown) = (ids(true), ids(false));
    assert!(known.len() > 8 && !unknown.is_empty());
    let log = format!(
        "(SELECT id, created_date_time, CASE user_id WHEN '{}' THEN NULL
                 WHEN '{}' THEN 'ffffffff-0000-4000-8000-000000000000' ELSE user_id END AS user_id
            FROM sign_ins) AS s",
        id(2),
        id(4)
    );
    let exists = "EXISTS (SELECT 1 FROM users u WHERE u.id = s.user_id)";
    for (filter, expected) in [(exists.to_owned(), &known), (format!("NOT {exists}"), &unknown)] {
        for limit in [1, 2, 8] {
            let sql = format!(
                "SELECT id FROM {log} WHERE {filter} ORDER BY created_date_time DESC LIMIT {limit}"
            );
            let expected = &expected[..limit.min(expected.len())];
            assert_eq!(rig.ids(&sql).await, expected, "{sql}");
            let plan = rig.rows(&format!("EXPLAIN {sql}")).await.concat().join("\n");
            assert!(plan.contains("BindJoinExec"), "{plan}");
        }
    }
    let sql = format!(
        "SELECT s.id FROM {log} LEFT JOIN users u ON u.id = s.user_id
          WHERE coalesce(u.department, 'none') = 'none'
          ORDER BY s.created_date_time DESC LIMIT 2"
    );
    let none = |row: &Value| user(row).is_none_or(|user| user["department"].is_null());
    let expected = sign_ins(&rig).into_iter().filter(none).map(|row| text(&row["id"]));
    assert_eq!(rig.ids(&sql).await, expected.take(2).collect::<Vec<_>>());
}

#[tokio::test]
async fn when_asking_has_cost_as_much_as_all_users_they_are_listed_once() {
    let rig = rig().await;
    let nobody = NEWEST.replace("ORDER BY", "AND length(u.display_name) = 1000 ORDER BY");
    assert_eq!(rig.rows(&nobody).await, [[""; 0]; 0]);
    let asked = asked(&rig);
    assert_eq!(asked.iter().filter(|ids| **ids == 0).count(), 2, "two pages of users: {asked:?}");
    let most = 11;
    assert!(asked.len() <= most + 2, "{asked:?}");
}

#[tokio::test]
async fn a_session_that_knows_how_many_users_there_are_lists_them_sooner() {
    let rig = rig().await;
    rig.rows("SELECT id FROM users").await;
    let before = asked(&rig).len();
    let nobody = NEWEST.replace("ORDER BY", "AND length(u.display_name) = 1000 ORDER BY");
    rig.rows(&nobody).await;
    assert!(asked(&rig).len() - before <= 4, "{:?}", asked(&rig));
}

#[tokio::test]
async fn a_look_up_that_fails_fails_the_query() {
    for nth in [1, 2] {
        let steps = format!(
            r#"[{{"when": {{"path": "/v1.0/users", "nth": {nth}, "times": 0}}, "do": {{"reply":
                {{"status": 403, "code": "Forbidden", "message": "no", "headers": {{}}}}}}}}]"#
        );
        let rig = Rig::written(&steps).await;
        rig.error(
            "SELECT s.id FROM sign_ins s JOIN users u ON u.id = s.user_id
                    WHERE length(u.display_name) = 1000
                    ORDER BY s.created_date_time DESC LIMIT 5",
        )
        .await;
    }
}

#[tokio::test]
async fn without_pushdown_nobody_is_asked_for() {
    let rig = rig().await;
    rig.engine.set("entra.pushdown", "false").unwrap();
    assert_eq!(rig.rows(NEWEST).await, newest(&rig, 20, |_| true));
    assert!(rig.filters(USERS).iter().all(String::is_empty));
}

#[tokio::test]
async fn both_kinds_of_sign_ins_drive_in_their_common_order() {
    let rig = rig().await;
    let sql = "SELECT s.created_date_time, u.id
                 FROM (SELECT created_date_time, user_id FROM sign_ins UNION ALL
                       SELECT created_date_time, user_id FROM non_interactive_sign_ins) s
                 JOIN users u ON u.id = s.user_id
                ORDER BY s.created_date_time DESC LIMIT 20";
    let rows = rig.agreed_times(sql).await;
    assert_eq!(rows.len(), 20);
    assert!(rig.graph().len() <= 4, "{:?}", rig.paths());
}

impl Rig {
    /// The first column of a query, which a session without look-ups agrees with.
    async fn agreed_times(&self, sql: &str) -> Vec<String> {
        let off = rig().await;
        off.engine.set("entra.pushdown", "false").unwrap();
        let rows = self.ids(sql).await;
        assert_eq!(rows, off.ids(sql).await, "{sql}");
        rows
    }
}

#[tokio::test]
async fn explain_and_the_receipt_tell_it_as_one_scan() {
    let rig = rig().await;
    let plan = rig.rows(&format!("EXPLAIN {NEWEST}")).await.concat().join("\n");
    let told = "asks: for the `id` of the rows below, as they come, 20 rows first; \
                for all of `users` once that is fewer requests";
    assert!(plan.contains("BindJoinExec: join_type=Inner") && plan.contains(told), "{plan}");
    assert!(plan.contains("narrowed: asks for the `id`"), "{plan}");
    assert!(!plan.contains("SortExec"), "{plan}");
    let cost = rig.rows(&format!("EXPLAIN GRAPH {NEWEST}")).await.concat().join(" | ");
    assert!(cost.contains("what a join above finds"), "{cost}");
    assert!(rig.graph().is_empty());

    let receipt = rig.run(SOME).await.receipt;
    let tables: Vec<_> = receipt.scans.iter().map(|scan| scan.table.as_str()).collect();
    assert_eq!(tables.len(), 2, "{tables:?}");
    let users = receipt.scans.iter().find(|scan| scan.table == "users").unwrap();
    assert!(!users.is_listing && users.rows > 0 && users.finished, "{users:?}");
}

#[tokio::test]
async fn other_joins_ask_for_all_they_find_at_once() {
    let rig = rig().await;
    for sql in [
        "SELECT u.id FROM risky_users r JOIN users u ON u.id = r.id LIMIT 5",
        "SELECT s.id FROM sign_ins s JOIN users u ON u.id = s.user_id",
        "SELECT s.id FROM sign_ins s JOIN users u ON u.id = s.user_id ORDER BY u.id LIMIT 5",
        "SELECT s.id FROM sign_ins s JOIN users u ON u.id = s.user_id ORDER BY s.id LIMIT 5",
        "SELECT s.id FROM sign_ins s JOIN users u ON lower(u.id) = s.user_id LIMIT 5",
        "SELECT s.id FROM sign_ins s FULL JOIN users u ON u.id = s.user_id LIMIT 5",
        "SELECT id FROM sign_ins WHERE user_id NOT IN (SELECT id FROM users) LIMIT 5",
    ] {
        let plan = rig.rows(&format!("EXPLAIN {sql}")).await.concat().join("\n");
        assert!(!plan.contains("BindJoinExec"), "{sql}\n{plan}");
    }
}

/// A user and everybody above, the nearest first: the longest such line there is.
fn chain(rig: &Rig) -> Vec<Value> {
    let world = rig.simulator().world();
    let manager = |id: &str| world.related("users", id, "manager").into_iter().next();
    let line = |user: Value| {
        let mut line = vec![user];
        while let Some(above) = line.last().and_then(|user| manager(&text(&user["id"])))
            && line.len() < 20
        {
            line.push(above);
        }
        line
    };
    rig.json("users").into_iter().map(line).max_by_key(Vec::len).unwrap()
}

#[tokio::test]
async fn a_line_of_managers_is_a_request_for_each() {
    let rig = rig().await;
    let line = chain(&rig);
    assert!((3..20).contains(&line.len()), "{}", line.len());
    let sql = format!(
        "WITH RECURSIVE chain AS (
           SELECT id, manager['id'] AS above, 0 AS level FROM users
            WHERE user_principal_name = '{}'
           UNION ALL
           SELECT u.id, u.manager['id'], c.level + 1 FROM users u JOIN chain c ON u.id = c.above
         ) SELECT id FROM chain ORDER BY level",
        text(&line[0]["userPrincipalName"])
    );
    let expected: Vec<_> = line.iter().map(|user| text(&user["id"])).collect();
    assert_eq!(rig.ids(&sql).await, expected);
    assert_eq!(asked(&rig)[1..], vec![1; line.len() - 1], "{:?}", rig.filters(USERS));
    assert_eq!(rig.graph().len(), line.len(), "{:?}", rig.paths());
    let plan = rig.rows(&format!("EXPLAIN {sql}")).await.concat().join("\n");
    assert!(plan.contains("BindJoinExec"), "{plan}");
}

#[tokio::test]
async fn nested_groups_are_walked_a_batch_for_each_level() {
    let rig = rig().await;
    let world = rig.simulator().world();
    let members = |id: &str| world.related("groups", id, "members");
    let groups: BTreeSet<_> = rig.json("groups").iter().map(|row| text(&row["id"])).collect();
    let is_group = |row: &Value| groups.contains(&text(&row["id"]));
    let nested = |row: &Value| members(&text(&row["id"])).iter().any(is_group);
    let top = rig.json("groups").into_iter().find(nested).unwrap();
    let top = text(&top["id"]);
    let (mut found, mut level, mut levels) = (BTreeSet::new(), vec![top.clone()], 0);
    while !level.is_empty() {
        let below: Vec<_> = level.iter().flat_map(|id| members(id)).collect();
        found.extend(below.iter().map(|row| text(&row["id"])));
        level = below.iter().filter(|row| is_group(row)).map(|row| text(&row["id"])).collect();
        levels += 1;
    }
    let sql = format!(
        "WITH RECURSIVE walk AS (
           SELECT id, object_type FROM group_members WHERE group_id = '{top}'
           UNION
           SELECT m.id, m.object_type FROM group_members m JOIN walk w ON m.group_id = w.id
            WHERE w.object_type = '#microsoft.graph.group'
         ) SELECT id FROM walk"
    );
    let rows: BTreeSet<_> = rig.ids(&sql).await.into_iter().collect();
    assert_eq!(rows, found);
    let mut sent: Vec<_> = rig.graph().into_iter().map(|seen| seen.target).collect();
    sent.retain(|target| !target.contains("$skiptoken"));
    assert!(levels >= 2 && sent.len() <= levels, "{levels} levels: {sent:?}");
}
