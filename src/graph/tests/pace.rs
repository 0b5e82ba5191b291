//! The pace follows what Graph says: refusals, units charged, use of the limit.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;

use super::throttle::{MINUTE, alone, load, refuse};
use super::{PAGE, Rig, in_bucket, new_clock, then_page, users};
use crate::auth::testing::{json, reply};
use crate::auth::{Clock, RecorderClock};
use crate::graph::throttle::{Load, Signs, Throttle};
use crate::graph::{Meter, Pacing, Request};
use crate::spec::Bucket;

/// Sends one request that is served; returns how long it waited.
async fn serve(throttle: &Throttle, bucket: Bucket, signs: &Signs) -> Duration {
    let mut turn = throttle.admit(load(bucket, 0), MINUTE).await.unwrap();
    turn.permit.sent();
    turn.permit.served(signs);
    turn.waited
}

/// Requests served in a minute of the clock.
async fn in_a_minute(throttle: &Throttle, clock: &Arc<RecorderClock>, bucket: Bucket) -> usize {
    let end = clock.now() + MINUTE;
    let mut count = 0;
    while clock.now() < end {
        serve(throttle, bucket, &Signs::default()).await;
        count += 1;
    }
    count
}

#[tokio::test]
async fn after_a_refusal_one_request_goes_first_and_the_others_follow_its_success() {
    let clock = new_clock();
    let throttle = alone(Pacing::Off, clock.clone());
    refuse(&throttle, Bucket::Directory, 20).await;
    let mut probe = throttle.admit(load(Bucket::Directory, 1), MINUTE).await.unwrap().permit;
    probe.sent();
    assert_eq!(clock.elapsed().as_secs(), 20);
    let mut others: Vec<_> = (2..10)
        .map(|query| Box::pin(throttle.admit(load(Bucket::Directory, query), MINUTE)))
        .collect();
    assert!(others.iter_mut().all(|other| other.now_or_never().is_none()));
    // Refused again: again everybody waits, and one goes first.
    probe.refused(Duration::from_secs(20), &Signs::default());
    assert!(others.iter_mut().all(|other| other.now_or_never().is_none()));
    let first = others.remove(0).await.unwrap();
    assert_eq!(clock.elapsed().as_secs(), 40);
    assert!(others.iter_mut().all(|other| other.now_or_never().is_none()));
    first.permit.served(&Signs::default());
    assert!(others.into_iter().all(|other| other.now_or_never().is_some()));
}

#[tokio::test]
async fn a_first_request_that_is_lost_is_followed_by_another_first() {
    let throttle = alone(Pacing::Off, new_clock());
    refuse(&throttle, Bucket::Reports, 5).await;
    for sent in [false, true] {
        let mut turn = throttle.admit(load(Bucket::Reports, 1), MINUTE).await.unwrap();
        if sent {
            turn.permit.sent();
        }
        assert!(throttle.admit(load(Bucket::Reports, 2), MINUTE).now_or_never().is_none());
    }
    serve(&throttle, Bucket::Reports, &Signs::default()).await;
    let other = throttle.admit(load(Bucket::Reports, 2), MINUTE);
    assert!(other.now_or_never().is_some());
}

#[tokio::test]
async fn a_turn_that_is_not_used_is_given_back() {
    let throttle = alone(Pacing::Graph, new_clock());
    for _ in 0..20 {
        let turn = throttle.admit(load(Bucket::Reports, 0), MINUTE).await.unwrap();
        assert_eq!(turn.waited, Duration::ZERO);
    }
    for _ in 0..20 {
        let load = Load { units: 5_000, ..load(Bucket::Directory, 0) };
        assert_eq!(throttle.admit(load, MINUTE).await.unwrap().waited, Duration::ZERO);
    }
}

#[tokio::test]
async fn a_refusal_halves_the_pace_once_and_success_brings_it_back() {
    for (bucket, full) in [(Bucket::Reports, 30), (Bucket::IdentityProtection, 55)] {
        let clock = new_clock();
        let throttle = alone(Pacing::Graph, clock.clone());
        assert!(in_a_minute(&throttle, &clock, bucket).await >= full);
        // Two were under way when the limit was reached: one refusal, not two.
        let under_way: Vec<_> = [
            throttle.admit(load(bucket, 1), MINUTE).await,
            throttle.admit(load(bucket, 2), MINUTE).await,
        ]
        .into_iter()
        .map(|turn| turn.unwrap().permit)
        .collect();
        for mut permit in under_way {
            permit.sent();
            permit.refused(Duration::from_secs(10), &Signs::default());
        }
        serve(&throttle, bucket, &Signs::default()).await;
        let slow = in_a_minute(&throttle, &clock, bucket).await;
        assert!((full / 3..full).contains(&slow), "{bucket:?}: {slow}");
        for _ in 0..4 {
            in_a_minute(&throttle, &clock, bucket).await;
        }
        let again = in_a_minute(&throttle, &clock, bucket).await;
        assert!(again >= full, "{bucket:?}: {again}");
    }
}

#[tokio::test]
async fn a_limit_lower_than_documented_is_found_in_a_few_refusals() {
    for (bucket, limit, span) in
        [(Bucket::Reports, 2, 10), (Bucket::IdentityProtection, 1, 2), (Bucket::Security, 60, 60)]
    {
        let clock = new_clock();
        let throttle = alone(Pacing::Graph, clock.clone());
        let (mut sent, mut refusals) = (Vec::new(), 0);
        for _ in 0..400 {
            let mut permit = throttle.admit(load(bucket, 0), MINUTE * 10).await.unwrap().permit;
            permit.sent();
            sent.push(clock.now());
            let span = Duration::from_secs(span);
            let last = sent.iter().filter(|at| **at + span > clock.now()).count();
            if last > limit {
                refusals += 1;
                permit.refused(span, &Signs::default());
            } else {
                permit.served(&Signs::default());
            }
        }
        assert!((1..=9).contains(&refusals), "{bucket:?}: {refusals} of 400");
    }
}

#[tokio::test]
async fn use_of_the_limit_slows_the_bucket_from_eight_tenths_on() {
    for (used, at_once) in [(0.79, 5), (0.8, 5), (0.9, 4), (1.0, 4), (1.6, 2), (1.8, 2)] {
        let clock = new_clock();
        let throttle = alone(Pacing::Graph, clock.clone());
        let said = Signs { used: Some(used), ..Signs::default() };
        let mut count = 1;
        serve(&throttle, Bucket::Reports, &said).await;
        // The same again before the change can have shown changes nothing.
        while serve(&throttle, Bucket::Reports, &said).await.is_zero() {
            count += 1;
        }
        assert_eq!(count, at_once, "{used}");
    }
}

#[tokio::test]
async fn a_bucket_that_stays_busy_is_slowed_until_it_is_not() {
    let clock = new_clock();
    let throttle = alone(Pacing::Graph, clock.clone());
    let mut sent: Vec<std::time::Instant> = Vec::new();
    let mut worst = 0.0_f64;
    // Graph allows 4 requests in 10 s and says how much of that is used.
    for _ in 0..200 {
        let mut permit = throttle.admit(load(Bucket::Reports, 0), MINUTE).await.unwrap().permit;
        permit.sent();
        sent.push(clock.now());
        let now = clock.now();
        let last = sent.iter().filter(|at| **at + Duration::from_secs(10) > now).count();
        let used = f64::from(u32::try_from(last).unwrap()) / 4.0;
        if sent.len() > 50 {
            worst = worst.max(used);
        }
        permit.served(&Signs { used: Some(used).filter(|u| *u >= 0.8), ..Signs::default() });
    }
    assert!(worst <= 1.0, "{worst}");
}

#[tokio::test]
async fn the_directory_is_charged_what_graph_says() {
    for (said, waits) in [("1", false), ("7000", true)] {
        let header = format!("Content-Type: application/json\r\nx-ms-resource-unit: {said}\r\n");
        let answer = move |_: &_, _| reply(200, &header, PAGE);
        let rig = Rig::with(answer, |c| c.pacing = Pacing::Graph).await;
        rig.client.get(&Request { units: 4_000, ..users() }).await.unwrap();
        rig.client.get(&Request { units: 4_000, ..users() }).await.unwrap();
        assert_eq!(!rig.waits("pacing").is_empty(), waits, "{said}");
    }
}

#[tokio::test]
async fn a_refused_part_of_a_batch_slows_the_bucket() {
    let part = |id: usize, status: u16| {
        format!(
            r#"{{"id":"{id}","status":{status},"headers":{{"Retry-After":"10",
                "x-ms-throttle-scope":"Tenant/ReadWrite/a/b"}},"body":{PAGE}}}"#
        )
    };
    let parts = move |refused: usize| {
        let parts: Vec<_> =
            (0..5).map(|id| part(id, if id == refused { 429 } else { 200 })).collect();
        format!(r#"{{"responses":[{}]}}"#, parts.join(","))
    };
    let rig = Rig::with(
        move |_, number| json(200, &parts(if number == 0 { 3 } else { 9 })),
        |c| c.pacing = Pacing::Graph,
    )
    .await;
    let meter = Meter::default();
    let request = Request { meter: meter.clone(), ..in_bucket(Bucket::Reports) };
    let replies = rig.client.batch_get(&vec![request; 5]).await.unwrap();
    assert!(replies.iter().all(Result::is_ok));
    assert_eq!(rig.server.count(), 2);
    assert_eq!(rig.waits("throttled").len(), 1);
    let request = Request { meter: meter.clone(), ..in_bucket(Bucket::Reports) };
    for _ in 0..4 {
        rig.client.get(&request).await.unwrap();
    }
    assert_eq!(
        meter.slowed(),
        ["requests to identity-reports went at 50 % of the documented pace: Graph refused a \
             request (429) for the limit that all apps of the tenant share"]
    );
}

#[tokio::test]
async fn an_error_says_whose_limit_it_was() {
    let headers = "Retry-After: 5000\r\nx-ms-throttle-scope: Tenant_Application/Read/a/b\r\n\
                   x-ms-throttle-information: ResourceUnitLimitExceeded\r\n";
    let rig = Rig::new(then_page(vec![reply(429, headers, "")])).await;
    let error = rig.client.get(&users()).await.unwrap_err();
    let fact = |name| error.context().iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_str());
    assert_eq!(fact("throttle-scope"), Some("Tenant_Application/Read/a/b"));
    assert_eq!(fact("throttle-information"), Some("ResourceUnitLimitExceeded"));
}

#[tokio::test]
async fn a_bucket_without_a_number_gets_one_from_a_refusal() {
    let clock = new_clock();
    let throttle = alone(Pacing::Graph, clock.clone());
    for _ in 0..19 {
        serve(&throttle, Bucket::Intune, &Signs::default()).await;
    }
    assert!(clock.sleeps().is_empty());
    refuse(&throttle, Bucket::Intune, 11).await;
    // 20 were sent in the time before: now 10 go in 10 s.
    for _ in 0..11 {
        serve(&throttle, Bucket::Intune, &Signs::default()).await;
    }
    let waits: Vec<_> = clock.sleeps().into_iter().map(|sleep| sleep.1).collect();
    assert_eq!(waits, ["throttled", "pacing"]);
}

#[tokio::test]
async fn a_reader_that_pauses_keeps_no_turn() {
    let rig = Rig::with(|_, _| json(200, PAGE), |c| c.pacing = Pacing::Graph).await;
    let bucket = Bucket::IdentityProtection;
    rig.client.get(&in_bucket(bucket)).await.unwrap();
    let paused = in_bucket(bucket);
    let mut page = Box::pin(rig.client.get(&paused));
    assert!((&mut page).now_or_never().is_none(), "it waits for its turn");
    paused.meter.hold();
    assert!((&mut page).now_or_never().is_none());
    rig.client.get(&in_bucket(bucket)).await.unwrap();
    assert_eq!(rig.server.count(), 2);
    paused.meter.release();
    page.await.unwrap();
}
