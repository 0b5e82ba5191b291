//! Who draws on one budget: the clients of a process that Graph counts together.

use std::sync::Arc;
use std::time::Duration;

use super::throttle::{MINUTE, load, refuse};
use super::{PAGE, Rig, in_bucket, new_clock};
use crate::auth::Clock;
use crate::auth::testing::json;
use crate::graph::throttle::Throttle;
use crate::graph::{GraphClient, GraphConfig, Pacing};
use crate::spec::Bucket;

/// Seconds a second client waits after a first has used up the bucket.
async fn second(bucket: Bucket, whose: (&str, &str, &str), clock: Arc<dyn Clock>) -> u64 {
    let first = new_clock() as Arc<dyn Clock>;
    let clock = if clock.utc() == first.utc() { clock } else { first };
    let used = Throttle::shared(Pacing::Graph, &clock, ("https://a", "contoso", "app"));
    for _ in 0..if bucket == Bucket::Reports { 5 } else { 1 } {
        used.admit(load(bucket, 1), MINUTE).await.unwrap().permit.sent();
    }
    let other = Throttle::shared(Pacing::Graph, &clock, whose);
    other.admit(load(bucket, 2), MINUTE).await.unwrap().waited.as_secs()
}

#[tokio::test]
async fn clients_share_what_graph_counts_together_and_nothing_else() {
    let (reports, protection) = (Bucket::Reports, Bucket::IdentityProtection);
    for (bucket, whose, seconds) in [
        (reports, ("https://a", "contoso", "app"), 10),
        (reports, ("HTTPS://A", "Contoso", "APP"), 10),
        (reports, ("https://a", "contoso", "other"), 0),
        (reports, ("https://a", "fabrikam", "app"), 0),
        (reports, ("https://b", "contoso", "app"), 0),
        (protection, ("https://a", "contoso", "other"), 1),
        (protection, ("https://a", "fabrikam", "app"), 0),
    ] {
        assert_eq!(second(bucket, whose, new_clock()).await, seconds, "{whose:?}");
    }
}

#[tokio::test]
async fn clients_on_different_clocks_share_nothing() {
    let whose = ("https://a", "contoso", "app");
    let client = || Throttle::shared(Pacing::Graph, &(new_clock() as Arc<dyn Clock>), whose);
    let (one, other) = (client(), client());
    refuse(&one, Bucket::Reports, 30).await;
    let waited = other.admit(load(Bucket::Reports, 0), MINUTE).await.unwrap().waited;
    assert_eq!(waited, Duration::ZERO);
}

#[tokio::test]
async fn budgets_are_forgotten_with_the_last_client() {
    let clock = new_clock() as Arc<dyn Clock>;
    let client = || Throttle::shared(Pacing::Graph, &clock, ("https://a", "contoso", "app"));
    let first = client();
    refuse(&first, Bucket::Reports, 30).await;
    let second = client();
    drop(first);
    let turn = second.admit(load(Bucket::Reports, 0), MINUTE).await.unwrap();
    assert_eq!(turn.waited.as_secs(), 30, "one is left");
    drop((turn, second));
    refuse(&client(), Bucket::Reports, 30).await;
    let waited = client().admit(load(Bucket::Reports, 0), MINUTE).await.unwrap().waited;
    assert_eq!(waited, Duration::ZERO);
}

#[tokio::test]
async fn without_pacing_clients_share_the_pauses_graph_asks_for() {
    let clock = new_clock() as Arc<dyn Clock>;
    let client = || Throttle::shared(Pacing::Off, &clock, ("https://a", "contoso", "app"));
    let (one, other) = (client(), client());
    refuse(&one, Bucket::Reports, 30).await;
    for seconds in [30, 0, 0] {
        let turn = other.admit(load(Bucket::Reports, 0), MINUTE).await.unwrap();
        assert_eq!(turn.waited.as_secs(), seconds);
        turn.permit.served(&crate::graph::throttle::Signs::default());
    }
}

#[tokio::test]
async fn two_clients_of_one_app_keep_to_its_limit_together() {
    let rig = Rig::with(|_, _| json(200, PAGE), |c| c.pacing = Pacing::Graph).await;
    let config = GraphConfig { ..rig.client.inner.config.clone() };
    let twin = GraphClient::new(config).unwrap();
    for _ in 0..5 {
        rig.client.get(&in_bucket(Bucket::Reports)).await.unwrap();
        twin.get(&in_bucket(Bucket::Reports)).await.unwrap();
    }
    let waits = rig.waits("pacing");
    assert_eq!(waits.len(), 1, "{waits:?}");
    // What one waits for is shown to the other.
    assert_eq!(twin.throttled().borrow().unwrap().bucket, Bucket::Reports);
}
