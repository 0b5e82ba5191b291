//! Both ends of a log are a page away, and the same rows as those of the whole log.

use chrono::{DateTime, SubsecRound, Utc};
use entraql::{ErrorKind, tables};
use serde_json::Value;

use crate::agree::world;
use crate::faults::rig::Rig;

const LOGS: [&str; 4] = [
    "sign_ins",
    "non_interactive_sign_ins",
    "service_principal_sign_ins",
    "managed_identity_sign_ins",
];

/// The times of a log's rows in the world, oldest first.
fn times(rig: &Rig, table: &str, keeps: impl Fn(&Value) -> bool) -> Vec<DateTime<Utc>> {
    let spec = tables::find(table).unwrap();
    let column = spec.column(spec.newest_first.unwrap()).unwrap();
    let property = entraql::spec::property_name(column);
    let all = world::tables(&rig.simulator().world());
    let table = all.into_iter().find(|t| t.name == table).unwrap();
    let rows = table.rows.iter().filter(|row| keeps(row));
    // A column holds microseconds.
    let time = |row: &Value| {
        let at: DateTime<Utc> = row[&property].as_str().unwrap().parse().unwrap();
        at.trunc_subsecs(6)
    };
    let mut times: Vec<_> = rows.map(time).collect();
    times.sort();
    times
}

/// The instants a query returns, and the requests it sent.
async fn instants(rig: &Rig, sql: &str) -> (Vec<DateTime<Utc>>, Vec<String>) {
    let before = rig.graph().len();
    let rows = rig.ids(sql).await;
    let sent = rig.graph().into_iter().skip(before).map(|seen| seen.target).collect();
    (rows.iter().map(|at| at.parse().unwrap()).collect(), sent)
}

#[tokio::test]
async fn the_newest_and_the_oldest_time_are_one_row() {
    let rig = Rig::sound().await;
    for log in LOGS {
        let all = times(&rig, log, |_| true);
        assert!(!all.is_empty(), "{log}");
        let sql = format!("SELECT max(created_date_time) FROM {log}");
        let (newest, sent) = instants(&rig, &sql).await;
        assert_eq!(newest, [*all.last().unwrap()], "{log}");
        assert!(sent.len() == 1 && sent[0].ends_with("$top=1"), "{sent:?}");
        let sql = format!("SELECT min(created_date_time) AS first FROM {log}");
        let (oldest, sent) = instants(&rig, &sql).await;
        assert_eq!(oldest, [all[0]], "{log}");
        assert!(
            sent.len() == 1 && sent[0].ends_with("$orderby=createdDateTime&$top=1"),
            "{sent:?}"
        );
    }
    let all = times(&rig, "audits", |_| true);
    let (newest, sent) = instants(&rig, "SELECT max(activity_date_time) FROM audits").await;
    assert_eq!((newest, sent.len()), (vec![*all.last().unwrap()], 1));
    // Of this log no one has seen that a date and an order go together.
    let (oldest, sent) = instants(&rig, "SELECT min(activity_date_time) FROM audits").await;
    assert_eq!(oldest, [all[0]]);
    assert!(sent.len() > 1 && sent.iter().all(|target| !target.contains("$orderby")), "{sent:?}");
}

#[tokio::test]
async fn the_first_rows_of_a_log_are_its_oldest() {
    let rig = Rig::sound().await;
    let all = times(&rig, "sign_ins", |_| true);
    for limit in [1, 3, 10, 10_000] {
        let sql = format!(
            "SELECT created_date_time, id FROM sign_ins ORDER BY created_date_time LIMIT {limit}"
        );
        let (rows, sent) = instants(&rig, &sql).await;
        assert_eq!(rows, all[..limit.min(all.len())], "{limit}");
        assert!(sent[0].contains("$orderby=createdDateTime"), "{sent:?}");
        assert!(limit > 7 || sent.len() == 1, "{sent:?}");
    }
}

#[tokio::test]
async fn filters_and_views_in_between_change_nothing() {
    let rig = Rig::sound().await;
    let browser = |row: &Value| row["clientAppUsed"] == "Browser";
    let kept = times(&rig, "sign_ins", browser);
    for (sql, expected) in [
        ("SELECT min(created_date_time) FROM sign_ins WHERE client_app_used = 'Browser'", kept[0]),
        (
            "SELECT max(t) FROM (SELECT created_date_time AS t, client_app_used AS c FROM sign_ins) \
             WHERE c = 'Browser'",
            *kept.last().unwrap(),
        ),
    ] {
        let (found, sent) = instants(&rig, sql).await;
        assert_eq!((found, sent.len()), (vec![expected], 1), "{sql}");
    }
    let every = |end: fn(&[DateTime<Utc>]) -> DateTime<Utc>| {
        LOGS.map(|log| end(&times(&rig, log, |_| true)))
    };
    let oldest = every(|all| all[0]).into_iter().min().unwrap();
    let newest = every(|all| *all.last().unwrap()).into_iter().max().unwrap();
    for (call, expected) in [("min", oldest), ("max", newest)] {
        let sql = format!("SELECT {call}(created_date_time) FROM all_sign_ins");
        let (found, sent) = instants(&rig, &sql).await;
        assert_eq!((found, sent.len()), (vec![expected], LOGS.len()), "{sql}: {sent:?}");
    }
}

#[tokio::test]
async fn what_wants_more_than_an_end_reads_the_log() {
    let rig = Rig::sound().await;
    let all = times(&rig, "sign_ins", |_| true);
    let ends = "SELECT min(created_date_time), max(created_date_time) FROM sign_ins";
    let both = rig.rows(ends).await.concat();
    let both: Vec<DateTime<Utc>> = both.iter().map(|at| at.parse().unwrap()).collect();
    assert_eq!(both, [all[0], *all.last().unwrap()]);
    for sql in [
        "SELECT max(created_date_time) FROM sign_ins GROUP BY user_id ORDER BY 1",
        "SELECT created_date_time FROM sign_ins ORDER BY created_date_time",
        "SELECT max(created_date_time) FILTER (WHERE is_interactive) FROM sign_ins",
    ] {
        let (found, sent) = instants(&rig, sql).await;
        assert_eq!(found.last(), all.last(), "{sql}");
        assert!(
            sent.len() > 1 && sent.iter().all(|target| !target.contains("$orderby")),
            "{sent:?}"
        );
    }
    let limited = "SELECT max(created_date_time) FROM (SELECT * FROM sign_ins LIMIT 5)";
    assert_eq!(instants(&rig, limited).await.0, [*all.last().unwrap()]);
    let nobody = "SELECT max(created_date_time) FROM sign_ins WHERE user_id = 'nobody'";
    assert_eq!(rig.ids(nobody).await, ["NULL"]);
}

#[tokio::test]
async fn without_trust_or_pushdown_nothing_rests_on_the_order() {
    for setting in ["trust_order", "pushdown"] {
        let rig = Rig::sound().await;
        rig.rows(&format!("SET entra.{setting} = false")).await;
        let all = times(&rig, "sign_ins", |_| true);
        for (sql, expected) in [
            ("SELECT min(created_date_time) FROM sign_ins", all[0]),
            ("SELECT max(created_date_time) FROM sign_ins", *all.last().unwrap()),
            ("SELECT created_date_time FROM sign_ins ORDER BY 1 LIMIT 1", all[0]),
        ] {
            let (found, sent) = instants(&rig, sql).await;
            assert_eq!(found, [expected], "{sql}");
            assert!(sent.iter().all(|target| !target.contains("$orderby")), "{sent:?}");
        }
    }
}

#[tokio::test]
async fn a_log_that_comes_the_wrong_way_is_an_error() {
    let row = |id: &str, at: &str| {
        format!(r#"{{"id": "{id}", "createdDateTime": "2026-11-0{at}T00:00:00Z"}}"#)
    };
    let page = format!(r#"{{"value": [{}, {}]}}"#, row("a", "2"), row("b", "1"));
    let text = Value::from(page);
    let step = format!(r#"[{{"when": {{"times": 0}}, "do": {{"body": {{"text": {text}}}}}}}]"#);
    let rig = Rig::written(&step).await;
    let error = rig.error("SELECT id FROM sign_ins ORDER BY created_date_time LIMIT 2").await;
    assert_eq!(error.kind(), ErrorKind::Malformed, "{error:?}");
    assert_eq!(
        rig.ids("SELECT id FROM sign_ins ORDER BY created_date_time DESC LIMIT 2").await,
        ["a", "b"]
    );
}

#[tokio::test]
async fn whether_there_is_a_row_takes_one() {
    for (sql, rows) in [
        ("SELECT 'yes' WHERE EXISTS (SELECT id FROM sign_ins)", 1),
        ("SELECT 'yes' WHERE NOT EXISTS (SELECT id FROM audits)", 0),
        ("SELECT 'yes' WHERE EXISTS (SELECT group_id FROM group_members)", 1),
        ("SELECT n FROM (VALUES (1), (2)) t(n) WHERE EXISTS (SELECT 1 FROM audits) OR n = 2", 2),
    ] {
        let rig = Rig::sound().await;
        assert_eq!(rig.ids(sql).await.len(), rows, "{sql}");
        let sent = rig.graph();
        // Two pages of groups make a batch.
        let most = if sql.contains("group_members") { 3 } else { 1 };
        assert_eq!(sent.len(), most, "{sql}: {sent:?}");
    }
    let rig = Rig::sound().await;
    let none = "SELECT 'no' WHERE NOT EXISTS (SELECT id FROM audits WHERE id = 'nothing')";
    assert_eq!(rig.ids(none).await, ["no"]);
}
