//! Scripted failures: which request fails, and how.
//!
//! A script is data in `fixtures/faults`. Each step counts the requests that match
//! it and acts on some of them; the first step that acts wins.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Deserialize;

use crate::error::{Error, ErrorKind, Result};
use crate::sim::gate::Gate;
use crate::sim::page::Shape;
use crate::sim::scripts::SCRIPTS;

/// A script of failures.
#[derive(Debug, Clone)]
pub struct FaultScript {
    about: String,
    steps: Arc<Vec<Step>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    about: String,
    steps: Vec<Step>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    #[serde(default)]
    when: When,
    #[serde(rename = "do")]
    action: Action,
    /// Matching requests so far.
    #[serde(skip)]
    seen: AtomicUsize,
}

/// Which requests a step is about.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct When {
    /// Beginning of the path, in any case.
    path: String,
    /// A part of the query as sent.
    query: String,
    /// Number of the page within its collection.
    page: Option<usize>,
    /// The first matching request that fails.
    nth: usize,
    /// How many fail from there on; 0 means all.
    times: usize,
    /// After those, the distance to the next ones; 0 means there are none.
    every: usize,
    /// The parts of batches instead of requests; a part can only be answered otherwise.
    part: bool,
}

impl Default for When {
    fn default() -> Self {
        let path = "/".to_owned();
        Self { path, query: String::new(), page: None, nth: 1, times: 1, every: 0, part: false }
    }
}

/// What happens to a request.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Action {
    /// Answer with this instead.
    Reply(Canned),
    /// Forget all tokens and answer 401.
    Revoke {},
    /// Change the page before it is written.
    Page(Edit),
    /// Change the bytes of the body.
    Body(Change),
    /// Compress the body, well or badly.
    Gzip(Gzip),
    /// Break the connection.
    Cut(Cut),
    /// Send slowly.
    Drip { bytes: usize, every_ms: u64 },
    /// Answer late.
    Delay { ms: u64 },
    /// Answer when so many of the requests the step acts on have come.
    Gather {
        requests: usize,
        #[serde(skip)]
        gate: Gate,
    },
}

/// An answer from the script.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Canned {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) headers: BTreeMap<String, String>,
    /// A body other than the error object.
    pub(crate) text: Option<String>,
    pub(crate) content_type: Option<String>,
}

/// A change to a page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Edit {
    /// A next link with `{origin}`, `{host}`, `{path}`, `{self}` and `{first}` filled in.
    pub(crate) next: Option<String>,
    /// JSON text under `@odata.nextLink` of the last page.
    pub(crate) last: Option<String>,
    /// No rows, but a link that leads to them.
    pub(crate) empty: bool,
    /// The last row of the page before comes again.
    pub(crate) duplicate: bool,
    pub(crate) value: Shape,
    /// JSON texts for members of the first row.
    pub(crate) row: BTreeMap<String, String>,
    /// A member of the first row that is an array in an array, that many deep.
    pub(crate) nest: Option<usize>,
    /// Members named twice in the first row, with the JSON text of the second.
    pub(crate) twice: BTreeMap<String, String>,
}

/// A change to the bytes of a body.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Change {
    /// Share of the body that is kept.
    pub(crate) keep: Option<f64>,
    pub(crate) text: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) prefix: String,
    /// Puts a byte that is not UTF-8 into the first string after `value`.
    pub(crate) invalid_utf8: bool,
}

/// How a body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Gzip {
    Good,
    /// The stream ends early inside an intact message.
    Cut,
    /// The checksum is wrong.
    Checksum,
    /// A small body that is large when unpacked.
    Bomb,
    /// An encoding nobody knows.
    Unknown,
}

/// How a connection breaks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Cut {
    pub(crate) framing: Framing,
    /// Share of the body that is sent.
    pub(crate) keep: f64,
    /// Whether the connection is reset instead of closed.
    pub(crate) reset: bool,
}

/// How the length of a broken body was announced.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Framing {
    /// Nothing is sent at all.
    #[default]
    Nothing,
    Length,
    Chunked,
    /// The end of the connection is the end of the body.
    Close,
}

impl When {
    /// Says whether the matching request of that number fails.
    fn fails(&self, number: usize) -> bool {
        let Some(since) = number.checked_sub(self.nth) else { return false };
        let place = since.checked_rem(self.every).unwrap_or(since);
        self.times == 0 || place < self.times
    }
}

impl FaultScript {
    /// Reads a script.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Usage`] when the text is not a script.
    pub fn from_json(text: &str) -> Result<Self> {
        let written: Written = serde_json::from_str(text).map_err(|error| {
            Error::new(ErrorKind::Usage, format!("the fault script cannot be read: {error}"))
        })?;
        Ok(Self { about: written.about, steps: Arc::new(written.steps) })
    }

    /// Returns an embedded script; each call counts its requests anew.
    pub fn named(name: &str) -> Option<Self> {
        let (_, text) = SCRIPTS.iter().find(|(known, _)| *known == name)?;
        Self::from_json(text).ok()
    }

    /// Returns the names of the embedded scripts.
    pub fn names() -> Vec<&'static str> {
        SCRIPTS.iter().map(|(name, _)| *name).collect()
    }

    /// Returns the sentence that says what goes wrong.
    pub fn about(&self) -> &str {
        &self.about
    }

    /// Returns what happens to a request, counting it.
    pub(crate) fn act(&self, path: &str, query: &str, page: usize) -> Option<Action> {
        self.due(path, query, page, false)
    }

    /// Returns the answer to a part of a batch, counting it.
    pub(crate) fn act_on_part(&self, path: &str, query: &str) -> Option<Canned> {
        match self.due(path, query, 1, true)? {
            Action::Reply(canned) => Some(canned),
            _ => None,
        }
    }

    fn due(&self, path: &str, query: &str, page: usize, part: bool) -> Option<Action> {
        let path = path.to_ascii_lowercase();
        let due = |step: &&Step| {
            let about = step.when.part == part
                && path.starts_with(&step.when.path.to_ascii_lowercase())
                && !(path.contains("/oauth2/") && step.when.path == "/")
                && query.contains(&step.when.query)
                && step.when.page.is_none_or(|wanted| wanted == page);
            if !about {
                return false;
            }
            let number = step.seen.fetch_add(1, Ordering::Relaxed) + 1;
            step.when.fails(number)
        };
        self.steps.iter().find(due).map(|step| step.action.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_script_can_be_read() {
        let names = FaultScript::names();
        assert!(names.len() > 40);
        for name in &names {
            let (_, text) = SCRIPTS.iter().find(|(known, _)| known == name).unwrap();
            let script = FaultScript::from_json(text).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert!(!script.about().is_empty() && !script.steps.is_empty(), "{name}");
        }
    }

    #[test]
    fn a_step_acts_on_the_requests_it_names() {
        let text = r#"{"about":"x","steps":[
            {"when":{"path":"/v1.0/users","nth":2,"times":2},"do":{"revoke":{}}}]}"#;
        let script = FaultScript::from_json(text).unwrap();
        let hit = |path| script.act(path, "", 1).is_some();
        assert!(!hit("/v1.0/groups"));
        assert!(!hit("/v1.0/users"));
        assert!(hit("/v1.0/USERS"));
        assert!(hit("/v1.0/users"));
        assert!(!hit("/v1.0/users"));
    }

    #[test]
    fn a_step_comes_back_at_a_distance() {
        let text = r#"{"about":"x","steps":[{"when":{"nth":3,"every":4},"do":{"revoke":{}}}]}"#;
        let script = FaultScript::from_json(text).unwrap();
        let hits = (1..=12).filter(|_| script.act("/v1.0/users", "", 1).is_some()).count();
        assert_eq!(hits, 3);
        let failing = |number| When { nth: 3, every: 4, ..When::default() }.fails(number);
        assert_eq!((1..=12).filter(|n| failing(*n)).collect::<Vec<_>>(), [3, 7, 11]);
    }

    #[test]
    fn a_step_can_name_a_part_of_the_query() {
        let text = r#"{"about":"x","steps":[
            {"when":{"query":"'managedIdentity'","times":0},"do":{"revoke":{}}}]}"#;
        let script = FaultScript::from_json(text).unwrap();
        assert!(
            script.act("/beta/auditLogs/signIns", "$filter=a eq 'managedIdentity'", 1).is_some()
        );
        assert!(script.act("/beta/auditLogs/signIns", "$top=10", 1).is_none());
    }

    #[test]
    fn the_token_endpoint_fails_only_when_named() {
        let text = r#"{"about":"x","steps":[{"do":{"revoke":{}}}]}"#;
        let script = FaultScript::from_json(text).unwrap();
        assert!(script.act("/tenant/oauth2/v2.0/token", "", 1).is_none());
        assert!(script.act("/v1.0/users", "", 1).is_some());
    }

    #[test]
    fn misspelled_scripts_are_refused() {
        let text = r#"{"about":"x","steps":[{"do":{"repply":{}}}]}"#;
        assert!(FaultScript::from_json(text).is_err());
    }
}
