//! Next links: where they may lead, and that they are followed as they come.

use super::{PAGE, Rig, users};
use crate::auth::Origin;
use crate::auth::testing::{Server, json};
use crate::error::{ErrorKind, Result};
use crate::graph::{Request, Visited, page};

/// The real origin, without a client.
struct Real(Origin);

impl Real {
    fn next(&self, from: &Request, link: &str, visited: &mut Visited) -> Result<Request> {
        page::next(&self.0, from, link, visited)
    }
}

fn real() -> Real {
    Real(Origin::parse("origin", "https://graph.microsoft.com").unwrap())
}

#[test]
fn a_link_to_the_same_origin_and_version_is_followed_verbatim() {
    let client = real();
    for (link, target) in [
        (
            "https://graph.microsoft.com/v1.0/users?$skiptoken=RFN%2b%2F+a'b~",
            "/v1.0/users?$skiptoken=RFN%2b%2F+a'b~",
        ),
        ("https://GRAPH.microsoft.com:443/v1.0/Users?a=..", "/v1.0/Users?a=.."),
        ("https://graph.microsoft.com/v1.0/a..b/x", "/v1.0/a..b/x"),
        ("https://graph.microsoft.com/v1.0/users?u=a@b.c", "/v1.0/users?u=a@b.c"),
    ] {
        let next = client.next(&users(), link, &mut Visited::new()).unwrap();
        assert_eq!(next.target, target);
    }
}

#[test]
fn a_link_that_leads_elsewhere_is_refused() {
    let client = real();
    for link in [
        "https://evil.com/v1.0/users",
        "http://graph.microsoft.com/v1.0/users",
        "https://graph.microsoft.com:444/v1.0/users",
        "https://graph.microsoft.com.evil.com/v1.0/users",
        "https://graph.microsoft.com./v1.0/users",
        "https://graph.microsoft.com@evil.com/v1.0/users",
        "https://a:b@graph.microsoft.com/v1.0/users",
        "https://evil.com\\@graph.microsoft.com/v1.0/users",
        "https:///evil.com/v1.0/users",
        "https://graph%2Emicrosoft.com.evil.com/v1.0/users",
        "//evil.com/v1.0/users",
        "https://203.0.113.9/v1.0/users",
        "https://xn--graph-.microsoft.com/v1.0/users",
        "https://graph.microsoft.com/beta/users",
        "https://graph.microsoft.com/v1.0",
        "https://graph.microsoft.com/v1.0/",
        "https://graph.microsoft.com/v1.0x/users",
        "https://graph.microsoft.com/",
        "https://graph.microsoft.com?/v1.0/users",
        "https://graph.microsoft.com/v1.0/../beta/users",
        "https://graph.microsoft.com/v1.0/%2e%2e/beta/users",
        "https://graph.microsoft.com/v1.0/%252e%252E/beta/users",
        "https://graph.microsoft.com/v1.0/x%2f..%2f..%2fbeta",
        "https://graph.microsoft.com/v1.0/./users",
        "https://graph.microsoft.com/v1.0/..\\beta",
        "ftp://graph.microsoft.com/v1.0/users",
    ] {
        let error = client.next(&users(), link, &mut Visited::new()).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Security | ErrorKind::Malformed),
            "{link}: {error}"
        );
        assert!(!format!("{error:?}").contains("evil"), "{error}");
    }
}

#[test]
fn a_link_that_is_no_url_is_malformed() {
    let client = real();
    for link in [
        "",
        "/v1.0/users",
        "users",
        "https:graph.microsoft.com/v1.0/users",
        "https://graph.microsoft.com/v1.0/us ers",
        "https://graph.microsoft.com/v1.0/users\n",
        "https://graph.microsoft.com/v1.0/users#x",
        "https://gr\u{430}ph.microsoft.com/v1.0/users",
    ] {
        let error = client.next(&users(), link, &mut Visited::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{link:?}");
    }
}

#[tokio::test]
async fn a_foreign_link_is_not_even_connected_to() {
    let second = Server::start(|_, _| json(200, PAGE)).await;
    let rig = Rig::new(|_, _| json(200, PAGE)).await;
    let link = format!("{}/v1.0/users", second.origin);
    let error = rig.client.next(&users(), &link, &mut Visited::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Security);
    assert_eq!(second.count(), 0);
}

#[test]
fn a_loop_of_any_length_is_found() {
    let client = real();
    let link = |n: usize| format!("https://graph.microsoft.com/v1.0/users?$skiptoken={n}");
    for length in [1, 2, 7] {
        let mut visited = Visited::new();
        let mut request = users();
        for n in 0..length {
            request = client.next(&request, &link(n), &mut visited).unwrap();
        }
        let error = client.next(&request, &link(0), &mut visited).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed);
        let first = format!("https://graph.microsoft.com{}", users().target);
        assert!(client.next(&request, &first, &mut visited).is_err());
    }
}

#[tokio::test]
async fn headers_and_meter_go_with_every_page() {
    let rig = Rig::new(|_, _| json(200, PAGE)).await;
    let mut request = users();
    request.headers = vec![("ConsistencyLevel", "eventual".into()), ("Prefer", "x".into())];
    let mut visited = Visited::new();
    for n in 0..3 {
        rig.client.get(&request).await.unwrap();
        let link = format!("{}/v1.0/users?$skiptoken={n}&x=%7e+%2F", rig.server.origin);
        request = rig.client.next(&request, &link, &mut visited).unwrap();
    }
    let seen = rig.server.seen();
    assert_eq!(seen[2].target, "/v1.0/users?$skiptoken=1&x=%7e+%2F");
    for one in &seen {
        assert_eq!(one.header("consistencylevel"), Some("eventual"));
        assert_eq!(one.header("prefer"), Some("x"));
    }
    assert_eq!((request.meter.counts().requests, request.meter.counts().pages), (3, 3));
}

#[tokio::test]
async fn a_target_cannot_escape_the_origin() {
    let rig = Rig::new(|_, _| json(200, PAGE)).await;
    for target in ["@evil.com/v1.0/x", ".evil.com/v1.0/x", "/me", "/v2.0/x", "", "v1.0/users"] {
        let request = Request { target: target.into(), ..users() };
        assert_eq!(rig.client.get(&request).await.unwrap_err().kind(), ErrorKind::Internal);
    }
    assert_eq!(rig.server.count(), 0);
}
