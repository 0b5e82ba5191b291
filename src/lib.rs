//! SQL over Microsoft Entra ID.

pub mod cli;
mod config;
pub mod engine;
pub mod error;
pub mod output;
mod repl;
mod secret;
pub mod spec;

pub use crate::error::{Error, ErrorKind, Result};
pub use crate::secret::Secret;
