//! One setting: its name, its value as text, and where it came from.

use std::fmt;
use std::path::PathBuf;

use crate::config::reference::Reference;

/// A key of the settings, as the file and `entraql config show` spell it.
pub(crate) mod key {
    pub(crate) const TENANT_ID: &str = "tenant_id";
    pub(crate) const CLIENT_ID: &str = "client_id";
    pub(crate) const CREDENTIAL: &str = "credential";
    pub(crate) const CLIENT_SECRET: &str = "client_secret";
    pub(crate) const CERTIFICATE: &str = "certificate";
    pub(crate) const TOKEN_FILE: &str = "token_file";
    pub(crate) const CLOUD: &str = "cloud";
    pub(crate) const AUTHORITY: &str = "authority";
    pub(crate) const GRAPH: &str = "graph";
    pub(crate) const FORMAT: &str = "format";
    pub(crate) const MAX_ROWS: &str = "max_rows";
    pub(crate) const QUIET: &str = "quiet";
    pub(crate) const MAX_REQUESTS: &str = "max_requests";
    pub(crate) const TIMEOUT: &str = "timeout";
    pub(crate) const MAX_WAIT: &str = "max_wait";
    pub(crate) const LISTS: &str = "lists";

    /// Keys of a tenant, in the order they are shown.
    pub(crate) const TENANT: &[&str] = &[
        TENANT_ID,
        CLIENT_ID,
        CREDENTIAL,
        CLIENT_SECRET,
        CERTIFICATE,
        TOKEN_FILE,
        CLOUD,
        AUTHORITY,
        GRAPH,
    ];

    /// Keys that say how to run; they may stand under `[defaults]` and in a tenant.
    pub(crate) const DEFAULTS: &[&str] =
        &[FORMAT, MAX_ROWS, QUIET, MAX_REQUESTS, TIMEOUT, MAX_WAIT, LISTS];
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) key: &'static str,
    pub(crate) value: Value,
    pub(crate) origin: Origin,
}

/// What it is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    /// A number of rows or requests.
    Count(u64),
    Switch(bool),
    /// A file or folder, absolute.
    Path(PathBuf),
    Secret(Reference),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Count(count) => count.fmt(f),
            Self::Switch(on) => on.fmt(f),
            Self::Path(path) => path.display().fmt(f),
            Self::Secret(reference) => reference.fmt(f),
        }
    }
}

/// Where a setting came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    Flag(&'static str),
    Variable(&'static str),
    /// A line of the settings file.
    File(PathBuf, usize),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) | Self::Variable(name) => f.write_str(name),
            Self::File(path, line) => write!(f, "{}:{line}", path.display()),
        }
    }
}

impl Setting {
    /// Returns the name a message uses: what the user has typed, and where.
    pub(crate) fn name(&self) -> String {
        match &self.origin {
            Origin::Flag(name) | Origin::Variable(name) => (*name).to_owned(),
            Origin::File(..) => format!("`{}` at {}", self.key, self.origin),
        }
    }

    /// Returns the text, where it is one.
    pub(crate) fn text(&self) -> &str {
        match &self.value {
            Value::Text(text) => text,
            _ => "",
        }
    }
}
