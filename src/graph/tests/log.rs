//! The request log, and that no secret reaches it or anything else.

use std::collections::HashSet;
use std::sync::Arc;

use super::{PAGE, Rig, new_clock, refusal, then_page, users};
use crate::auth::testing::{Server, json, reply};
use crate::auth::{ClientCredentials, TokenCache};
use crate::graph::{GraphClient, GraphConfig, Pacing, RequestLog};
use crate::secret::Secret;

#[tokio::test]
async fn every_request_carries_its_own_id_and_the_token() {
    let rig = Rig::new(then_page(vec![reply(500, "", "")])).await;
    rig.client.get(&users()).await.unwrap();
    rig.client.get(&users()).await.unwrap();
    let seen = rig.server.seen();
    let ids: HashSet<_> = seen.iter().map(|s| s.header("client-request-id").unwrap()).collect();
    assert_eq!((seen.len(), ids.len()), (3, 3));
    for one in &seen {
        assert_eq!(one.method, "GET");
        assert_eq!(one.header("authorization"), Some("Bearer tokenCanary1"));
        assert_eq!(one.header("accept"), Some("application/json"));
    }
}

#[tokio::test]
async fn retries_and_rows_are_written_down() {
    let rig = Rig::new(then_page(vec![json(500, &refusal("Oops", "x"))])).await;
    let request = users();
    let page = rig.client.get(&request).await.unwrap();
    rig.client.log().add_rows(page.sequence, 1);
    rig.client.log().add_rows(99, 1);
    let entries = rig.client.log().snapshot();
    let brief: Vec<_> =
        entries.iter().map(|e| (e.seq, e.status, e.attempt, e.rows, e.error.as_deref())).collect();
    assert_eq!(brief, [(1, 500, 1, None, Some("500 Oops")), (2, 200, 2, Some(1), None)]);
    assert_eq!(entries[1].bytes, PAGE.len() as u64);
    assert_eq!((entries[1].target.as_str(), entries[1].table), ("/v1.0/users?$select=id", "users"));
    let counts = request.meter.counts();
    assert_eq!((counts.requests, counts.retries, counts.pages), (2, 1, 1));
    assert_eq!(rig.client.log().since(1).len(), 1);
}

#[tokio::test]
async fn the_ring_is_bounded() {
    let rig = Rig::with(|_, _| json(200, PAGE), |c| c.log = RequestLog::new(3, new_clock())).await;
    for _ in 0..5 {
        rig.client.get(&users()).await.unwrap();
    }
    let numbers: Vec<_> = rig.client.log().snapshot().iter().map(|e| e.seq).collect();
    assert_eq!(numbers, [3, 4, 5]);
    rig.client.log().add_rows(1, 7);
    rig.client.log().add_rows(4, 7);
    assert_eq!(rig.client.log().snapshot()[1].rows, Some(7));
}

#[tokio::test]
async fn token_requests_are_logged_and_no_secret_leaves() {
    let server = Server::start(|seen, _| match seen.method.as_str() {
        "POST" => json(200, r#"{"access_token":"tokenCanary","expires_in":3600}"#),
        _ => json(400, &refusal("BadRequest", "you sent tokenCanary")),
    })
    .await;
    let clock = new_clock();
    let log = RequestLog::new(10, clock.clone());
    let guid = "11111111-2222-3333-4444-555555555555";
    let secret = Secret::new("secretCanary");
    let source = ClientCredentials::new(&server.origin, "contoso.com", guid, secret, "s/.default")
        .unwrap()
        .with_clock(clock.clone())
        .observed_by(Arc::new(log.clone()));
    let tokens = TokenCache::with_clock(Arc::new(source), clock.clone());
    let mut config = GraphConfig::new("contoso", tokens);
    config.origin = server.origin.clone();
    (config.pacing, config.clock, config.log) = (Pacing::Off, clock, log);
    let client = GraphClient::new(config).unwrap();
    let error = client.get(&users()).await.unwrap_err();
    let targets: Vec<_> =
        client.log().snapshot().into_iter().map(|e| (e.method, e.target)).collect();
    assert_eq!(targets[0], ("POST", "/contoso.com/oauth2/v2.0/token".to_owned()));
    assert_eq!(targets[1].0, "GET");
    let text = format!("{client:?} {error:?} {error} {:?}", client.log());
    assert!(!text.contains("Canary"), "{text}");
    assert!(error.message().contains("you sent ***"), "{error}");
}

#[tokio::test]
async fn the_futures_may_move_between_threads() {
    fn moves<T: Send>(value: T) -> T {
        value
    }
    let rig = Rig::new(|_, _| json(200, PAGE)).await;
    let request = users();
    moves(rig.client.get_checked(&request, |body, _| Ok(body.len()))).await.unwrap();
    moves(rig.client.get(&request)).await.unwrap();
    drop(moves(rig.client.batch_get(std::slice::from_ref(&request))));
    drop(moves(rig.client.get_by_ids(&request, &[], &[])));
}
