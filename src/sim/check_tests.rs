//! Which filters are accepted, per resource and per request.

use crate::sim::check::{Asked, admit};
use crate::sim::reply::Fail;
use crate::sim::rules;
use crate::sim::syntax::{Expr, parse};

/// Checks a filter written as `resource version mode: filter`.
fn run(name: &str, beta: bool, advanced: bool, filter: &str) -> Result<Expr, Fail> {
    let all = rules::load().unwrap();
    let resource = all.iter().find(|resource| resource.name == name).unwrap();
    let floor = Some((1_000_000_000, 0));
    admit(&Asked { resource, beta, advanced, floor }, &parse(filter).unwrap())
}

fn code(name: &str, beta: bool, advanced: bool, filter: &str) -> String {
    match run(name, beta, advanced, filter) {
        Ok(_) => "ok".to_owned(),
        Err(fail) => fail.code,
    }
}

#[test]
fn the_directory_tells_default_from_advanced() {
    let users = |advanced, filter| code("users", false, advanced, filter);
    assert_eq!(users(false, "displayName eq 'x'"), "ok");
    assert_eq!(users(false, "DISPLAYname eq 'x'"), "ok");
    assert_eq!(users(false, "displayName ne 'x'"), "Request_UnsupportedQuery");
    assert_eq!(users(true, "displayName ne 'x'"), "ok");
    assert_eq!(users(false, "not startsWith(displayName,'x')"), "Request_UnsupportedQuery");
    assert_eq!(users(true, "not startsWith(displayName,'x')"), "ok");
    assert_eq!(users(true, "endsWith(mail,'x')"), "ok");
    assert_eq!(users(true, "endsWith(displayName,'x')"), "Request_UnsupportedQuery");
    assert_eq!(users(true, "displayName gt 'x'"), "Request_UnsupportedQuery");
    assert_eq!(users(true, "contains(displayName,'x')"), "Request_UnsupportedQuery");
    assert_eq!(users(false, "nonsense eq 'x'"), "BadRequest");
    assert_eq!(users(false, "accountEnabled eq 'true'"), "BadRequest");
    assert_eq!(users(false, "mail eq null"), "Request_UnsupportedQuery");
    assert_eq!(users(true, "mail eq null"), "ok");
}

#[test]
fn sign_in_activity_stands_alone() {
    let activity = "signInActivity/lastSignInDateTime le 2026-01-01T00:00:00Z";
    let both = format!("{activity} and accountEnabled eq true");
    assert_eq!(code("users", false, false, activity), "ok");
    assert_eq!(code("users", false, true, activity), "Request_UnsupportedQuery");
    assert_eq!(code("users", false, false, &both), "Request_UnsupportedQuery");
}

#[test]
fn default_queries_have_limits_that_advanced_ones_do_not() {
    let many = |n: usize| {
        let clauses: Vec<_> = (0..n).map(|i| format!("id eq '{i}'")).collect();
        clauses.join(" or ")
    };
    assert_eq!(code("users", false, false, &many(15)), "ok");
    assert_eq!(code("users", false, false, &many(16)), "Request_UnsupportedQuery");
    assert_eq!(code("users", false, true, &many(16)), "ok");
    let list = |n: usize| format!("id in ({})", vec!["'a'"; n].join(","));
    assert_eq!(code("users", false, false, &list(15)), "ok");
    assert_eq!(code("users", false, false, &list(16)), "Request_UnsupportedQuery");
    let value = |n: usize| format!("displayName eq '{}'", "x".repeat(n));
    assert_eq!(code("users", false, false, &value(120)), "ok");
    assert_eq!(code("users", false, false, &value(121)), "Request_UnsupportedQuery");
    let high = "(((city eq 'a' and state eq 'b') or city eq 'c') and state eq 'd')";
    assert_eq!(code("users", false, false, high), "Request_UnsupportedQuery");
    assert_eq!(code("users", false, false, "(city eq 'a' or city eq 'b') and state eq 'd'"), "ok");
}

#[test]
fn lambdas_follow_their_paths() {
    let users = |advanced, filter| code("users", false, advanced, filter);
    let sku = "assignedLicenses/any(a:a/skuId eq 18181a46-0d4e-45cd-891e-60aabd171b4e)";
    assert_eq!(users(false, sku), "ok");
    assert_eq!(users(false, "assignedLicenses/any(a:a/skuId eq 'x')"), "BadRequest");
    assert_eq!(users(false, "assignedLicenses/$count eq 0"), "Request_UnsupportedQuery");
    assert_eq!(users(true, "assignedLicenses/$count eq 0"), "ok");
    assert_eq!(users(true, "assignedLicenses/$count eq 7"), "Request_UnsupportedQuery");
    assert_eq!(users(false, "proxyAddresses/any(p: startsWith(p,'smtp'))"), "ok");
    let pair = "identities/any(i:i/issuer eq 'a' and i/issuerAssignedId eq 'b')";
    assert_eq!(users(false, pair), "ok");
    assert_eq!(users(false, "identities/any(i:i/issuer eq 'a')"), "Request_UnsupportedQuery");
}

#[test]
fn the_logs_take_what_their_page_lists() {
    let sign_ins = |beta, filter| code("signIns", beta, false, filter);
    assert_eq!(sign_ins(false, "userPrincipalName eq 'a' and status/errorCode eq 0"), "ok");
    assert_eq!(sign_ins(false, "createdDateTime ge '2026-01-01T00:00:00Z'"), "BadRequest");
    assert_eq!(sign_ins(false, "createdDateTime ge 2001-01-01T00:00:00Z"), "BadRequest");
    assert_eq!(sign_ins(false, "createdDateTime ge 2026-01-01T00:00:00Z"), "ok");
    assert_eq!(sign_ins(false, "isInteractive eq true"), "BadRequest");
    assert_eq!(sign_ins(false, "userId in ('a','b')"), "BadRequest");
    assert_eq!(sign_ins(false, "not (userId eq 'a')"), "BadRequest");
    assert_eq!(sign_ins(false, "userId eq 'a' or userId eq 'b'"), "ok");
    assert_eq!(sign_ins(false, "userId eq 'a' or appId eq 'b'"), "BadRequest");
    assert_eq!(sign_ins(false, "signInEventTypes/any(t: t eq 'x')"), "BadRequest");
    assert_eq!(sign_ins(true, "signInEventTypes/any(t: t ne 'interactiveUser')"), "ok");
    assert_eq!(
        code("riskyUsers", false, false, "riskLevel eq microsoft.graph.riskLevel'high'"),
        "ok"
    );
    assert_eq!(code("riskyUsers", false, false, "id eq 'x'"), "BadRequest");
}

#[test]
fn audits_name_the_oldest_time_they_serve() {
    let fail = run("directoryAudits", false, false, "activityDateTime ge 2001-01-01T00:00:00Z");
    let fail = fail.unwrap_err();
    assert_eq!(fail.code, "UnknownError");
    assert!(fail.message.contains("Minimum allowed time for activityDateTime is 9/9/2001"));
    let upper = "activityDateTime le 2001-01-01T00:00:00Z";
    assert_eq!(code("directoryAudits", false, false, upper), "ok");
}
