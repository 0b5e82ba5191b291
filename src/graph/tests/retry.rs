//! Which failures are tried again, how often, and after how long.

use std::time::Duration;

use futures::future::join_all;

use super::{PAGE, Rig, in_bucket, refusal, then_page, users};
use crate::auth::testing::{Answer, Server, json, reply};
use crate::error::ErrorKind;
use crate::graph::Meter;
use crate::spec::Bucket;

#[tokio::test]
async fn a_wait_graph_asks_for_is_kept() {
    for (header, least) in [
        ("Retry-After: 17\r\n", 17.0),
        ("Retry-After: 2.128\r\n", 2.128),
        ("Retry-After: Sun, 01 Mar 2026 12:00:09 GMT\r\n", 9.0),
        (
            "Date: Sun, 01 Mar 2026 12:10:00 GMT\r\nRetry-After: Sun, 01 Mar 2026 12:10:09 GMT\r\n",
            9.0,
        ),
    ] {
        let rig = Rig::new(then_page(vec![reply(429, header, "")])).await;
        let request = users();
        rig.client.get(&request).await.unwrap();
        let waits = rig.waits("throttled");
        assert_eq!(waits.len(), 1, "{header}");
        assert!(waits[0] >= least && waits[0] < least * 1.1 + 2.0, "{header}: {waits:?}");
        assert_eq!(rig.server.count(), 2);
        assert!(request.meter.counts().throttled.as_secs_f64() >= least);
        assert_eq!(rig.client.log().snapshot()[1].attempt, 2);
        assert!(rig.client.log().snapshot()[1].throttled_ms >= 2000);
    }
}

#[tokio::test]
async fn without_a_usable_header_the_wait_is_ours() {
    for (bucket, least, most) in [
        (Bucket::Reports, 10.0, 20.0),
        (Bucket::IdentityProtection, 1.0, 2.0),
        (Bucket::Directory, 1.0, 2.0),
    ] {
        for header in [
            "",
            "Retry-After: -5\r\n",
            "Retry-After: soon\r\n",
            "Retry-After: 0\r\n",
            "Retry-After: Sun, 01 Mar 2026 11:00:00 GMT\r\n",
        ] {
            let rig = Rig::new(then_page(vec![reply(429, header, "")])).await;
            rig.client.get(&in_bucket(bucket)).await.unwrap();
            let waits = rig.waits("throttled");
            assert!(waits[0] >= least && waits[0] <= most, "{bucket:?} {header}: {waits:?}");
        }
    }
}

#[tokio::test]
async fn being_throttled_is_not_a_failed_attempt() {
    let first = vec![reply(429, "Retry-After: 5\r\n", ""); 40];
    let rig = Rig::new(then_page(first)).await;
    rig.client.get(&users()).await.unwrap();
    assert_eq!(rig.server.count(), 41);
}

#[tokio::test]
async fn endless_throttling_ends_at_the_longest_wait() {
    let rig = Rig::with(
        |_, _| reply(429, "Retry-After: 10\r\n", ""),
        |config| {
            config.max_wait = Duration::from_secs(60);
        },
    )
    .await;
    let error = rig.client.get(&users()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert!(error.message().contains("waited 5"), "{error}");
    assert!((50.0..=60.0).contains(&rig.clock.elapsed().as_secs_f64()));
    assert_eq!(rig.server.count(), 6);
}

#[tokio::test]
async fn an_absurd_wait_fails_at_once_and_says_when() {
    let rig = Rig::new(|_, _| reply(429, "Retry-After: 86400\r\n", "")).await;
    let error = rig.client.get(&users()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert!(error.hint().unwrap().contains("2026-03-02T12:0"), "{error:?}");
    assert_eq!(rig.server.count(), 1);
    assert!(rig.clock.sleeps().is_empty());
    for huge in ["9999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        let header = format!("Retry-After: {huge}\r\n");
        let rig = Rig::new(move |_, _| reply(429, &header, "")).await;
        assert_eq!(rig.client.get(&users()).await.unwrap_err().kind(), ErrorKind::Throttled);
    }
}

#[tokio::test]
async fn a_failing_service_gets_eight_tries() {
    for status in [408, 500, 502, 503, 504, 509] {
        let rig = Rig::new(then_page(vec![reply(status, "", "<html>"); 7])).await;
        let request = users();
        let page = rig.client.get(&request).await.unwrap();
        assert_eq!(page.body, PAGE.as_bytes());
        assert_eq!(request.meter.counts().retries, 7);

        let rig =
            Rig::new(move |_, _| reply(status, "Content-Type: text/html\r\n", "<html>")).await;
        let error = rig.client.get(&users()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable, "{status}");
        assert!(error.message().contains(&status.to_string()), "{error}");
        assert!(!error.to_string().contains("html"), "{error}");
        assert_eq!(rig.server.count(), 8, "{status}");
        assert!(rig.waits("retry").iter().all(|w| *w >= 1.0));
        assert!(rig.clock.elapsed() <= Duration::from_secs(300));
    }
}

#[tokio::test]
async fn a_service_that_names_a_wait_is_obeyed() {
    let rig = Rig::new(then_page(vec![reply(503, "Retry-After: 30\r\n", "")])).await;
    rig.client.get(&users()).await.unwrap();
    assert!(rig.waits("throttled")[0] >= 30.0);
    let rig = Rig::new(|_, _| reply(503, "Retry-After: 1\r\n", "")).await;
    assert_eq!(rig.client.get(&users()).await.unwrap_err().kind(), ErrorKind::Unavailable);
    assert_eq!(rig.server.count(), 8);
}

#[tokio::test]
async fn a_connection_closed_without_answer_is_tried_again() {
    let rig = Rig::new(then_page(vec![Answer::Raw(Vec::new()); 3])).await;
    rig.client.get(&users()).await.unwrap();
    assert_eq!(rig.server.count(), 4);
}

#[tokio::test]
async fn an_unreachable_host_is_named_after_four_tries() {
    let rig = Rig::new(|_, _| json(200, PAGE)).await;
    let (client, clock) = (rig.client.clone(), rig.clock.clone());
    drop(rig);
    tokio::task::yield_now().await;
    let error = client.get(&users()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.message().contains("cannot reach 127.0.0.1"), "{error}");
    assert_eq!(clock.sleeps().len(), 3);
}

#[tokio::test]
async fn what_is_wrong_for_good_is_not_repeated() {
    for status in [400, 404, 405, 409, 410, 501] {
        let rig = Rig::new(move |_, _| json(status, &refusal("BadRequest", "No."))).await;
        rig.client.get(&users()).await.unwrap_err();
        assert_eq!(rig.server.count(), 1, "{status}");
    }
}

#[tokio::test]
async fn an_expired_token_is_replaced_once_and_the_page_repeated() {
    let rig = Rig::new(|seen, _| match seen.header("authorization") {
        Some("Bearer tokenCanary1") => json(401, &refusal("InvalidAuthenticationToken", "x")),
        _ => json(200, PAGE),
    })
    .await;
    let results = join_all((0..8).map(|_| async { rig.client.get(&users()).await })).await;
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(rig.tokens.count(), 2);
    assert!(rig.server.targets().iter().all(|t| t == "/v1.0/users?$select=id"));
}

#[tokio::test]
async fn a_token_refused_twice_is_an_auth_error() {
    let rig = Rig::new(|_, _| json(401, &refusal("InvalidAuthenticationToken", "x"))).await;
    let error = rig.client.get(&users()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert_eq!((rig.server.count(), rig.tokens.count()), (2, 2));
}

#[tokio::test]
async fn a_permission_granted_a_moment_ago_needs_a_new_token() {
    let denied = || json(403, &refusal("Authorization_RequestDenied", "Insufficient privileges"));
    let rig = Rig::new(then_page(vec![denied()])).await;
    rig.client.get(&users()).await.unwrap();
    assert_eq!(rig.tokens.count(), 2);

    let rig = Rig::new(move |_, _| denied()).await;
    let error = rig.client.get(&users()).await.unwrap_err();
    assert_eq!((error.kind(), error.kind().exit_code()), (ErrorKind::Permission, 4));
    assert_eq!((rig.server.count(), rig.tokens.count()), (2, 2));
    let wanted =
        "`users` needs the application permission User.Read.All (or one of Directory.Read.All)";
    assert_eq!(error.message(), wanted);
    assert!(error.hint().unwrap().contains("grant admin consent"));
    assert!(error.context().contains(&("request-id", "r-1".into())));
}

#[tokio::test]
async fn a_license_refusal_is_tried_once_more() {
    let code = "Authentication_RequestFromNonPremiumTenantOrB2CTenant";
    let rig = Rig::new(then_page(vec![json(403, &refusal(code, "x"))])).await;
    rig.client.get(&users()).await.unwrap();

    let rig = Rig::new(move |_, _| json(403, &refusal(code, "x"))).await;
    let error = rig.client.get(&users()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::License);
    assert!(error.message().contains("Entra ID P1 or P2"), "{error}");
    assert_eq!((rig.server.count(), rig.tokens.count()), (2, 1));
}

#[tokio::test]
async fn a_redirect_is_an_error_and_the_token_stays_here() {
    let second = Server::start(|_, _| json(200, PAGE)).await;
    let to = format!("Location: {}/v1.0/users\r\n", second.origin);
    for status in [301, 302, 307, 308] {
        let to = to.clone();
        let rig = Rig::new(move |_, _| reply(status, &to, "")).await;
        let error = rig.client.get(&users()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Security);
        assert!(error.message().contains(&status.to_string()));
        assert_eq!(rig.server.count(), 1);
    }
    assert_eq!(second.count(), 0);
}

#[tokio::test]
async fn a_budget_stops_before_the_next_request() {
    let rig = Rig::new(|_, _| reply(500, "", "")).await;
    let mut request = users();
    request.meter = Meter::with_budget(3);
    let error = rig.client.get(&request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Budget);
    assert!(error.message().contains("3 requests"), "{error}");
    assert_eq!((rig.server.count(), request.meter.counts().requests), (3, 3));
    request.meter = Meter::with_budget(0);
    assert!(rig.client.get(&request).await.is_err());
    assert_eq!(rig.server.count(), 3);
}

#[tokio::test]
async fn an_outage_does_not_multiply_the_load_of_a_query() {
    let rig = Rig::new(|_, _| reply(500, "", "")).await;
    let request = users();
    for _ in 0..30 {
        rig.client.get(&request).await.unwrap_err();
    }
    assert!(rig.server.count() <= 55, "{}", rig.server.count());
}

#[tokio::test]
async fn dropping_the_future_ends_everything() {
    let rig = Rig::new(|_, _| Answer::Stall(Vec::new())).await;
    let client = rig.client.clone();
    let task = tokio::spawn(async move { client.get(&users()).await.map(|_| ()) });
    while rig.server.count() == 0 {
        tokio::task::yield_now().await;
    }
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
    assert_eq!(rig.server.count(), 1);
    assert_eq!(rig.client.log().snapshot()[0].error.as_deref(), Some("canceled"));
}
