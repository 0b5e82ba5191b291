//! SQL over Microsoft Entra ID.

pub mod error;
mod secret;
#[cfg(feature = "sim")]
pub mod sim;
pub mod spec;

pub use crate::error::{Error, ErrorKind, Result};
pub use crate::secret::Secret;
