//! Graph's refusals in our words.

use reqwest::header::{HeaderMap, HeaderValue};

use super::{PAGE, Rig, refusal, users};
use crate::auth::testing::json;
use crate::error::ErrorKind;
use crate::graph::{GraphClient, GraphConfig, graph_error};

#[test]
fn every_documented_refusal_has_its_kind() {
    for (status, code, message, kind) in [
        (400, "BadRequest", "Invalid filter clause", ErrorKind::Rejected),
        (
            400,
            "UnknownError",
            "Minimum allowed time for activityDateTime is x",
            ErrorKind::Rejected,
        ),
        (400, "Request_UnsupportedQuery", "Invalid page size", ErrorKind::Rejected),
        (400, "Directory_ExpiredPageToken", "x", ErrorKind::PageExpired),
        (400, "", "Invalid Skip Token", ErrorKind::PageExpired),
        (400, "UnknownError", "skip token is null", ErrorKind::PageExpired),
        (410, "resyncRequired", "x", ErrorKind::PageExpired),
        (400, "AadPremiumLicenseRequired", "x", ErrorKind::License),
        (401, "InvalidAuthenticationToken", "x", ErrorKind::Auth),
        (401, "Authorization_IdentityNotFound", "x", ErrorKind::Auth),
        (403, "Authorization_RequestDenied", "Insufficient privileges", ErrorKind::Permission),
        (403, "Authentication_MSGraphPermissionMissing", "x", ErrorKind::Permission),
        (403, "", "Application missing 'Read directory data' permission", ErrorKind::Permission),
        (403, "Authentication_RequestFromUnsupportedUserRole", "x", ErrorKind::Permission),
        (403, "insufficient_claims", "x", ErrorKind::Permission),
        (403, "Forbidden", "Your tenant is not licensed for this feature.", ErrorKind::License),
        (403, "AccessDenied", "Your tenant is not licensed for this feature.", ErrorKind::License),
        (404, "Request_ResourceNotFound", "x", ErrorKind::Rejected),
        (404, "UnknownError", "Resource not found for the segment 'x'", ErrorKind::Rejected),
        (429, "UnknownError", "x", ErrorKind::Throttled),
        (503, "serviceNotAvailable", "x", ErrorKind::Unavailable),
        (504, "", "", ErrorKind::Unavailable),
    ] {
        let error =
            graph_error(status, refusal(code, message).as_bytes(), &HeaderMap::new(), &users());
        assert_eq!(error.kind(), kind, "{status} {code} {message}");
        assert!(error.hint().is_some(), "{status} {code}");
        assert!(error.context().contains(&("table", "users".into())));
        assert!(error.context().contains(&("url", "/v1.0/users?$select=id".into())));
    }
    assert_eq!(ErrorKind::PageExpired.exit_code(), 1);
}

#[test]
fn both_spellings_headers_html_and_nothing_are_understood() {
    let mut headers = HeaderMap::new();
    let body = br#"{"error":{"code":"","message":"a\r\nb\u001b[31m","innererror":{"request-id":"i-1","client-request-id":"c-1"}}}"#;
    let error = graph_error(400, body, &headers, &users());
    assert!(error.context().contains(&("request-id", "i-1".into())));
    assert!(error.context().contains(&("client-request-id", "c-1".into())));
    assert!(error.message().contains("400: a b [31m"), "{error}");
    headers.insert("request-id", HeaderValue::from_static("h-1"));
    for body in [&b"<html>"[..], b"", b"[]", b"null", br#"{"error":null}"#, br#"{"error":"flat"}"#]
    {
        let error = graph_error(502, body, &headers, &users());
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        assert!(error.context().contains(&("request-id", "h-1".into())));
        assert!(!error.to_string().contains('<'));
    }
}

#[tokio::test]
async fn a_missing_object_is_none() {
    let rig = Rig::new(|seen, _| match seen.target.as_str() {
        "/v1.0/users/none" => json(404, &refusal("Request_ResourceNotFound", "x")),
        "/v1.0/users/odd" => json(404, &refusal("UnknownError", "x")),
        _ => json(200, PAGE),
    })
    .await;
    let at = |id: &str| {
        let mut request = users();
        request.target = format!("/v1.0/users/{id}");
        request
    };
    assert!(rig.client.get_optional(&at("none")).await.unwrap().is_none());
    assert!(rig.client.get_optional(&at("some")).await.unwrap().is_some());
    assert!(rig.client.get_optional(&at("odd")).await.is_err());
    assert!(rig.client.get(&at("none")).await.is_err());
}

#[tokio::test]
async fn an_origin_without_tls_is_refused() {
    let rig = Rig::new(|_, _| json(200, PAGE)).await;
    for origin in ["http://graph.microsoft.com", "https://graph.microsoft.com/v1.0", "graph", ""] {
        let config = GraphConfig { origin: origin.into(), ..rig.client.inner.config.clone() };
        assert_eq!(GraphClient::new(config).unwrap_err().kind(), ErrorKind::Config, "{origin}");
    }
}
