//! Talking to Microsoft Graph: reading, and nothing else.
//!
//! A request waits for its turn, gets a token, is sent, and is sent again when that
//! can help. Only a GET, a `$batch` of GETs and `getByIds` exist; no method takes a
//! verb, so nothing here can write to a tenant.

mod batch;
mod client;
mod codes;
mod config;
mod error_body;
mod failure;
mod log;
mod meter;
mod page;
mod reply;
mod request;
mod retry;
mod send;
mod tally;
mod throttle;

#[cfg(test)]
mod tests;

pub use crate::auth::{Clock, RecorderClock, SystemClock};
pub use crate::graph::batch::batch_parts;
pub use crate::graph::client::GraphClient;
pub(crate) use crate::graph::client::MOST_IDS;
pub use crate::graph::config::{GraphConfig, Pacing};
pub use crate::graph::error_body::{graph_error, is_error_object, is_missing};
pub use crate::graph::log::{Entry, RequestLog};
pub use crate::graph::meter::{Counts, Meter};
pub use crate::graph::page::Visited;
pub use crate::graph::reply::{Broken, Reply, ReplyMeta, check_json};
pub use crate::graph::request::{GET_BY_IDS, Request};
pub use crate::graph::throttle::{Pause, least_time};
