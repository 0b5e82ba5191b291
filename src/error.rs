//! The one error type of the crate.
//!
//! The kind says what the caller can do about it and decides the exit code; the
//! message names the cause, the context the place, the hint the next step.

mod datafusion;
mod place;

use std::error::Error as StdError;
use std::fmt;

use ::datafusion::arrow::error::ArrowError;
use ::datafusion::error::DataFusionError;

pub use self::place::Place;

/// A result whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What the caller can do about an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// A wrong flag, file or parameter.
    Usage,
    /// SQL that does not parse, plan or type, or that cannot be answered.
    Query,
    /// Settings that are missing or contradict each other.
    Config,
    /// No token: the secret is wrong or expired, the tenant or app unknown.
    Auth,
    /// Graph refused: the app lacks a permission.
    Permission,
    /// The tenant lacks a license (P1, P2, Intune).
    License,
    /// Still throttled after the longest wait allowed.
    Throttled,
    /// Network, 5xx or a broken body after the last retry.
    Unavailable,
    /// Graph says the request is malformed.
    Rejected,
    /// A reply that is not what the protocol promises: nothing of it was used.
    Malformed,
    /// Graph no longer accepts the page token of a scan; the scan can start again.
    PageExpired,
    /// A next link that left the configured Graph origin, or a redirect.
    Security,
    /// A value that does not fit its column, in strict mode.
    Decode,
    /// A guard such as a request budget or a time limit was reached.
    Budget,
    /// Rows where there should be none, for `--fail-on-rows`.
    Found,
    /// A query ended early, and what it gave was accepted all the same.
    Incomplete,
    /// Interrupted by the user.
    Cancelled,
    /// Local file or disk.
    Output,
    /// A broken promise in our own code.
    Internal,
}

impl ErrorKind {
    /// Returns the documented exit code of the command line.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Query
            | Self::Rejected
            | Self::Malformed
            | Self::PageExpired
            | Self::Security
            | Self::Decode
            | Self::Internal => 1,
            Self::Usage => 2,
            Self::Config | Self::Auth => 3,
            Self::Permission | Self::License => 4,
            Self::Throttled | Self::Unavailable => 5,
            Self::Incomplete => 6,
            Self::Budget => 7,
            Self::Found => 8,
            Self::Output => 9,
            Self::Cancelled => 130,
        }
    }

    /// Returns the word an error report uses for this kind.
    pub fn label(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Query => "query",
            Self::Config => "config",
            Self::Auth => "auth",
            Self::Permission => "permission",
            Self::License => "license",
            Self::Throttled => "throttled",
            Self::Unavailable => "unavailable",
            Self::Rejected => "rejected",
            Self::Malformed => "malformed",
            Self::PageExpired => "page-expired",
            Self::Security => "security",
            Self::Decode => "decode",
            Self::Budget => "budget",
            Self::Found => "found",
            Self::Incomplete => "incomplete",
            Self::Cancelled => "cancelled",
            Self::Output => "output",
            Self::Internal => "internal",
        }
    }
}

/// An error with its cause, its place and the next step.
///
/// `Display` is one line; `Debug` is the full report.
pub struct Error {
    kind: ErrorKind,
    message: String,
    context: Vec<(&'static str, String)>,
    hint: Option<String>,
    place: Option<Box<Place>>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// Creates an error from one sentence without a full stop.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { kind, message, context: Vec::new(), hint: None, place: None, source: None }
    }

    /// Adds one fact about the place: `tenant`, `table`, `request-id`.
    #[must_use]
    pub fn with_context(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.context.push((name, value.into()));
        self
    }

    /// Sets the sentence that tells what to try next.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Points at a part of the statement the error is about.
    #[must_use]
    pub fn with_place(mut self, place: Place) -> Self {
        self.place = Some(Box::new(place));
        self
    }

    /// Says at which line of a script the statement begins.
    #[must_use]
    pub(crate) fn beginning_at(mut self, line: usize) -> Self {
        if let Some(place) = &mut self.place {
            place.begin_at(line);
        }
        self
    }

    /// Keeps the error underneath.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Returns what the caller can do about it.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns the sentence alone, without context.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the facts about the place, in the order they were added.
    pub fn context(&self) -> &[(&'static str, String)] {
        &self.context
    }

    /// Returns what to try next.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Returns the part of the statement the error is about, where that is known.
    pub fn place(&self) -> Option<&Place> {
        self.place.as_deref()
    }

    /// Takes our own error back out of what DataFusion wrapped around it.
    ///
    /// Anything that did not start here becomes [`ErrorKind::Query`]: DataFusion
    /// reports parse, plan, type and resource errors itself.
    pub fn from_datafusion(error: DataFusionError) -> Self {
        // What is wrapped around a foreign error knows its place.
        match find_ours(&error) {
            Some(_) => unwrap_external(error).unwrap_or_else(datafusion::translated),
            None => datafusion::translated(error),
        }
    }
}

/// Walks through DataFusion's wrappers down to our own error, if it is there.
fn unwrap_external(error: DataFusionError) -> std::result::Result<Error, DataFusionError> {
    match error {
        DataFusionError::External(inner) => match inner.downcast::<Error>() {
            Ok(ours) => Ok(*ours),
            Err(inner) => match inner.downcast::<DataFusionError>() {
                Ok(wrapped) => unwrap_external(*wrapped),
                Err(inner) => Err(DataFusionError::External(inner)),
            },
        },
        DataFusionError::Context(_, inner) | DataFusionError::Diagnostic(_, inner) => {
            unwrap_external(*inner)
        }
        DataFusionError::ArrowError(inner, backtrace) => match *inner {
            ArrowError::ExternalError(inner) => unwrap_external(DataFusionError::External(inner)),
            other => Err(DataFusionError::ArrowError(Box::new(other), backtrace)),
        },
        DataFusionError::Shared(shared) => match find_ours(shared.as_ref()) {
            Some(ours) => Ok(ours.duplicate()),
            None => Err(DataFusionError::Shared(shared)),
        },
        other => Err(other),
    }
}

/// Looks for our error below a shared one, which cannot be taken apart.
fn find_ours<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a Error> {
    let mut current = Some(error);
    while let Some(layer) = current {
        if let Some(ours) = layer.downcast_ref::<Error>() {
            return Some(ours);
        }
        current = layer.source();
    }
    None
}

impl Error {
    /// Copies everything but the source, for errors several readers share.
    pub(crate) fn duplicate(&self) -> Self {
        Self {
            kind: self.kind,
            message: self.message.clone(),
            context: self.context.clone(),
            hint: self.hint.clone(),
            place: self.place.clone(),
            source: None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if self.context.is_empty() {
            return Ok(());
        }
        let facts: Vec<_> = self.context.iter().map(|(k, v)| format!("{k}: {v}")).collect();
        write!(f, " ({})", facts.join(", "))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} error: {self}", self.kind.label())?;
        if let Some(hint) = &self.hint {
            write!(f, "\nhint: {hint}")?;
        }
        let mut source = self.source();
        while let Some(cause) = source {
            write!(f, "\ncaused by: {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|s| s.as_ref() as &(dyn StdError + 'static))
    }
}

impl From<Error> for DataFusionError {
    fn from(error: Error) -> Self {
        Self::External(Box::new(error))
    }
}

impl From<DataFusionError> for Error {
    fn from(error: DataFusionError) -> Self {
        Self::from_datafusion(error)
    }
}
