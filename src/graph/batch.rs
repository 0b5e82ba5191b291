//! Up to 20 GETs in one `$batch`.
//!
//! A 200 says nothing about the parts: each has its own status and its own
//! `Retry-After`, and only the failed ones are sent again. A batch saves round trips,
//! not budget: every part counts.
//!
//! <https://learn.microsoft.com/graph/json-batching>

use std::collections::HashMap;
use std::time::{Duration, Instant};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::error::{Error, ErrorKind, Result};
use crate::graph::client::{Got, GraphClient};
use crate::graph::failure::Failure;
use crate::graph::reply::ReplyMeta;
use crate::graph::retry::{Problem, Run, Step};
use crate::graph::send::{Call, Verb};
use crate::graph::tally::Tally;
use crate::graph::throttle::Signs;
use crate::graph::{Broken, Reply, Request, check_json, is_error_object};
use crate::spec::Bucket;

/// Parts Graph takes in one `$batch`.
const MOST: usize = 20;

/// Parts that share one `$batch`, so that they do not overrun the bucket by themselves.
pub fn batch_parts(bucket: Bucket) -> usize {
    match bucket {
        Bucket::Reports => 5,
        Bucket::IdentityProtection => 1,
        Bucket::Directory | Bucket::Security | Bucket::Intune => MOST,
    }
}

#[derive(Debug, Deserialize)]
struct Responses {
    responses: Vec<Part>,
}

#[derive(Debug, Deserialize)]
struct Part {
    id: String,
    status: u16,
    #[serde(default)]
    headers: Option<HashMap<String, Value>>,
    body: Option<Box<RawValue>>,
}

/// A request of the caller on its way.
struct Member<'a> {
    request: &'a Request,
    run: Run,
    result: Option<Result<Reply, Failure>>,
}

impl<'a> Member<'a> {
    fn new(request: &'a Request, max_wait: Duration, now: Instant) -> Self {
        Self { request, run: Run::new(request.bucket, max_wait, now), result: None }
    }
}

impl GraphClient {
    /// Gets many replies, in the order asked for, 20 to an HTTP request.
    ///
    /// Requests of different buckets or API versions go into separate batches. The
    /// cost is one request per batch, and every part counts in its bucket.
    ///
    /// # Errors
    ///
    /// Outside: what stops a whole batch, as [`GraphClient::get`]. Inside: what is
    /// wrong with one part.
    pub async fn batch_get(&self, requests: &[Request]) -> Result<Vec<Result<Reply>>> {
        let replies = self.batch(requests).await?;
        Ok(replies.into_iter().map(|reply| reply.map_err(|failure| failure.error)).collect())
    }

    /// Gets many replies, each of an object that may not exist: `None` is a 404 that says so.
    ///
    /// # Errors
    ///
    /// As [`GraphClient::batch_get`], but the first failure of a part fails all.
    pub async fn batch_get_optional(&self, requests: &[Request]) -> Result<Vec<Option<Reply>>> {
        let known = |reply| match reply {
            Ok(reply) => Ok(Some(reply)),
            Err(Failure { missing: true, .. }) => Ok(None),
            Err(failure) => Err(failure.error),
        };
        self.batch(requests).await?.into_iter().map(known).collect()
    }

    async fn batch(&self, requests: &[Request]) -> Result<Vec<Result<Reply, Failure>>> {
        let now = self.inner.config.clock.now();
        let start = |request| Member::new(request, self.max_wait(request), now);
        let mut members: Vec<_> = requests.iter().map(start).collect();
        loop {
            let round = self.next_round(&members)?;
            if round.is_empty() {
                return Ok(members.into_iter().filter_map(|m| m.result).collect());
            }
            self.round(&mut members, &round).await?;
        }
    }

    /// Sends the parts at the given places once.
    async fn round(&self, members: &mut [Member<'_>], round: &[usize]) -> Result<()> {
        let (outer, body) = outer(members, round)?;
        let call = Call { request: &outer, verb: Verb::Batch(body), weight: round.len() };
        let Got { value: mut parts, meta, permit, .. } =
            self.run(&call, &|body, _| parse(body)).await.map_err(|failure| failure.error)?;
        let mut wait = None;
        let mut tally = Tally::default();
        let mut refresh = false;
        for &place in round {
            let member = &mut members[place];
            member.run.attempts += 1;
            let part = parts.remove(&place.to_string());
            let (signs, opened) = open(part, &meta);
            tally.add(member.request, &signs);
            match opened {
                Ok(reply) => member.result = Some(Ok(reply)),
                Err(problem) => {
                    let step = self.step(&problem, member.request, &mut member.run);
                    tally.hear(problem.verdict(&step));
                    refresh |= step == Step::Refresh;
                    wait = wait.max(self.after_part(problem, step, member));
                }
            }
        }
        tally.settle(permit);
        if refresh {
            self.inner.config.tokens.refresh(meta.generation).await?;
        }
        if let Some(wait) = wait {
            self.inner.config.clock.sleep(wait, "retry").await;
        }
        Ok(())
    }

    /// Decides about one failed part; returns how long its retry should wait.
    fn after_part(
        &self,
        problem: Problem,
        step: Step,
        member: &mut Member<'_>,
    ) -> Option<Duration> {
        let request = member.request;
        match step {
            Step::Again(wait) => return Some(wait),
            Step::Pause(_) | Step::Refresh => {}
            Step::TooLong(wait) => {
                let error = self.too_long(request, &member.run, wait);
                member.result = Some(Err(problem.signs().explain(error).into()));
            }
            Step::GiveUp => {
                member.result = Some(Err(self.failure(problem, request, &member.run)));
            }
        }
        None
    }

    /// Picks the places that can share the next batch: no more than may go at once.
    fn next_round(&self, members: &[Member<'_>]) -> Result<Vec<usize>> {
        let mut round = Vec::new();
        let mut shared = None;
        for (place, member) in members.iter().enumerate().filter(|(_, m)| m.result.is_none()) {
            let key = (member.request.split()?.0, member.request.bucket);
            if *shared.get_or_insert(key) == key && round.len() < self.most_parts(key.1) {
                round.push(place);
            }
        }
        Ok(round)
    }

    fn most_parts(&self, bucket: Bucket) -> usize {
        batch_parts(bucket).min(self.inner.throttle.burst(bucket)).max(1)
    }
}

/// Builds the request around the parts, and its body.
fn outer(members: &[Member<'_>], round: &[usize]) -> Result<(Request, String)> {
    let first = members[round[0]].request;
    let mut parts = Vec::with_capacity(round.len());
    let mut units = 0;
    for &place in round {
        let request = members[place].request;
        units += request.units.max(1);
        let mut part = json!({
            "id": place.to_string(),
            "method": "GET",
            "url": request.split()?.1,
        });
        if !request.headers.is_empty() {
            let headers = request.headers.iter().map(|(k, v)| ((*k).to_owned(), json!(v)));
            part["headers"] = Value::Object(headers.collect());
        }
        parts.push(part);
    }
    let target = format!("{}/$batch", first.split()?.0);
    let outer = Request { target, units, headers: Vec::new(), ..first.clone() };
    Ok((outer, json!({ "requests": parts }).to_string()))
}

fn parse(body: &[u8]) -> Result<HashMap<String, Part>, Broken> {
    match serde_json::from_slice::<Responses>(body) {
        Ok(all) => Ok(all.responses.into_iter().map(|part| (part.id.clone(), part)).collect()),
        Err(_) if is_error_object(body) => Err(Broken::ErrorObject),
        Err(e) if e.is_data() => {
            let error = Error::new(ErrorKind::Malformed, "the reply to a `$batch` has no parts");
            Err(Broken::Fatal(error.with_source(e)))
        }
        Err(e) => Err(Broken::Cut(e.to_string())),
    }
}

/// Takes one part as if it had come alone.
fn open(part: Option<Part>, meta: &ReplyMeta) -> (Signs, Result<Reply, Problem>) {
    let Some(part) = part else {
        let missing = Problem::Cut("a part of the batch is missing".into());
        return (Signs::default(), Err(missing));
    };
    let headers = headers(part.headers.unwrap_or_default());
    let body = part.body.map(|b| b.get().as_bytes().to_vec()).unwrap_or_default();
    (Signs::read(&headers), checked(part.status, headers, body, meta))
}

fn checked(
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
    meta: &ReplyMeta,
) -> Result<Reply, Problem> {
    if status != 200 {
        return Err(Problem::refused(status, headers, body));
    }
    match check_json(&body) {
        Ok(()) => {}
        Err(Broken::Cut(text)) => return Err(Problem::Cut(text)),
        Err(Broken::Fatal(error)) => return Err(Problem::Fatal(error)),
        Err(Broken::ErrorObject) => return Err(Problem::refused(status, headers, body)),
    }
    let id = headers.get("request-id").and_then(|v| v.to_str().ok()).map(str::to_owned);
    let request_id = id.or_else(|| meta.request_id.clone());
    Ok(Reply { body, status, sequence: meta.sequence, request_id })
}

/// Header values of a part are JSON: usually text, sometimes a number.
fn headers(map: HashMap<String, Value>) -> HeaderMap {
    let pair = |(name, value): (String, Value)| {
        let text = match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(text).ok()?))
    };
    map.into_iter().filter_map(pair).collect()
}
