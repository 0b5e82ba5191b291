//! The only type that can hold a secret.
//!
//! `Debug` and `Display` print a mask, so that no log, error or plan can leak one
//! by accident. The value leaves through [`Secret::reveal`], at the moment a
//! request is built, inside `auth` and `graph`.

use std::fmt;

/// A secret or token whose text never appears in output.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// Returns the text, for building a request and nothing else.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
