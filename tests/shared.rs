//! Rows that several scans of a query want are fetched once: that they are those of the files,
//! what it takes, and when every scan reads for itself.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::execution::TaskContext;
use datafusion::physical_plan::{ExecutionPlan, collect, collect_partitioned, execute_stream};
use datafusion::prelude::SessionContext;
use entraql::ErrorKind;
use futures::StreamExt;
use serde_json::Value;

use crate::faults::rig::{PAGE, Rig, graph_of};

/// Queries that want the users twice, each with how often without sharing.
const TWICE: [&str; 9] = [
    "SELECT u.id, m.id FROM users u JOIN users m ON u.department = m.department",
    "SELECT u.id, m.id FROM users u LEFT JOIN users m ON u.display_name = m.given_name",
    "WITH all_users AS (SELECT id, department, city FROM users) \
     SELECT a.id, b.city FROM all_users a FULL JOIN all_users b ON a.department = b.city",
    "SELECT id, display_name FROM users UNION ALL SELECT user_principal_name, mail FROM users",
    "SELECT id, city FROM users WHERE length(display_name) = \
     (SELECT max(length(display_name)) FROM users)",
    "SELECT id, city FROM users WHERE department NOT IN \
     (SELECT coalesce(city, display_name) FROM users)",
    "SELECT id, city FROM users u WHERE EXISTS (SELECT 1 FROM users m \
     WHERE m.department = u.department AND m.id <> u.id)",
    "SELECT u.id, m.id FROM users u, users m WHERE u.created_date_time < m.created_date_time",
    "SELECT id, display_name FROM users EXCEPT SELECT id, given_name FROM users",
];

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| "NULL".to_owned(), str::to_owned)
}

fn sorted(mut rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    rows.sort();
    rows
}

impl Rig {
    fn all(&self, collection: &str) -> Vec<Value> {
        self.simulator().world().rows(collection).to_vec()
    }

    /// The requests it takes to list a collection once.
    fn listing(&self, collection: &str) -> usize {
        self.all(collection).len().div_ceil(PAGE)
    }

    /// The rows of a query that must end well, and the requests it has sent.
    async fn told(&self, sql: &str) -> (Vec<Vec<String>>, usize) {
        let before = self.graph().len();
        let rows = self.rows(sql).await;
        (sorted(rows), self.graph().len() - before)
    }

    fn never_sharing(self) -> Self {
        self.engine.set("entra.share_bytes", "0").unwrap();
        self
    }

    /// A plan and the context to run it in, as a program of one's own would.
    async fn plan(&self, sql: &str) -> (Arc<dyn ExecutionPlan>, SessionContext) {
        let context = self.engine.context().clone();
        let plan = context.sql(sql).await.unwrap().create_physical_plan().await.unwrap();
        (plan, context)
    }
}

#[tokio::test]
async fn what_several_scans_want_is_fetched_once_and_the_rows_are_the_same() {
    for sql in TWICE {
        let (shared, apart) = (Rig::sound().await, Rig::sound().await.never_sharing());
        let (rows, once) = shared.told(sql).await;
        let (expected, twice) = apart.told(sql).await;
        assert!(!expected.is_empty(), "{sql}");
        assert_eq!(rows, expected, "{sql}");
        let pages = shared.listing("users");
        assert_eq!((once, twice), (pages, 2 * pages), "{sql}");
    }
}

#[tokio::test]
async fn a_self_join_has_the_pairs_of_the_files() {
    let rig = Rig::sound().await;
    let (rows, _) = rig
        .told("SELECT u.id, m.id FROM users u JOIN users m ON u.department = m.department")
        .await;
    let users = rig.all("users");
    let mut expected = Vec::new();
    for one in users.iter().filter(|user| user["department"].is_string()) {
        let same = users.iter().filter(|other| other["department"] == one["department"]);
        expected.extend(same.map(|other| vec![text(&one["id"]), text(&other["id"])]));
    }
    assert_eq!(rows, sorted(expected));
}

#[tokio::test]
async fn a_union_of_two_projections_has_the_values_of_both() {
    let rig = Rig::sound().await;
    let (rows, _) =
        rig.told("SELECT id, city FROM users UNION ALL SELECT mail, id FROM users").await;
    let users = rig.all("users");
    let both = users.iter().flat_map(|user| {
        [vec![text(&user["id"]), text(&user["city"])], vec![text(&user["mail"]), text(&user["id"])]]
    });
    assert_eq!(rows, sorted(both.collect()));
    let target = &rig.graph()[0].target;
    assert!(["id", "city", "mail"].iter().all(|name| target.contains(name)), "{target}");
}

#[tokio::test]
async fn two_ocsf_views_over_the_audits_read_them_once() {
    let sql = "SELECT class_uid, metadata.uid FROM ocsf.account_change \
               UNION ALL SELECT class_uid, metadata.uid FROM ocsf.group_management \
               UNION ALL SELECT class_uid, metadata.uid FROM ocsf.user_access";
    let (shared, apart) = (Rig::sound().await, Rig::sound().await.never_sharing());
    let (rows, once) = shared.told(sql).await;
    let (expected, thrice) = apart.told(sql).await;
    assert_eq!((rows, 3 * once), (expected, thrice));
    let audits = shared.told("SELECT id FROM audits").await;
    assert_eq!(once, audits.1);
}

#[tokio::test]
async fn a_log_that_both_sides_want_in_order_is_read_once_and_in_order() {
    // A filter that Graph can't take: no scan has a limit of its own.
    let sql = "SELECT * FROM (SELECT id, created_date_time FROM sign_ins \
               UNION ALL SELECT user_id, created_date_time FROM sign_ins) \
               WHERE length(id) > 0 ORDER BY created_date_time DESC LIMIT 9";
    let (shared, apart) = (Rig::sound().await, Rig::sound().await.never_sharing());
    let times = |rows: &[Vec<String>]| rows.iter().map(|row| row[1].clone()).collect::<Vec<_>>();
    let rows = shared.rows(sql).await;
    assert_eq!(times(&rows), times(&apart.rows(sql).await));
    assert_eq!(2 * shared.graph().len(), apart.graph().len());
}

#[tokio::test]
async fn a_limit_above_leaves_the_rest_unread() {
    let sql = "SELECT u.id, m.id FROM users u JOIN users m ON u.id = m.id LIMIT 3";
    let rig = Rig::sound().await;
    let (rows, sent) = rig.told(sql).await;
    assert_eq!((rows.len(), sent), (3, 2), "a page, and a look-up of those on it");
    let either = "SELECT * FROM (SELECT id FROM users WHERE length(id) > 1 \
                  UNION ALL SELECT mail FROM users) LIMIT 2";
    let (rows, sent) = rig.told(either).await;
    assert_eq!(rows.len(), 2);
    assert!(sent < rig.listing("users"), "{sent}");
}

#[tokio::test]
async fn scans_of_other_rows_or_with_columns_that_cost_more_stay_apart() {
    for sql in [
        // Other filters.
        "SELECT u.id, m.id FROM users u JOIN users m ON u.department = m.city \
         WHERE u.account_enabled AND NOT m.account_enabled",
        // A limit of its own.
        "(SELECT id FROM users LIMIT 3) UNION ALL SELECT mail FROM users",
        // A column with a permission, a license and a page size of its own.
        "SELECT id FROM users UNION ALL SELECT sign_in_activity['last_sign_in_request_id'] \
         FROM users",
        // Another version of Graph.
        "SELECT id FROM groups UNION ALL SELECT created_by_app_id FROM groups",
    ] {
        let rig = Rig::sound().await;
        let plan = rig.rows(&format!("EXPLAIN {sql}")).await.concat().join("\n");
        assert!(!plan.contains("shared:"), "{plan}");
        let (rows, sent) = rig.told(sql).await;
        let apart = Rig::sound().await.never_sharing();
        assert_eq!((rows, sent), apart.told(sql).await, "{sql}");
    }
}

#[tokio::test]
async fn a_query_that_is_strict_shares_what_has_the_same_columns() {
    let rig = Rig::sound().await;
    rig.engine.set("entra.strict", "true").unwrap();
    let same = "SELECT id, city FROM users UNION ALL SELECT city, id FROM users";
    assert_eq!(rig.told(same).await.1, rig.listing("users"));
    let other = "SELECT id, city FROM users UNION ALL SELECT mail, id FROM users";
    assert_eq!(rig.told(other).await.1, 2 * rig.listing("users"));
}

#[tokio::test]
async fn beyond_the_bound_who_has_not_begun_reads_for_itself() {
    for bytes in ["1", "3000"] {
        let (rig, apart) = (Rig::sound().await, Rig::sound().await.never_sharing());
        rig.engine.set("entra.share_bytes", bytes).unwrap();
        let pages = rig.listing("users");
        assert_eq!(rig.told(TWICE[0]).await, apart.told(TWICE[0]).await);
        assert_eq!(rig.graph().len(), 2 * pages);
        // Both sides of a union run side by side: little is ever kept.
        assert_eq!(rig.told(TWICE[4]).await.0, apart.told(TWICE[4]).await.0);
    }
}

#[tokio::test]
async fn a_join_takes_the_rows_that_were_fetched_before_it_asks_for_any() {
    let rig = Rig::sound().await;
    let sql = "SELECT u.id, m.id FROM users u JOIN users m ON u.id = m.user_principal_name";
    let plan = rig.rows(&format!("EXPLAIN {sql}")).await.concat().join("\n");
    assert!(plan.contains("narrowed:") && plan.contains("shared:"), "{plan}");
    assert_eq!(rig.told(sql).await.1, rig.listing("users"));
}

#[tokio::test]
async fn a_fault_in_the_middle_fails_the_query_for_everybody() {
    for script in ["403_page_3", "404_page_2", "json_truncated_always", "500_always"] {
        for sql in TWICE {
            let rig = Rig::scripted(script).await;
            let error = rig.error(sql).await;
            let apart = Rig::scripted(script).await.never_sharing();
            assert_eq!(error.kind(), apart.error(sql).await.kind(), "{script}: {sql}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_side_by_side_share_it_too() {
    for sql in TWICE {
        let rig = Rig::sound().await;
        rig.engine.set("datafusion.execution.target_partitions", "4").unwrap();
        let apart = Rig::sound().await.never_sharing();
        let (rows, once) = rig.told(sql).await;
        assert_eq!((rows, once), (apart.told(sql).await.0, rig.listing("users")), "{sql}");
    }
}

#[tokio::test]
async fn explain_the_cost_and_the_receipt_count_the_requests_once() {
    let rig = Rig::sound().await;
    let sql = "SELECT id FROM users UNION ALL SELECT mail FROM users";
    let plan = rig.rows(&format!("EXPLAIN {sql}")).await.concat().join("\n");
    let told = "shared: with the scan of `users` above, no request of its own";
    assert_eq!(plan.matches(told).count(), 1, "{plan}");
    assert_eq!(plan.matches("$select=id,mail").count(), 2, "{plan}");

    let outcome = rig.run(sql).await;
    let pages = rig.listing("users");
    assert_eq!(usize::try_from(outcome.receipt.requests).unwrap(), pages);
    let shared: Vec<_> = outcome.receipt.scans.iter().map(|s| (s.shared, s.pages)).collect();
    assert_eq!(shared, [(false, pages as u64), (true, 0)]);
    let rows = outcome.receipt.scans.iter().map(|scan| scan.rows).collect::<BTreeSet<_>>();
    assert_eq!(rows, BTreeSet::from([rig.all("users").len() as u64]));
    assert!(outcome.receipt.scans.iter().all(|scan| scan.finished));
    assert!(outcome.receipt.details()[1].contains("fetched with another scan"));

    let cost = format!("EXPLAIN GRAPH {sql}");
    let cost = rig.rows(&cost).await;
    let requests: Vec<_> = cost.iter().map(|row| row[3].clone()).collect();
    assert_eq!(requests, [format!("about {pages}"), "0".to_owned()]);
}

#[tokio::test]
async fn a_shared_scan_is_cached_once_and_a_cached_one_is_not_shared() {
    let rig = Rig::sound().await;
    rig.engine.set("entra.cache_ttl", "5m").unwrap();
    let sql = "SELECT id, city FROM users UNION ALL SELECT mail, id FROM users";
    let (rows, sent) = rig.told(sql).await;
    assert_eq!((sent, rig.engine.cache().scans), (rig.listing("users"), 1));
    assert_eq!(rig.told(sql).await, (rows, 0));
    assert_eq!(rig.told("SELECT mail FROM users").await.1, 0);
}

async fn lines(plan: &Arc<dyn ExecutionPlan>, context: Arc<TaskContext>) -> usize {
    collect(Arc::clone(plan), context).await.unwrap().iter().map(RecordBatch::num_rows).sum()
}

#[tokio::test]
async fn a_plan_that_runs_again_has_all_its_rows_again() {
    let rig = Rig::sound().await;
    let (plan, context) = rig.plan("SELECT id FROM users UNION ALL SELECT mail FROM users").await;
    let (all, pages) = (2 * rig.all("users").len(), rig.listing("users"));
    // In a context of its own each time.
    assert_eq!(lines(&plan, context.task_ctx()).await, all);
    assert_eq!(lines(&plan, context.task_ctx()).await, all);
    assert_eq!(graph_of(rig.simulator()).len(), 2 * pages);
    // Again in the same: nothing is left to share, and nothing is lost.
    let same = context.task_ctx();
    assert_eq!(lines(&plan, Arc::clone(&same)).await, all);
    assert_eq!(lines(&plan, same).await, all);
    assert_eq!(graph_of(rig.simulator()).len(), 5 * pages);
    // Two at a time.
    let (one, two) = (context.task_ctx(), context.task_ctx());
    let both = tokio::join!(lines(&plan, one), lines(&plan, two));
    assert_eq!(both, (all, all));
}

#[tokio::test]
async fn who_leaves_takes_nothing_from_the_others_and_leaves_nothing_behind() {
    let rig = Rig::sound().await;
    let (plan, context) = rig.plan("SELECT id FROM users UNION ALL SELECT mail FROM users").await;
    assert_eq!(plan.properties().partitioning.partition_count(), 2, "{plan:?}");
    let users = rig.all("users").len();
    let rows = |batches: Vec<RecordBatch>| batches.iter().map(RecordBatch::num_rows).sum::<usize>();
    // Before the first poll, after it, and in the middle of a page.
    for polls in 0..3 {
        let task = context.task_ctx();
        let mut leaver = plan.execute(0, Arc::clone(&task)).unwrap();
        let other = plan.execute(1, task).unwrap();
        for _ in 0..polls {
            leaver.next().await.unwrap().unwrap();
        }
        drop(leaver);
        assert_eq!(rows(datafusion::physical_plan::common::collect(other).await.unwrap()), users);
    }
    // Pending forever, polled once: the other one does not wait for it.
    let task = context.task_ctx();
    let mut first = plan.execute(0, Arc::clone(&task)).unwrap();
    let other = plan.execute(1, task).unwrap();
    assert!(futures::poll!(first.next()).is_pending());
    assert_eq!(rows(datafusion::physical_plan::common::collect(other).await.unwrap()), users);
    assert_eq!(rows(datafusion::physical_plan::common::collect(first).await.unwrap()), users);
    let all = collect_partitioned(Arc::clone(&plan), context.task_ctx()).await.unwrap();
    assert_eq!(all.into_iter().map(rows).collect::<Vec<_>>(), [users, users]);
}

#[tokio::test]
async fn a_query_nobody_reads_on_stops() {
    let rig = Rig::sound().await;
    let (plan, context) = rig.plan("SELECT id FROM users UNION ALL SELECT mail FROM users").await;
    let mut stream = execute_stream(Arc::clone(&plan), context.task_ctx()).unwrap();
    stream.next().await.unwrap().unwrap();
    drop(stream);
    tokio::task::yield_now().await;
    let sent = rig.graph().len();
    assert!(sent < rig.listing("users"), "{sent}");
    assert_eq!(rig.graph().len(), sent);
}

#[tokio::test]
async fn each_step_of_a_recursion_has_its_rows() {
    let sql = "WITH RECURSIVE chain AS (\
                 SELECT id, 1 AS depth FROM users WHERE length(id) > 0 \
                 UNION ALL \
                 SELECT u.id, c.depth + 1 FROM chain c JOIN users u ON u.id = c.id WHERE c.depth < 3\
               ) SELECT id, depth FROM chain";
    let (rig, apart) = (Rig::sound().await, Rig::sound().await.never_sharing());
    let (rows, _) = rig.told(sql).await;
    assert_eq!(rows.len(), 3 * rig.all("users").len());
    assert_eq!(rows, apart.told(sql).await.0);
}

#[tokio::test]
async fn who_lags_behind_counts_against_the_memory_of_the_session() {
    use datafusion::execution::memory_pool::GreedyMemoryPool;
    use datafusion::execution::runtime_env::RuntimeEnvBuilder;
    let rig = Rig::sound().await;
    let (plan, context) = rig.plan("SELECT id FROM users UNION ALL SELECT mail FROM users").await;
    let sides = collect_partitioned(Arc::clone(&plan), context.task_ctx()).await.unwrap();
    let page = |one: &RecordBatch, other: &RecordBatch| {
        one.get_array_memory_size() + other.get_array_memory_size()
    };
    let pages = sides[0].iter().zip(&sides[1]).map(|(one, other)| page(one, other));
    // Room for a page that one has taken and the other has not, but not for two.
    let pool = Arc::new(GreedyMemoryPool::new(pages.max().unwrap()));
    let runtime = RuntimeEnvBuilder::new().with_memory_pool(pool).build_arc().unwrap();
    let small = SessionContext::new_with_config_rt(context.copied_config(), runtime).task_ctx();
    let (mut slow, mut fast) =
        (plan.execute(0, Arc::clone(&small)).unwrap(), plan.execute(1, small).unwrap());
    slow.next().await.unwrap().unwrap();
    fast.next().await.unwrap().unwrap();
    let error = loop {
        match fast.next().await {
            Some(Ok(_)) => {}
            Some(Err(error)) => break entraql::Error::from_datafusion(error),
            None => panic!("all rows were kept for the other scan"),
        }
    };
    assert_eq!(error.kind(), ErrorKind::Query, "{error:?}");
    let rest: Vec<_> = slow.collect().await;
    assert!(rest.last().unwrap().is_err());
}
