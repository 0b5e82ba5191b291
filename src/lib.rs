//! SQL over Microsoft Entra ID.

pub mod auth;
pub mod error;
pub mod graph;
mod secret;
pub mod spec;

pub use crate::error::{Error, ErrorKind, Result};
pub use crate::secret::Secret;
