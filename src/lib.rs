//! SQL over Microsoft Entra ID.

pub mod error;
mod secret;
pub mod spec;
pub mod tables;

pub use crate::error::{Error, ErrorKind, Result};
pub use crate::secret::Secret;
