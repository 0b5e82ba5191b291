//! SQL over Microsoft Entra ID.

pub mod auth;
pub mod cli;
mod config;
pub mod decode;
pub mod engine;
pub mod error;
pub mod functions;
pub mod graph;
mod json;
pub mod ocsf;
pub mod odata;
pub mod output;
pub mod provider;
mod repl;
mod saved;
mod secret;
#[cfg(feature = "sim")]
pub mod sim;
pub mod spec;
pub mod tables;

pub use crate::engine::{
    CacheState, Credential, Engine, Query, QueryOptions, Receipt, Settings, Tenant,
};
pub use crate::error::{Error, ErrorKind, Result};
pub use crate::secret::Secret;
