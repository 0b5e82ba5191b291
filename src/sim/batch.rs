//! `$batch`: up to twenty requests in one, each with a status of its own.

use std::collections::{BTreeMap, HashSet};

use serde::Deserialize;

use crate::sim::damage;
use crate::sim::graph::Graph;
use crate::sim::page::quote;
use crate::sim::reply::{Fail, Ids, Reply};
use crate::sim::request::Request;

/// Requests one batch may hold.
const MAX_REQUESTS: usize = 20;

#[derive(Deserialize)]
struct Batch {
    requests: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    id: String,
    method: String,
    url: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default, rename = "dependsOn")]
    depends_on: Vec<String>,
}

impl Graph {
    /// Answers a batch; a malformed one is refused as a whole.
    pub(crate) fn batch(&self, request: &Request, beta: bool, ids: &Ids) -> Result<Reply, Fail> {
        let batch: Batch = serde_json::from_slice(&request.body)
            .map_err(|_| refuse("Invalid batch payload format."))?;
        check(&batch)?;
        let mut texts = Vec::with_capacity(batch.requests.len());
        let mut failed = false;
        for part in &batch.requests {
            // In a serial batch each part depends on the one before it.
            let blocked = failed && !part.depends_on.is_empty();
            let reply = self.part(&inner(part, request, beta), blocked, ids);
            failed = reply.status >= 400;
            texts.push(write(&part.id, &reply));
        }
        Ok(Reply::json(200, format!("{{\"responses\":[{}]}}", texts.join(","))))
    }

    fn part(&self, inner: &Request, blocked: bool, ids: &Ids) -> Reply {
        let number = self.journal.arrive(inner);
        let reply = if blocked {
            let message = "The request depends on a request that failed.";
            Fail::new(424, "FailedDependency", message).into_reply(ids)
        } else if inner.method == "GET" {
            let faults = self.options.faults.as_ref();
            match faults.and_then(|script| script.act_on_part(inner.path(), inner.query())) {
                Some(canned) => damage::canned(&canned, ids),
                None => self.answer(inner, &self.ids(inner), None),
            }
        } else {
            // A read-only client never sends anything but GET, even inside a batch.
            let message = "Specified HTTP method is not allowed for the request target.";
            Fail::new(405, "Request_BadRequest", message).into_reply(ids)
        };
        self.journal.answer(number, reply.status, reply.refused.clone());
        reply
    }
}

fn check(batch: &Batch) -> Result<(), Fail> {
    let count = batch.requests.len();
    if count == 0 || count > MAX_REQUESTS {
        return Err(refuse(&format!(
            "Number of batch request steps exceeds the maximum value of {MAX_REQUESTS}."
        )));
    }
    let mut seen = HashSet::new();
    for part in &batch.requests {
        if part.id.is_empty() || !seen.insert(part.id.to_lowercase()) {
            return Err(refuse("Batch request ids must be unique."));
        }
        if part.url.contains("://") || part.url.to_lowercase().contains("$batch") {
            return Err(refuse("Invalid batch request url: it must be relative."));
        }
    }
    if is_parallel(&batch.requests) || is_serial(&batch.requests) {
        return Ok(());
    }
    Err(refuse("The requests of a batch must depend on each other all in a row or not at all."))
}

fn is_parallel(parts: &[Part]) -> bool {
    parts.iter().all(|part| part.depends_on.is_empty())
}

/// Says whether each part depends on the one before it, and on no other.
fn is_serial(parts: &[Part]) -> bool {
    let follows = |pair: &[Part]| matches!(pair[1].depends_on.as_slice(), [id] if id.eq_ignore_ascii_case(&pair[0].id));
    parts.first().is_none_or(|part| part.depends_on.is_empty()) && parts.windows(2).all(follows)
}

fn refuse(message: &str) -> Fail {
    Fail::new(400, "BadRequest", message)
}

/// Builds the request a part stands for; the token is that of the batch.
fn inner(part: &Part, outer: &Request, beta: bool) -> Request {
    let version = if beta { "beta" } else { "v1.0" };
    let mut headers: Vec<_> =
        part.headers.iter().map(|(name, value)| (name.to_lowercase(), value.clone())).collect();
    headers.retain(|(name, _)| name != "authorization");
    if let Some(token) = outer.header("authorization") {
        headers.push(("authorization".to_owned(), token.to_owned()));
    }
    Request {
        method: part.method.to_ascii_uppercase(),
        target: format!("/{version}/{}", part.url.trim_start_matches('/')),
        headers,
        body: Vec::new(),
        in_batch: true,
    }
}

fn write(id: &str, reply: &Reply) -> String {
    let headers: serde_json::Map<_, _> =
        reply.headers.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    let body = String::from_utf8_lossy(&reply.body);
    let json = reply.header("content-type").is_some_and(|kind| kind.contains("json"));
    let body = if json { body.into_owned() } else { quote(&body) };
    format!(
        "{{\"id\":{},\"status\":{},\"headers\":{},\"body\":{body}}}",
        quote(id),
        reply.status,
        serde_json::Value::Object(headers)
    )
}
