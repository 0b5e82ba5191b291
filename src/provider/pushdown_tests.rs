//! What is pushed for a predicate, and why something is not.

use datafusion::common::DFSchema;
use datafusion::prelude::SessionContext;

use super::*;
use crate::spec::{TableSpec, Version, arrow_schema, flag, integer};
use crate::tables;

fn verdict(table: &str, sql: &str) -> Verdict {
    verdict_on(tables::find(table).unwrap(), sql)
}

fn verdict_on(spec: &'static TableSpec, sql: &str) -> Verdict {
    let schema = DFSchema::try_from(arrow_schema(spec).as_ref().clone()).unwrap();
    let state = SessionContext::new().state();
    let expr = state.create_logical_expr(sql, &schema).unwrap();
    let simplified = SessionContext::new().create_physical_expr(expr.clone(), &schema);
    assert!(simplified.is_ok(), "{sql} does not type: {simplified:?}");
    let simplifier = datafusion::optimizer::simplify_expressions::ExprSimplifier::new(
        datafusion::logical_expr::simplify::SimplifyContext::builder()
            .with_schema(std::sync::Arc::new(schema.clone()))
            .build(),
    );
    let expr = simplifier.coerce(expr, &schema).unwrap();
    let expr = simplifier.simplify(expr).unwrap();
    translate(&Scope { spec, version: Version::V1 }, &expr)
}

#[track_caller]
fn pushed(table: &str, sql: &str, expected: &str) {
    assert_eq!(verdict(table, sql).map(|p| p.filter.to_string()).as_deref(), Ok(expected), "{sql}");
}

#[track_caller]
fn kept(table: &str, sql: &str, reason: &str) {
    let found = verdict(table, sql).map(|p| p.filter.to_string());
    assert!(found.as_ref().is_err_and(|why| why.contains(reason)), "{sql}: {found:?}");
}

#[test]
fn text_is_compared_by_the_operators_declared() {
    pushed("users", "department = 'O''Brien & Co'", "department eq 'O''Brien & Co'");
    pushed("users", "'IT' = department", "department eq 'IT'");
    pushed("users", "display_name LIKE 'Al%x'", "startsWith(displayName,'Al')");
    pushed("users", "starts_with(display_name, 'Al')", "startsWith(displayName,'Al')");
    kept("users", "display_name LIKE '%x'", "wildcard");
    kept("users", "display_name LIKE '\\_x%'", "wildcard");
    kept("users", "display_name > 'A'", "order");
    kept("users", "about_me = 'x'", "no `eq` filter on `aboutMe`");
}

#[test]
fn ne_is_never_pushed_on_text() {
    kept("users", "department <> 'IT'", "drop rows");
    kept("users", "department NOT IN ('IT', 'HR')", "");
    kept("users", "display_name NOT LIKE 'A%'", "drop rows");
    kept("sign_ins", "status['error_code'] <> 0", "drop rows");
}

#[test]
fn flags_in_every_spelling() {
    for sql in [
        "account_enabled",
        "account_enabled = true",
        "account_enabled IS TRUE",
        "account_enabled <> false",
    ] {
        pushed("users", sql, "accountEnabled eq true");
    }
    for sql in ["NOT account_enabled", "account_enabled = false", "account_enabled IS FALSE"] {
        pushed("users", sql, "accountEnabled eq false");
    }
    assert!(verdict("users", "account_enabled").unwrap().exact);
    kept("users", "account_enabled IS NOT TRUE", "");
}

#[test]
fn time_bounds_are_widened_to_whole_seconds() {
    let at = "created_date_time";
    pushed(
        "sign_ins",
        &format!("{at} > '2026-11-14T01:02:03.5Z'"),
        "createdDateTime ge 2026-11-14T01:02:03Z",
    );
    pushed(
        "sign_ins",
        &format!("{at} <= '2026-11-14T01:02:03Z'"),
        "createdDateTime le 2026-11-14T01:02:04Z",
    );
    pushed(
        "sign_ins",
        &format!("{at}::date = '2026-11-14'"),
        "createdDateTime ge 2026-11-14T00:00:00Z and createdDateTime le 2026-11-15T00:00:01Z",
    );
    kept("groups", "created_date_time > '2026-11-14T00:00:00Z'", "no `ge` filter");
}

#[test]
fn lists_become_in_or_an_or_of_eq() {
    pushed("users", "city IN ('a','b','c','d')", "city in ('a','b','c','d')");
    pushed("users", "city = 'a' OR city = 'b'", "city in ('a','b')");
    pushed("sign_ins", "app_id IN ('a','b')", "appId eq 'a' or appId eq 'b'");
    pushed(
        "sign_ins",
        "app_id IN ('a','b','c','d')",
        "appId eq 'a' or appId eq 'b' or appId eq 'c' or appId eq 'd'",
    );
    let many = (0..16).map(|n| format!("'{n}'")).collect::<Vec<_>>().join(",");
    kept("users", &format!("city IN ({many})"), "at most 15");
}

#[test]
fn an_or_is_pushed_whole_or_not_at_all() {
    pushed("users", "city = 'a' OR account_enabled", "city eq 'a' or accountEnabled eq true");
    kept("users", "city = 'a' OR about_me = 'x'", "aboutMe");
    kept("sign_ins", "app_id = 'a' OR user_id = 'b'", "one property");
    kept("users", "city = 'a' OR (state = 'b' AND account_enabled)", "AND");
}

#[test]
fn nested_fields_and_collections() {
    pushed("sign_ins", "status['error_code'] = 50126", "status/errorCode eq 50126");
    pushed("sign_ins", "location['country_or_region'] = 'NO'", "location/countryOrRegion eq 'NO'");
    pushed("groups", "array_has(group_types, 'Unified')", "groupTypes/any(x:x eq 'Unified')");
    kept("sign_ins", "status['failure_reason'] = 'x'", "no `eq` filter on `status/failureReason`");
}

#[test]
fn ilike_goes_out_where_graph_is_known_to_ignore_case() {
    pushed("users", "department ILIKE 'it'", "department eq 'it'");
    pushed("users", "lower(department) = 'it'", "department eq 'it'");
    kept("users", "department ILIKE 'ÅS'", "ASCII");
    kept("sign_ins", "app_display_name ILIKE 'teams'", "not documented");
}

#[test]
fn nulls_need_the_advanced_query() {
    let found = verdict("users", "department IS NULL").unwrap();
    assert_eq!((found.filter.to_string().as_str(), found.advanced), ("department eq null", true));
    assert!(!verdict("users", "department = 'IT'").unwrap().advanced);
    kept("sign_ins", "app_id IS NULL", "no `eq null` filter");
}

#[test]
fn what_graph_would_refuse_stays_here() {
    kept("users", "department = ''", "empty");
    kept("users", &format!("department = '{}'", "x".repeat(121)), "120");
    kept("users", "department = E'a\\nb'", "control");
    kept("users", "length(department) = 2", "not a comparison");
}

const ANSWERED: &[Column] =
    &[flag("is_encrypted", "Flag.").filter(EQ), integer("version", "Number.").filter(EQ)];

#[test]
fn no_answer_is_exact_where_a_filter_may_be_ignored() {
    static TRUSTED: TableSpec = TableSpec::collection("t", "/t").columns(ANSWERED);
    static DOUBTED: TableSpec = TableSpec::collection("t", "/t").ignores_filter().columns(ANSWERED);
    for sql in ["is_encrypted", "NOT is_encrypted", "version = 7", "version IN (7, 8)"] {
        let (trusted, doubted) = (verdict_on(&TRUSTED, sql), verdict_on(&DOUBTED, sql));
        assert!(trusted.unwrap().exact && !doubted.unwrap().exact, "{sql}");
    }
    for table in tables::ALL {
        let is_intune = table.bucket == crate::spec::Bucket::Intune;
        assert_eq!(table.ignores_filter, is_intune, "{}", table.name);
    }
}

#[test]
fn a_property_that_takes_one_value_is_in_no_or() {
    pushed("managed_devices", "model = 'A'", "model eq 'A'");
    pushed("managed_devices", "model IN ('A')", "model eq 'A'");
    let both = "operatingSystem eq 'iOS' or operatingSystem eq 'macOS'";
    pushed("managed_devices", "operating_system IN ('iOS', 'macOS')", both);
    kept("managed_devices", "model IN ('A', 'B')", "one value at a time");
    let four = "model = 'A' OR model = 'B' OR model = 'C' OR model = 'D'";
    kept("managed_devices", four, "one value at a time");
}
