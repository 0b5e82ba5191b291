//! The token client and the cache, against a raw server and a recorded clock.

#![expect(clippy::clone_on_ref_ptr, reason = "`Arc::clone` cannot become a trait object")]

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};
use tokio::sync::Semaphore;

use crate::auth::backoff::{backoff, retry_after};
use crate::auth::testing::{Answer, Server, json, reply};
use crate::auth::{ClientCredentials, Origin, RecorderClock, Token, TokenCache, TokenSource};
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;

const TENANT: &str = "11111111-2222-3333-4444-555555555555";
const APP: &str = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
const CANARY: &str = "cAnArY~+/= &secret";
const GOOD: &str = r#"{"token_type":"Bearer","expires_in":3599,"access_token":"tok.en"}"#;

fn noon() -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn source(authority: &str, clock: &Arc<RecorderClock>, secret: &str) -> ClientCredentials {
    let scope = "https://graph.microsoft.com/.default";
    ClientCredentials::new(authority, TENANT, APP, Secret::new(secret), scope)
        .unwrap()
        .with_clock(clock.clone())
}

/// Fetches once from an endpoint that gives the same answer for ever.
async fn fetch_from(answer: Answer) -> (Result<Token>, usize, Arc<RecorderClock>) {
    let server = Server::start(move |_, _| answer.clone()).await;
    let clock = RecorderClock::starting_at(noon());
    let result = source(&server.origin, &clock, CANARY).fetch().await;
    (result, server.count(), clock)
}

fn refusal(code: u32, error: &str) -> String {
    format!(
        r#"{{"error":"{error}","error_description":"AADSTS{code}: Words.\r\nTrace ID: t-1\r\nCorrelation ID: c-1\r\nTimestamp: 2026-03-01 12:00:00Z","error_codes":[{code}],"timestamp":"2026-03-01 12:00:00Z","trace_id":"t-1","correlation_id":"c-1"}}"#
    )
}

#[tokio::test]
async fn the_secret_goes_into_an_escaped_form() {
    let server = Server::start(|_, _| json(200, GOOD)).await;
    let clock = RecorderClock::starting_at(noon());
    let token = source(&server.origin, &clock, CANARY).fetch().await.unwrap();
    assert_eq!(token.secret.reveal(), "tok.en");
    assert_eq!(token.lifetime, Duration::from_secs(3599));
    let seen = &server.seen()[0];
    assert_eq!(seen.method, "POST");
    assert_eq!(seen.target, format!("/{TENANT}/oauth2/v2.0/token"));
    assert_eq!(
        seen.body,
        format!(
            "client_id={APP}&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default\
             &grant_type=client_credentials&client_secret=cAnArY~%2B%2F%3D%20%26secret"
        )
    );
}

#[tokio::test]
async fn a_lifetime_may_be_text() {
    let body = r#"{"expires_in":"3600","access_token":"x"}"#;
    let (token, ..) = fetch_from(json(200, body)).await;
    assert_eq!(token.unwrap().lifetime, Duration::from_secs(3600));
}

#[tokio::test]
async fn a_reply_without_a_usable_token_is_an_error() {
    for body in [
        "{}",
        r#"{"access_token":"","expires_in":5}"#,
        r#"{"access_token":"x"}"#,
        r#"{"access_token":"x","expires_in":0}"#,
        r#"{"access_token":"x","expires_in":-5}"#,
        r#"{"access_token":"x","expires_in":"soon"}"#,
        r#"{"access_token":"x y","expires_in":5}"#,
        r#"{"access_token":"x","exp"#,
    ] {
        let (result, requests, _) = fetch_from(json(200, body)).await;
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Malformed, "{body}");
        assert_eq!(requests, 1, "{body}");
    }
}

#[tokio::test]
async fn a_captive_portal_is_named() {
    let page = reply(200, "Content-Type: text/html; charset=utf-8\r\n", "<html>");
    let (result, requests, _) = fetch_from(page).await;
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.message().contains("expected JSON, got text/html from 127.0.0.1"), "{error}");
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn an_oversized_token_reply_is_not_read() {
    let body = format!(r#"{{"access_token":"{}","expires_in":5}}"#, "x".repeat(300_000));
    let (result, requests, _) = fetch_from(json(200, &body)).await;
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Malformed);
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn a_refused_secret_costs_one_request_and_says_value_not_secret_id() {
    let (result, requests, clock) =
        fetch_from(json(401, &refusal(7_000_215, "invalid_client"))).await;
    let error = result.unwrap_err();
    assert_eq!((error.kind(), requests), (ErrorKind::Auth, 1));
    assert!(error.hint().unwrap().contains("Value, not Secret ID"));
    let report = format!("{error:?}");
    for fact in ["AADSTS7000215", "c-1", TENANT, APP] {
        assert!(report.contains(fact), "{fact} is missing in {report}");
    }
    assert!(clock.sleeps().is_empty());
}

#[tokio::test]
async fn a_secret_shaped_like_a_guid_is_recognized() {
    let server = Server::start(|_, _| json(401, &refusal(7_000_215, "invalid_client"))).await;
    let clock = RecorderClock::starting_at(noon());
    let error = source(&server.origin, &clock, TENANT).fetch().await.unwrap_err();
    assert!(error.hint().unwrap().contains("shape of a GUID"));
}

#[tokio::test]
async fn every_documented_refusal_has_its_words() {
    for (code, kind, words) in [
        (7_000_222, ErrorKind::Auth, "expired"),
        (700_016, ErrorKind::Auth, "does not exist in this tenant"),
        (90_002, ErrorKind::Auth, "tenant does not exist"),
        (900_023, ErrorKind::Auth, "neither a GUID nor a domain"),
        (900_382, ErrorKind::Auth, "national cloud"),
        (65_001, ErrorKind::Permission, "consented"),
        (53_003, ErrorKind::Auth, "Conditional Access"),
        (7_000_112, ErrorKind::Auth, "disabled"),
        (1_234_567, ErrorKind::Auth, "Words."),
    ] {
        let (result, requests, _) = fetch_from(json(400, &refusal(code, "invalid_client"))).await;
        let error = result.unwrap_err();
        assert_eq!((error.kind(), requests), (kind, 1), "{code}");
        assert!(error.message().contains(words), "{code}: {error}");
        assert!(!error.message().contains("Trace ID"), "{error}");
    }
}

#[tokio::test]
async fn the_number_is_found_in_the_text_when_not_listed() {
    let body = r#"{"error":"invalid_client","error_description":"AADSTS7000222: x"}"#;
    let (result, ..) = fetch_from(json(401, body)).await;
    assert!(result.unwrap_err().message().contains("expired"));
}

#[tokio::test]
async fn a_failing_authority_gets_four_tries() {
    for (answer, least) in [
        (reply(503, "Content-Type: text/html\r\n", "<html>"), 0.5),
        (json(429, "{}"), 0.5),
        (reply(503, "Retry-After: 7\r\n", ""), 7.0),
        (reply(503, "Retry-After: 900\r\n", ""), 60.0),
        (json(400, r#"{"error":"temporarily_unavailable"}"#), 0.5),
        (Answer::Raw(Vec::new()), 0.5),
    ] {
        let (result, requests, clock) = fetch_from(answer).await;
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Unavailable);
        assert_eq!(requests, 4);
        let sleeps = clock.sleeps();
        assert_eq!(sleeps.len(), 3);
        for (wait, _) in sleeps {
            assert!(wait.as_secs_f64() >= least && wait.as_secs_f64() <= 62.0, "{wait:?}");
        }
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_with_the_secret() {
    let second = Server::start(|_, _| json(200, GOOD)).await;
    let to = format!("Location: {}/x\r\n", second.origin);
    let (result, requests, _) = fetch_from(reply(307, &to, "")).await;
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Security);
    assert_eq!((requests, second.count()), (1, 0));
}

#[tokio::test]
async fn an_unreachable_authority_is_named() {
    let server = Server::start(|_, _| json(200, GOOD)).await;
    let origin = server.origin.clone();
    drop(server);
    tokio::task::yield_now().await;
    let clock = RecorderClock::starting_at(noon());
    let error = source(&origin, &clock, CANARY).fetch().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.message().contains("127.0.0.1"), "{error}");
    assert_eq!(clock.sleeps().len(), 3);
}

#[test]
fn settings_that_cannot_be_right_are_refused_before_a_request() {
    let scope = "https://graph.microsoft.com/.default";
    let login = "https://login.microsoftonline.com";
    for (authority, tenant, app, secret) in [
        ("http://login.microsoftonline.com", TENANT, APP, "s"),
        ("https://user@login.microsoftonline.com", TENANT, APP, "s"),
        ("https://login.microsoftonline.com/common", TENANT, APP, "s"),
        ("login.microsoftonline.com", TENANT, APP, "s"),
        (login, "common", APP, "s"),
        (login, "../x.y", APP, "s"),
        (login, "contoso..com", APP, "s"),
        (login, TENANT, "my app", "s"),
        (login, TENANT, APP, ""),
    ] {
        let made = ClientCredentials::new(authority, tenant, app, Secret::new(secret), scope);
        assert_eq!(made.unwrap_err().kind(), ErrorKind::Config, "{authority} {tenant} {app}");
    }
    assert!(
        ClientCredentials::new("http://localhost:1", "contoso.com", APP, Secret::new("s"), scope)
            .is_ok()
    );
}

#[test]
fn plain_http_is_for_loopback_only() {
    for good in [
        "http://127.0.0.1:1",
        "http://127.8.9.1",
        "http://[::1]:80",
        "http://localhost:9",
        "https://graph.microsoft.com",
        "https://graph.microsoft.com/",
    ] {
        assert!(Origin::parse("origin", good).is_ok(), "{good}");
    }
    for bad in [
        "http://128.0.0.1",
        "http://localhost.evil.com",
        "http://graph.microsoft.com",
        "ftp://127.0.0.1",
        "http://[::2]",
        "http://127.0.0.1@evil.com",
    ] {
        assert!(Origin::parse("origin", bad).is_err(), "{bad}");
    }
}

#[tokio::test]
async fn no_output_holds_the_secret_or_the_token() {
    let clock = RecorderClock::starting_at(noon());
    let echo = format!(r#"{{"error":"x","error_description":"you sent {CANARY}"}}"#);
    for answer in [
        json(400, &echo),
        json(401, &refusal(7_000_215, "invalid_client")),
        Answer::Raw(vec![]),
        json(200, "{}"),
    ] {
        let server = Server::start(move |_, _| answer.clone()).await;
        let source = source(&server.origin, &clock, CANARY);
        let error = source.fetch().await.unwrap_err();
        let cache = TokenCache::new(Arc::new(source));
        let text = format!("{error} {error:?} {cache:?}");
        assert!(!text.contains("cAnArY"), "{text}");
    }
    let token = Token::new(Secret::new("tok.en"), Duration::from_secs(1));
    assert!(!format!("{token:?}").contains("tok.en"));
}

/// Hands out numbered tokens; each fetch waits for a permit.
#[derive(Debug)]
struct Numbered {
    fetches: AtomicUsize,
    permits: Semaphore,
    lifetime: Mutex<Duration>,
    fails: bool,
}

impl Numbered {
    fn new(permits: usize, lifetime: u64, fails: bool) -> Arc<Self> {
        Arc::new(Self {
            fetches: AtomicUsize::new(0),
            permits: Semaphore::new(permits),
            lifetime: Mutex::new(Duration::from_secs(lifetime)),
            fails,
        })
    }

    fn count(&self) -> usize {
        self.fetches.load(SeqCst)
    }
}

#[async_trait]
impl TokenSource for Numbered {
    async fn fetch(&self) -> Result<Token> {
        let number = self.fetches.fetch_add(1, SeqCst) + 1;
        self.permits.acquire().await.unwrap().forget();
        if self.fails {
            return Err(Error::new(ErrorKind::Auth, "no"));
        }
        Ok(Token::new(Secret::new(format!("t{number}")), *self.lifetime.lock().unwrap()))
    }
}

fn cache(source: &Arc<Numbered>) -> (TokenCache, Arc<RecorderClock>) {
    let clock = RecorderClock::starting_at(noon());
    (TokenCache::with_clock(source.clone(), clock.clone()), clock)
}

#[tokio::test]
async fn a_token_is_used_until_a_minute_before_it_expires() {
    let source = Numbered::new(9, 3600, false);
    let (cache, clock) = cache(&source);
    assert_eq!(cache.token().await.unwrap().1, 1);
    clock.advance(Duration::from_secs(3539));
    assert_eq!(cache.token().await.unwrap().1, 1);
    clock.advance(Duration::from_secs(1));
    assert_eq!(cache.token().await.unwrap().1, 2);
    assert_eq!(source.count(), 2);
}

#[tokio::test]
async fn fifty_tasks_make_one_fetch_even_if_the_first_is_canceled() {
    let source = Numbered::new(0, 3600, false);
    let (cache, _) = cache(&source);
    let mut tasks: Vec<_> = (0..50)
        .map(|_| {
            let cache = cache.clone();
            tokio::spawn(async move { cache.token().await.unwrap().0 })
        })
        .collect();
    tokio::task::yield_now().await;
    tasks.remove(0).abort();
    tokio::task::yield_now().await;
    source.permits.add_permits(9);
    for token in join_all(tasks).await {
        assert_eq!(token.unwrap().reveal(), "t1");
    }
    assert_eq!(source.count(), 1);
}

#[tokio::test]
async fn a_fetch_nobody_waits_for_is_dropped() {
    let source = Numbered::new(0, 3600, false);
    let (cache, _) = cache(&source);
    let other = cache.clone();
    let task = tokio::spawn(async move { other.token().await });
    tokio::task::yield_now().await;
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    source.permits.add_permits(9);
    assert_eq!(cache.token().await.unwrap().0.reveal(), "t2");
}

#[tokio::test]
async fn parallel_refusals_of_one_token_make_one_fetch() {
    let source = Numbered::new(9, 3600, false);
    let (cache, _) = cache(&source);
    let (_, generation) = cache.token().await.unwrap();
    let refreshed = join_all((0..20).map(|_| cache.refresh(generation))).await;
    assert!(refreshed.into_iter().all(|r| r.unwrap().1 == 2));
    assert_eq!(cache.refresh(generation).await.unwrap().1, 2);
    assert_eq!(source.count(), 2);
}

#[tokio::test]
async fn a_short_lived_token_is_fetched_every_ten_seconds_at_most() {
    let source = Numbered::new(99, 30, false);
    let (cache, clock) = cache(&source);
    for _ in 0..60 {
        cache.token().await.unwrap();
        clock.advance(Duration::from_secs(1));
    }
    assert_eq!(source.count(), 6);
}

#[tokio::test]
async fn a_failed_fetch_rests_for_five_seconds() {
    let source = Numbered::new(99, 30, true);
    let (cache, clock) = cache(&source);
    for _ in 0..5 {
        assert_eq!(cache.token().await.unwrap_err().kind(), ErrorKind::Auth);
    }
    assert_eq!(source.count(), 1);
    clock.advance(Duration::from_secs(5));
    assert!(cache.token().await.is_err());
    assert_eq!(source.count(), 2);
}

#[tokio::test]
async fn a_wall_clock_that_jumps_ahead_ends_a_token_and_one_that_jumps_back_does_not_prolong_it() {
    let source = Numbered::new(99, 3600, false);
    let (cache, clock) = cache(&source);
    cache.token().await.unwrap();
    clock.step_wall(TimeDelta::hours(2));
    assert_eq!(cache.token().await.unwrap().1, 1, "fetched less than 10 s ago");
    clock.advance(Duration::from_secs(10));
    assert_eq!(cache.token().await.unwrap().1, 2);
    clock.step_wall(TimeDelta::hours(-9));
    clock.advance(Duration::from_secs(3600));
    assert_eq!(cache.token().await.unwrap().1, 3);
}

#[test]
fn retry_after_is_read_in_every_form() {
    let read = |values: &[&str], date: Option<&str>| {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(RETRY_AFTER, HeaderValue::from_str(value).unwrap());
        }
        if let Some(date) = date {
            headers.insert(DATE, HeaderValue::from_str(date).unwrap());
        }
        retry_after(&headers, noon()).map(|d| d.as_secs_f64())
    };
    assert_eq!(read(&["10"], None), Some(10.0));
    assert_eq!(read(&["2.128"], None), Some(2.128));
    assert_eq!(read(&["5", "30"], None), Some(30.0));
    assert_eq!(read(&["Sun, 01 Mar 2026 12:00:30 GMT"], None), Some(30.0));
    assert_eq!(read(&["Sun, 01 Mar 2026 11:00:00 GMT"], None), Some(0.0));
    let skewed = Some("Sun, 01 Mar 2026 12:10:00 GMT");
    assert_eq!(read(&["Sun, 01 Mar 2026 12:10:09 GMT"], skewed), Some(9.0));
    for garbage in ["", "-5", "soon", "NaN", "inf", "1e9", "1.2.3", "."] {
        assert_eq!(read(&[garbage], None), None, "{garbage}");
    }
    assert!(read(&["99999999999999999999999999"], None).unwrap() > 3e7);
}

#[test]
fn backoff_has_a_floor_a_ceiling_and_a_jitter() {
    for tries in 0..40 {
        let wait = backoff(Duration::from_secs(1), tries).as_secs_f64();
        assert!((1.0..=60.0).contains(&wait), "{wait}");
    }
    fastrand::seed(1);
    let one = backoff(Duration::from_secs(1), 5);
    fastrand::seed(2);
    assert_ne!(one, backoff(Duration::from_secs(1), 5));
}
