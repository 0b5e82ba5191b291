//! Values and pages of a shape nobody promised: null and a word about it, or an error.

use entraql::ErrorKind::{Decode, Malformed};
use serde_json::Value;

use crate::faults::rig::{PAGE, Rig};
use crate::faults::world::{ids, sign_ins};

/// A script, a column it spoils, and what is there instead.
const SPOILED: &[(&str, &str, &str, &str)] = &[
    ("wrong_types", "sign_ins", "user_display_name", "a number"),
    ("wrong_types", "sign_ins", "status", "text"),
    ("wrong_types", "sign_ins", "location", "a list"),
    ("wrong_types", "users", "display_name", "a number"),
    ("wrong_types", "users", "account_enabled", "text"),
    ("wrong_types", "risky_users", "risk_level", "a boolean"),
    ("wrong_types", "risky_users", "risk_last_updated_date_time", "a number"),
    ("wrong_times", "risky_users", "risk_last_updated_date_time", "text that is no timestamp"),
    ("wrong_numbers", "sign_ins", "autonomous_system_number", "a number out of range"),
    ("wrong_numbers", "sign_ins", "processing_time_in_milliseconds", "a fractional number"),
    ("wrong_numbers", "users", "device_enrollment_limit", "a number out of range"),
    ("wrong_exponent", "sign_ins", "autonomous_system_number", "a number out of range"),
    ("duplicate_keys", "users", "display_name", "a repeated member"),
];

/// The key of the row the scripts spoil: the first of the second page.
fn spoiled_row(rig: &Rig, table: &str) -> String {
    let world = rig.simulator().world();
    let mut all = match table {
        "sign_ins" => sign_ins(&world),
        "users" => ids(world.rows("users").iter()),
        "risky_users" => ids(world.rows("riskyUsers").iter()),
        other => panic!("no rows for {other}"),
    };
    all.swap_remove(PAGE)
}

#[tokio::test]
async fn a_value_of_the_wrong_type_is_null_and_named_in_the_receipt() {
    for (script, table, column, found) in SPOILED {
        let sql = format!("SELECT id, {column} FROM {table}");
        let mut wanted = Rig::sound().await.rows(&sql).await;
        let repeated = *script == "duplicate_keys";
        let rig = Rig::scripted(script).await;
        let key = spoiled_row(&rig, table);
        let outcome = rig.run(&sql).await;
        let then = if repeated { "its first value was read" } else { "read as null" };
        let warning = format!("{table}.{column} holds {found} in row {key}: {then}");
        let warnings = outcome.receipt.warnings;
        assert!(warnings.contains(&warning), "{script}: {warnings:?} without: {warning}");
        if !repeated {
            "NULL".clone_into(&mut wanted[PAGE][1]);
        }
        assert_eq!(outcome.result.unwrap(), wanted, "{script}: {sql}");
    }
}

#[tokio::test]
async fn a_value_of_the_wrong_type_is_an_error_in_strict_mode() {
    for (script, table, column, found) in SPOILED {
        let rig = Rig::scripted(script).await;
        rig.rows("SET entra.strict = true").await;
        let error = rig.error(&format!("SELECT id, {column} FROM {table}")).await;
        assert_eq!((error.kind(), error.kind().exit_code()), (Decode, 1), "{script}: {error:?}");
        let wanted = format!("`{table}.{column}` holds {found}");
        assert_eq!(error.message(), wanted, "{script}");
        let row = ("row", spoiled_row(&rig, table));
        assert!(error.context().contains(&row), "{script}: {error}");
    }
}

#[tokio::test]
async fn a_time_that_is_none_ends_a_scan_that_trusts_the_order_and_no_other() {
    let sql = "SELECT id, created_date_time FROM sign_ins";
    let newest_first = format!("{sql} ORDER BY created_date_time DESC");
    for script in ["wrong_times", "wrong_types"] {
        let error = Rig::scripted(script).await.error(&newest_first).await;
        assert_eq!(error.kind(), Malformed);
        assert_eq!(error.message(), "Graph sent a row without a time in `sign_ins`");
        // A plan that does not care about the order reads on.
        let outcome = Rig::scripted(script).await.run(sql).await;
        let rows = outcome.result.unwrap();
        assert_eq!((rows.len(), rows[PAGE][1].as_str()), (20, "NULL"));
        let warnings = outcome.receipt.warnings;
        let misfits = warnings.iter().filter(|warning| warning.contains("read as null"));
        assert_eq!(misfits.count(), 1, "{warnings:?}");
        // The advice of the error: sort here, then a missing time has a place.
        let rig = Rig::scripted(script).await;
        rig.rows("SET entra.trust_order = false").await;
        assert_eq!(rig.run(&newest_first).await.result.unwrap().len(), 20);
    }
}

#[tokio::test]
async fn half_a_surrogate_pair_is_no_text_and_is_not_asked_for_again() {
    for (table, column) in [("sign_ins", "user_display_name"), ("users", "display_name")] {
        let rig = Rig::scripted("lone_surrogate").await;
        let error = rig.error(&format!("SELECT id, {column} FROM {table}")).await;
        assert_eq!(error.kind(), Malformed, "{error:?}");
        let again = rig.graph().iter().filter(|s| s.target == rig.graph()[1].target).count();
        assert_eq!(again, 1);
    }
}

#[tokio::test]
async fn what_is_odd_outside_the_typed_columns_is_in_raw_as_it_came() {
    for (script, odd) in [
        ("lone_surrogate", r#""\ud800""#.to_owned()),
        ("nested_10", format!("{}{}", "[".repeat(10), "]".repeat(10))),
        ("nested_1000", format!("{}{}", "[".repeat(1_000), "]".repeat(1_000))),
        ("wrong_numbers", "99999999999999999999".to_owned()),
    ] {
        let rig = Rig::scripted(script).await;
        let rows = rig.rows("SELECT id, raw FROM sign_ins").await;
        assert_eq!(rows.len(), 20, "{script}");
        assert!(rows[PAGE][1].contains(&odd), "{script}: {}", rows[PAGE][1]);
    }
}

#[tokio::test]
async fn a_byte_order_mark_changes_no_value() {
    let sql = "SELECT * FROM users";
    let wanted = Rig::sound().await.rows(sql).await;
    assert_eq!(Rig::scripted("bom").await.rows(sql).await, wanted);
}

#[tokio::test]
async fn a_row_that_graph_sends_twice_is_there_twice() {
    let rig = Rig::scripted("duplicate").await;
    let sql = "SELECT id, count(*) FROM users GROUP BY id HAVING count(*) > 1";
    let twice = spoiled_before(&rig);
    assert_eq!(rig.rows(sql).await, [[twice, "2".to_owned()]]);
}

fn spoiled_before(rig: &Rig) -> String {
    ids(rig.simulator().world().rows("users").iter()).swap_remove(PAGE - 1)
}

/// The first page of three users, cut after each of its bytes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_cut_at_any_byte_is_asked_for_again() {
    let sql = "SELECT id, department FROM users WHERE department = '日本 語'";
    let sound = Rig::sound().await;
    let wanted = sound.run(sql).await;
    let (rows, bytes) = (wanted.result.unwrap(), wanted.receipt.bytes);
    assert_eq!(rows.len(), 1);
    assert!((100..2_000).contains(&bytes), "{bytes}");
    let length = f64::from(u32::try_from(bytes).unwrap());
    for cut in 0..u32::try_from(bytes).unwrap() {
        // A little above the byte, because the share is rounded down.
        let keep = (f64::from(cut) + 0.5) / length;
        let steps = format!(r#"[{{"do": {{"cut": {{"framing": "close", "keep": {keep}}}}}}}]"#);
        let rig = Rig::written(&steps).await;
        assert_eq!(rig.rows(sql).await, rows, "cut after {cut} of {bytes}");
        assert_eq!(rig.graph().len(), 2, "cut after {cut} of {bytes}");
    }
}

/// Every failing status on every page, once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_fails_on_any_page_costs_no_row_and_doubles_none() {
    let sql = "SELECT id FROM users";
    for status in [408, 429, 500, 502, 503, 504, 509] {
        for page in 1..=4 {
            let steps = format!(
                r#"[{{"when": {{"page": {page}}}, "do": {{"reply": {{"status": {status},
                    "code": "x", "message": "x"}}}}}}]"#
            );
            let rig = Rig::written(&steps).await;
            let wanted = ids(rig.simulator().world().rows("users").iter());
            assert_eq!(rig.ids(sql).await, wanted, "{status} on page {page}");
            assert_eq!(rig.graph().len(), 5, "{status} on page {page}");
        }
    }
}

#[tokio::test]
async fn an_empty_page_anywhere_ends_nothing() {
    for page in 1..=4 {
        let steps = format!(
            r#"[{{"when": {{"page": {page}, "times": 3}}, "do": {{"page": {{"empty": true}}}}}}]"#
        );
        let rig = Rig::written(&steps).await;
        let wanted = ids(rig.simulator().world().rows("users").iter());
        assert_eq!(rig.ids("SELECT id FROM users").await, wanted, "page {page}");
        assert_eq!(rig.graph().len(), 4 + 3);
    }
}

#[tokio::test]
async fn rows_out_of_order_end_the_query_and_are_never_cut_off_by_a_limit() {
    let late = Value::from("\"2026-11-14T13:00:00Z\"");
    let steps = format!(
        r#"[{{"when": {{"page": 2, "times": 0}},
             "do": {{"page": {{"row": {{"createdDateTime": {late}}}}}}}}}]"#
    );
    let rig = Rig::written(&steps).await;
    let sql = "SELECT id, created_date_time FROM sign_ins ORDER BY created_date_time DESC LIMIT 9";
    let error = rig.error(sql).await;
    assert_eq!(error.message(), "Graph sent rows out of order in `sign_ins`");
    rig.rows("SET entra.trust_order = false").await;
    let rows = rig.rows(sql).await;
    assert_eq!((rows.len(), &rows[0][0]), (9, &spoiled_row(&rig, "sign_ins")));
}
