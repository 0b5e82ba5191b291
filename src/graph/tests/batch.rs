//! `$batch` and `getByIds`: the only bodies sent.

use serde_json::{Value, json as value};

use super::{PAGE, Rig, in_bucket, users};
use crate::auth::testing::json;
use crate::error::ErrorKind;
use crate::graph::{GET_BY_IDS, Request, is_missing};
use crate::spec::Bucket;

fn parts(body: &str) -> Vec<Value> {
    serde_json::from_str::<Value>(body).unwrap()["requests"].as_array().unwrap().clone()
}

fn responses(parts: impl IntoIterator<Item = Value>) -> String {
    value!({ "responses": parts.into_iter().collect::<Vec<_>>() }).to_string()
}

fn echo(part: &Value) -> Value {
    value!({ "id": part["id"], "status": 200, "body": { "value": [part["url"]] } })
}

fn numbered(count: usize, bucket: Bucket) -> Vec<Request> {
    let request = |n| Request { target: format!("/v1.0/users/{n}"), ..in_bucket(bucket) };
    (0..count).map(request).collect()
}

#[tokio::test]
async fn order_is_restored_and_twenty_go_at_a_time() {
    let rig =
        Rig::new(|seen, _| json(200, &responses(parts(&seen.body).iter().rev().map(echo)))).await;
    let replies = rig.client.batch_get(&numbered(45, Bucket::Directory)).await.unwrap();
    for (n, reply) in replies.iter().enumerate() {
        let body = &reply.as_ref().unwrap().body;
        assert_eq!(body, format!(r#"{{"value":["/users/{n}"]}}"#).as_bytes());
    }
    assert_eq!((replies.len(), rig.server.count()), (45, 3));
    for seen in rig.server.seen() {
        assert_eq!((seen.method.as_str(), seen.target.as_str()), ("POST", "/v1.0/$batch"));
        assert!(parts(&seen.body).iter().all(|p| p["method"] == "GET" && p.get("body").is_none()));
    }
}

#[tokio::test]
async fn a_batch_does_not_overrun_its_bucket() {
    for (bucket, batches) in [(Bucket::Reports, 2), (Bucket::IdentityProtection, 6)] {
        let rig =
            Rig::new(|seen, _| json(200, &responses(parts(&seen.body).iter().map(echo)))).await;
        rig.client.batch_get(&numbered(6, bucket)).await.unwrap();
        assert_eq!(rig.server.count(), batches);
    }
}

#[tokio::test]
async fn versions_do_not_share_a_batch_and_headers_go_into_the_parts() {
    let rig = Rig::new(|seen, _| json(200, &responses(parts(&seen.body).iter().map(echo)))).await;
    let mut requests = numbered(2, Bucket::Directory);
    requests[1].target = "/beta/users/9?$select=id".into();
    requests[1].headers = vec![("ConsistencyLevel", "eventual".into())];
    rig.client.batch_get(&requests).await.unwrap();
    assert_eq!(rig.server.targets(), ["/v1.0/$batch", "/beta/$batch"]);
    let part = &parts(&rig.server.seen()[1].body)[0];
    assert_eq!(part["url"], "/users/9?$select=id");
    assert_eq!(part["headers"]["ConsistencyLevel"], "eventual");
}

#[tokio::test]
async fn only_failed_parts_are_repeated_after_the_longest_wait() {
    let rig = Rig::new(|seen, number| {
        let answer = |(place, part): (usize, &Value)| match (number, place) {
            (0, 1) => value!({"id": part["id"], "status": 429, "headers": {"Retry-After": "7"}}),
            (0, 2) => value!({"id": part["id"], "status": 429, "headers": {"retry-after": 31}}),
            (0, 3) => value!({"id": part["id"], "status": 503, "body": {"error": {"code": "x"}}}),
            _ => echo(part),
        };
        // The fifth part is lost the first time.
        let keep = if number == 0 { 4 } else { 5 };
        json(200, &responses(parts(&seen.body).iter().take(keep).enumerate().map(answer)))
    })
    .await;
    let requests = numbered(5, Bucket::Directory);
    let replies = rig.client.batch_get(&requests).await.unwrap();
    assert!(replies.iter().all(Result::is_ok));
    assert_eq!(rig.server.count(), 2);
    let again: Vec<_> =
        parts(&rig.server.seen()[1].body).iter().map(|p| p["url"].to_string()).collect();
    assert_eq!(again, [r#""/users/1""#, r#""/users/2""#, r#""/users/3""#, r#""/users/4""#]);
    assert!(rig.clock.elapsed().as_secs_f64() >= 31.0);
}

#[tokio::test]
async fn a_throttled_part_does_not_shorten_the_wait_of_a_failed_one() {
    let rig = Rig::new(|seen, number| {
        let answer = |(place, part): (usize, &Value)| match (number, place) {
            (0, 0) => value!({"id": part["id"], "status": 500}),
            (0, 1) => value!({"id": part["id"], "status": 429, "headers": {"Retry-After": "1"}}),
            _ => echo(part),
        };
        json(200, &responses(parts(&seen.body).iter().enumerate().map(answer)))
    })
    .await;
    rig.client.batch_get(&numbered(2, Bucket::Directory)).await.unwrap();
    assert_eq!((rig.server.count(), rig.waits("retry").len()), (2, 1));
}

#[tokio::test]
async fn each_part_has_its_own_error() {
    let rig = Rig::new(|seen, _| {
        let answer = |(place, part): (usize, &Value)| {
            let refused = |status: u16, code: &str| value!({"id": part["id"], "status": status, "body": {"error": {"code": code, "message": "m"}}});
            match place {
                0 => refused(404, "Request_ResourceNotFound"),
                1 => refused(400, "Request_BadRequest"),
                _ => echo(part),
            }
        };
        json(200, &responses(parts(&seen.body).iter().enumerate().map(answer)))
    })
    .await;
    let replies = rig.client.batch_get(&numbered(3, Bucket::Directory)).await.unwrap();
    assert!(is_missing(replies[0].as_ref().unwrap_err()));
    let bad = replies[1].as_ref().unwrap_err();
    assert_eq!(bad.kind(), ErrorKind::Rejected);
    assert!(!is_missing(bad) && replies[2].is_ok());
    assert_eq!(rig.server.count(), 1);
}

#[tokio::test]
async fn a_part_that_keeps_failing_ends() {
    let rig = Rig::new(|seen, _| {
        let fail = |p: &Value| value!({"id": p["id"], "status": 500});
        json(200, &responses(parts(&seen.body).iter().map(fail)))
    })
    .await;
    let replies = rig.client.batch_get(&numbered(2, Bucket::Directory)).await.unwrap();
    assert!(replies.iter().all(|r| r.as_ref().unwrap_err().kind() == ErrorKind::Unavailable));
    assert_eq!(rig.server.count(), 8);
}

#[tokio::test]
async fn a_token_refused_inside_a_batch_is_replaced_once() {
    let rig = Rig::new(|seen, _| {
        let old = seen.header("authorization") == Some("Bearer tokenCanary1");
        let refuse = |p: &Value| value!({"id": p["id"], "status": 401});
        let answer = |p: &Value| if old { refuse(p) } else { echo(p) };
        json(200, &responses(parts(&seen.body).iter().map(answer)))
    })
    .await;
    let replies = rig.client.batch_get(&numbered(5, Bucket::Directory)).await.unwrap();
    assert!(replies.iter().all(Result::is_ok));
    assert_eq!((rig.server.count(), rig.tokens.count()), (2, 2));
}

#[tokio::test]
async fn an_empty_batch_costs_nothing_and_a_shapeless_one_is_malformed() {
    let rig = Rig::new(|_, _| json(200, PAGE)).await;
    assert!(rig.client.batch_get(&[]).await.unwrap().is_empty());
    assert_eq!(rig.server.count(), 0);
    let error = rig.client.batch_get(&numbered(1, Bucket::Directory)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
}

#[tokio::test]
async fn objects_are_read_by_id() {
    let rig = Rig::new(|_, _| json(200, PAGE)).await;
    let request = Request { target: format!("{GET_BY_IDS}?$select=id"), units: 3, ..users() };
    let ids = ["a".to_owned(), "b\"".to_owned()];
    rig.client.get_by_ids(&request, &ids, &["user"]).await.unwrap();
    let seen = &rig.server.seen()[0];
    assert_eq!(seen.method, "POST");
    assert_eq!(seen.target, "/v1.0/directoryObjects/getByIds?$select=id");
    let body: Value = serde_json::from_str(&seen.body).unwrap();
    assert_eq!(body, value!({"ids": ["a", "b\""], "types": ["user"]}));
}

#[tokio::test]
async fn a_post_goes_nowhere_else() {
    let rig = Rig::new(|_, _| json(200, PAGE)).await;
    let many = vec![String::new(); 1001];
    for (request, ids) in
        [(users(), &many[..1]), (Request { target: GET_BY_IDS.into(), ..users() }, &many[..])]
    {
        let error = rig.client.get_by_ids(&request, ids, &[]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Internal);
    }
    assert_eq!(rig.server.count(), 0);
}
