//! What a receipt warns of, beside what faults cause.

use entraql::{Engine, Receipt};

async fn receipt(sql: &str) -> Receipt {
    let engine = Engine::demo().await.unwrap();
    let mut query = engine.query(sql).await.unwrap();
    while query.next().await.unwrap().is_some() {}
    query.receipt()
}

#[tokio::test]
async fn a_log_read_to_its_end_for_want_of_a_bound_is_pointed_out() {
    let read = receipt("SELECT count(*) FROM sign_ins WHERE client_app_used = 'Browser'").await;
    assert!(read.pages > 1);
    let warning = "`sign_ins` is read as far back as it reaches: no predicate bounds \
                   `created_date_time`";
    assert_eq!(read.warnings, [warning]);
}

#[tokio::test]
async fn a_log_with_a_bound_or_read_for_its_newest_rows_is_not() {
    for sql in [
        "SELECT count(*) FROM sign_ins WHERE created_date_time > now() - INTERVAL '20 days'",
        "SELECT count(*) FROM sign_ins WHERE date_part('hour', created_date_time) < 6",
        "SELECT id FROM sign_ins LIMIT 20",
        "SELECT id FROM sign_ins ORDER BY created_date_time DESC LIMIT 20",
        "SELECT count(*) FROM users",
    ] {
        assert_eq!(receipt(sql).await.warnings, [""; 0], "{sql}");
    }
}
