//! The shared budgets: pace, pause, order.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use chrono::TimeDelta;
use futures::FutureExt;
use futures::future::join_all;

use super::{PAGE, Rig, in_bucket, new_clock, users};
use crate::auth::Clock;
use crate::auth::testing::{json, reply};
use crate::error::ErrorKind;
use crate::graph::throttle::{Load, Signs, Throttle};
use crate::graph::{Pacing, Request};
use crate::spec::Bucket;

/// Budgets nobody else has, because nobody else has the clock.
pub(super) fn alone(pacing: Pacing, clock: Arc<dyn Clock>) -> Throttle {
    Throttle::shared(pacing, &clock, ("https://graph.example", "contoso", "app"))
}

pub(super) fn load(bucket: Bucket, query: usize) -> Load {
    Load { bucket, requests: 1, units: 1, query }
}

pub(super) const MINUTE: Duration = Duration::from_secs(60);

/// Has Graph refuse one request.
pub(super) async fn refuse(throttle: &Throttle, bucket: Bucket, wait: u64) {
    let mut permit = throttle.admit(load(bucket, 0), MINUTE).await.unwrap().permit;
    permit.sent();
    permit.refused(Duration::from_secs(wait), &Signs::default());
}

async fn paced(bucket: Bucket, requests: usize) -> Rig {
    let rig = Rig::with(|_, _| json(200, PAGE), |c| c.pacing = Pacing::Graph).await;
    for _ in 0..requests {
        rig.client.get(&in_bucket(bucket)).await.unwrap();
    }
    rig
}

#[tokio::test]
async fn reports_go_five_in_ten_seconds() {
    let rig = paced(Bucket::Reports, 5).await;
    assert!(rig.clock.sleeps().is_empty());
    let rig = paced(Bucket::Reports, 11).await;
    let waits = rig.waits("pacing");
    assert_eq!(waits.len(), 2);
    assert!(waits.iter().all(|w| (10.0..10.5).contains(w)), "{waits:?}");
}

#[tokio::test]
async fn identity_protection_goes_once_a_second() {
    let waits = paced(Bucket::IdentityProtection, 4).await.waits("pacing");
    assert_eq!(waits.len(), 3);
    assert!(waits.iter().all(|w| (1.0..1.5).contains(w)), "{waits:?}");
}

#[tokio::test]
async fn the_directory_counts_units() {
    let rig = Rig::with(|_, _| json(200, PAGE), |c| c.pacing = Pacing::Graph).await;
    let heavy = Request { units: 4_000, ..users() };
    rig.client.get(&heavy).await.unwrap();
    rig.client.get(&heavy).await.unwrap();
    assert!(rig.clock.sleeps().is_empty());
    rig.client.get(&heavy).await.unwrap();
    let waits = rig.waits("pacing");
    assert_eq!(waits.len(), 1);
    assert!((4.9..5.1).contains(&waits[0]), "{waits:?}");
    let monster = Request { units: u32::MAX, ..users() };
    rig.client.get(&monster).await.unwrap();
}

#[tokio::test]
async fn without_pacing_nobody_waits_unasked() {
    let rig = Rig::new(|_, _| json(200, PAGE)).await;
    for bucket in [Bucket::Reports, Bucket::IdentityProtection, Bucket::Directory] {
        for _ in 0..20 {
            rig.client.get(&in_bucket(bucket)).await.unwrap();
        }
    }
    assert!(rig.clock.sleeps().is_empty());
}

#[tokio::test]
async fn one_refusal_pauses_every_scan_of_the_bucket() {
    let first = vec![reply(429, "Retry-After: 20\r\n", "")];
    let rig = Rig::with(super::then_page(first), |c| c.pacing = Pacing::Graph).await;
    let scan = || async {
        for _ in 0..3 {
            rig.client.get(&in_bucket(Bucket::IdentityProtection)).await.unwrap();
        }
    };
    futures::join!(scan(), scan(), scan(), scan());
    let entries = rig.client.log().snapshot();
    assert_eq!(entries.len(), 13);
    let refused = entries.iter().find(|e| e.status == 429).unwrap();
    let known =
        refused.started + TimeDelta::milliseconds(refused.millis.unwrap().try_into().unwrap());
    let over = known + TimeDelta::seconds(20);
    let early = entries.iter().filter(|e| e.started > known && e.started < over);
    assert_eq!(early.count(), 0, "{entries:#?}");
    let mut starts: Vec<_> = entries.iter().map(|e| e.started).collect();
    starts.sort();
    let together = starts.windows(2).filter(|w| w[1] - w[0] < TimeDelta::seconds(1));
    assert_eq!(together.count(), 0, "a burst: {starts:?}");
}

#[tokio::test]
async fn other_buckets_go_on_during_a_pause() {
    let throttle = alone(Pacing::Graph, new_clock());
    refuse(&throttle, Bucket::Reports, 30).await;
    let waited = throttle.admit(load(Bucket::Directory, 0), MINUTE).await.unwrap().waited;
    assert_eq!(waited, Duration::ZERO);
    let turn = throttle.admit(load(Bucket::Reports, 0), MINUTE).await.unwrap();
    assert_eq!((turn.waited.as_secs(), turn.paused.as_secs()), (30, 30));
}

#[tokio::test]
async fn the_directory_starts_empty_after_a_pause_and_fills_at_half_the_pace() {
    let throttle = alone(Pacing::Graph, new_clock());
    refuse(&throttle, Bucket::Directory, 10).await;
    let heavy = Load { units: 4_000, ..load(Bucket::Directory, 0) };
    let turn = throttle.admit(heavy, MINUTE).await.unwrap();
    let waited = turn.waited.as_secs_f64();
    assert!((19.9..20.1).contains(&waited), "{waited}");
    assert_eq!(turn.paused.as_secs(), 10, "the rest is our own doing");
}

#[tokio::test]
async fn a_pause_beyond_patience_is_an_error_at_once() {
    let throttle = alone(Pacing::Off, new_clock());
    refuse(&throttle, Bucket::Reports, 30).await;
    let patience = Duration::from_secs(29);
    assert!(throttle.admit(load(Bucket::Reports, 0), patience).await.is_err());
}

/// A clock whose sleepers wake only when told.
#[derive(Debug)]
struct Asleep(Arc<crate::auth::RecorderClock>, tokio::sync::Notify, AtomicUsize);

#[async_trait::async_trait]
impl Clock for Asleep {
    fn now(&self) -> std::time::Instant {
        self.0.now()
    }

    fn utc(&self) -> chrono::DateTime<chrono::Utc> {
        self.0.utc()
    }

    async fn sleep(&self, wait: Duration, _why: &'static str) {
        self.2.fetch_add(1, SeqCst);
        self.1.notified().await;
        self.0.advance(wait);
    }
}

#[tokio::test]
async fn a_waiter_that_leaves_frees_its_place_and_order_is_kept() {
    let clock = Arc::new(Asleep(new_clock(), tokio::sync::Notify::new(), AtomicUsize::new(0)));
    let throttle = alone(Pacing::Graph, clock.clone());
    let admit = || async {
        let turn = throttle.admit(load(Bucket::IdentityProtection, 0), MINUTE).await;
        turn.unwrap().permit.sent();
    };
    admit().await;
    let (mut head, mut second, mut third) =
        (Box::pin(admit()), Box::pin(admit()), Box::pin(admit()));
    for waiter in [&mut head, &mut second, &mut third] {
        assert!(waiter.now_or_never().is_none());
    }
    assert_eq!(clock.2.load(SeqCst), 1, "only the head of the line sleeps");
    drop(head);
    clock.1.notify_one();
    assert!((&mut third).now_or_never().is_none(), "the third is not next");
    second.await;
    clock.1.notify_one();
    third.await;
}

#[tokio::test]
async fn a_wait_can_be_watched() {
    let rig = Rig::new(super::then_page(vec![reply(429, "Retry-After: 17\r\n", "")])).await;
    let watch = rig.client.throttled();
    assert!(watch.borrow().is_none());
    rig.client.get(&users()).await.unwrap();
    let pause = watch.borrow().unwrap();
    assert_eq!(pause.bucket, Bucket::Directory);
    assert!((pause.until - rig.clock.utc()).num_seconds().abs() <= 2);
}

#[tokio::test]
async fn scans_that_run_out_of_patience_together_all_say_so() {
    let rig = Rig::with(
        |_, _| reply(429, "Retry-After: 100\r\n", ""),
        |c| {
            c.max_wait = Duration::from_secs(250);
        },
    )
    .await;
    let results = join_all((0..4).map(|_| async { rig.client.get(&users()).await })).await;
    for result in results {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Throttled);
    }
    assert!(rig.server.count() <= 12);
}
