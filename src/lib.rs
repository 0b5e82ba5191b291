//! SQL over Microsoft Entra ID.

pub mod error;
pub mod output;
mod secret;
pub mod spec;

pub use crate::error::{Error, ErrorKind, Result};
pub use crate::secret::Secret;
