//! SQL over Microsoft Entra ID.

pub mod auth;
pub mod error;
pub mod graph;
mod secret;
pub mod spec;
pub mod tables;

pub use crate::error::{Error, ErrorKind, Result};
pub use crate::secret::Secret;
