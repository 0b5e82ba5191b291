//! One try: turn, token, request, whole body, log entry.

use std::time::Duration;

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, HeaderValue};

use crate::auth::Watched;
use crate::auth::fault::Fault;
use crate::auth::http::{self, Exchange};
use crate::auth::tidy::tidy;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::Request;
use crate::graph::client::GraphClient;
use crate::graph::error_body::Refusal;
use crate::graph::log::Outgoing;
use crate::graph::reply::ReplyMeta;
use crate::graph::retry::Run;
use crate::graph::throttle::{Load, Permit, TooLong};
use crate::secret::Secret;

/// Everything that can be sent to Graph: nothing else exists.
#[derive(Debug)]
pub(crate) enum Verb {
    Get,
    /// A `$batch` of GETs.
    Batch(String),
    /// `directoryObjects/getByIds`, a read that needs a body.
    GetByIds(String),
}

/// A request with its verb and its weight.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) request: &'a Request,
    pub(crate) verb: Verb,
    /// Requests it counts as.
    pub(crate) weight: usize,
}

impl Call<'_> {
    fn method(&self) -> &'static str {
        match self.verb {
            Verb::Get => "GET",
            Verb::Batch(_) | Verb::GetByIds(_) => "POST",
        }
    }

    /// An error is JSON either way.
    fn accepted(&self) -> &'static str {
        if self.request.plain { "text/plain, application/json" } else { "application/json" }
    }
}

/// What one try gave.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) result: Result<Exchange, Fault>,
    pub(crate) meta: ReplyMeta,
    /// Waits for what the reply says about the limit.
    pub(crate) permit: Permit,
}

/// What a request needs to be sent.
struct Ready {
    permit: Permit,
    waited: Duration,
    token: Secret,
    generation: u64,
}

impl GraphClient {
    /// Waits for a turn and a token, then sends.
    pub(crate) async fn attempt(&self, call: &Call<'_>, run: &mut Run) -> Result<Attempt> {
        let Ready { mut permit, waited, token, generation } = self.ready(call, run).await?;
        let http_request = self.build(call, &token)?;
        call.request.meter.spend()?;
        permit.sent();
        run.attempts += 1;
        if run.attempts > 1 {
            call.request.meter.retried();
        }
        let sequence = self.inner.config.log.push(&Outgoing {
            method: call.method(),
            target: &call.request.target,
            table: call.request.table,
            attempt: run.attempts,
            throttled: waited,
        });
        let watched = Watched::new(&self.inner.config.log, sequence);
        let sent = self.inner.config.clock.now();
        let mut result = http::exchange(&self.inner.http, http_request, &self.inner.limits).await;
        let took = self.inner.config.clock.now().saturating_duration_since(sent);
        if let Ok(reply) = &mut result {
            http::redact(reply, &token);
        }
        note(watched, &result);
        let (status, request_id) = facts(&result);
        if let Some(id) = &request_id {
            self.inner.config.log.set_request_id(sequence, id);
        }
        if let Ok(reply) = &result {
            call.request.meter.received(reply.body.len());
        }
        let meta = ReplyMeta { status, sequence, request_id, took, generation };
        Ok(Attempt { result, meta, permit })
    }

    /// Waits until the reader is there, and for a turn and a token.
    async fn ready(&self, call: &Call<'_>, run: &mut Run) -> Result<Ready> {
        let mut waited = Duration::ZERO;
        loop {
            call.request.meter.until_released().await;
            let (permit, wait) = self.turn(call, run).await?;
            waited += wait;
            let (token, generation) = self.inner.config.tokens.token().await?;
            // The turn may have taken a minute, and the reader may have paused meanwhile: who
            // waits for a person gives the turn up.
            if !call.request.meter.is_held() {
                return Ok(Ready { permit, waited, token, generation });
            }
        }
    }

    async fn turn(&self, call: &Call<'_>, run: &mut Run) -> Result<(Permit, Duration)> {
        let request = call.request;
        let load = Load {
            bucket: request.bucket,
            requests: call.weight,
            units: request.units,
            query: request.meter.id(),
        };
        let in_line = request.meter.stand_in_line();
        let admitted = self.inner.throttle.admit(load, run.patience()).await;
        drop(in_line);
        match admitted {
            Ok(turn) => {
                run.idle += turn.waited;
                run.sat_out(turn.paused);
                request.meter.waited(turn.waited);
                if let Some(note) = turn.note {
                    request.meter.slow(request.bucket, note);
                }
                Ok((turn.permit, turn.waited))
            }
            Err(TooLong { wait, paused }) => {
                run.sat_out(paused);
                Err(self.too_long(request, run, wait))
            }
        }
    }

    fn build(&self, call: &Call<'_>, token: &Secret) -> Result<reqwest::Request> {
        call.request.split()?;
        let url = format!("{}{}", self.inner.origin.as_str(), call.request.target);
        let mut builder = match &call.verb {
            Verb::Get => self.inner.http.get(url),
            Verb::Batch(body) | Verb::GetByIds(body) => self
                .inner
                .http
                .post(url)
                .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
                .body(body.clone()),
        };
        for (name, value) in &call.request.headers {
            builder = builder.header(*name, value);
        }
        if call.request.plain {
            // What came through a decompressor no longer shows how long it was announced to be.
            builder = builder.header(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        builder
            .header(ACCEPT, HeaderValue::from_static(call.accepted()))
            .header("client-request-id", uuid::Uuid::new_v4().to_string())
            .header(AUTHORIZATION, bearer(token)?)
            .build()
            .map_err(|e| unsendable(call.request).with_source(e.without_url()))
    }
}

fn bearer(token: &Secret) -> Result<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("Bearer {}", token.reveal())).map_err(|_| {
        Error::new(ErrorKind::Auth, "the token holds characters no header may hold")
    })?;
    value.set_sensitive(true);
    Ok(value)
}

fn unsendable(request: &Request) -> Error {
    Error::new(ErrorKind::Internal, "the request cannot be built")
        .with_context("table", request.table)
        .with_context("url", &request.target)
}

fn note(watched: Watched<'_>, result: &Result<Exchange, Fault>) {
    match result {
        Ok(reply) if reply.status == 200 => watched.end(200, reply.body.len() as u64, None),
        Ok(reply) => {
            let brief = Refusal::parse(&reply.body, &reply.headers).brief(reply.status);
            watched.end(reply.status, reply.body.len() as u64, Some(brief));
        }
        Err(fault) => watched.end(0, 0, Some(fault.text.clone())),
    }
}

fn facts(result: &Result<Exchange, Fault>) -> (u16, Option<String>) {
    let Ok(reply) = result else {
        return (0, None);
    };
    let id = reply.headers.get("request-id").and_then(|v| v.to_str().ok());
    (reply.status, id.map(tidy))
}
