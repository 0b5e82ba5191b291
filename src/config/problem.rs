//! What is wrong with the settings, and where.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind};

/// Something wrong in the settings file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) path: PathBuf,
    pub(crate) line: usize,
    pub(crate) what: String,
    pub(crate) hint: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path.display(), self.line, self.what)?;
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl Problem {
    pub(crate) fn to_error(&self) -> Error {
        let error = Error::new(ErrorKind::Config, self.what.clone())
            .with_context("at", format!("{}:{}", self.path.display(), self.line));
        match &self.hint {
            Some(hint) => error.with_hint(hint.clone()),
            None => error.with_hint("`entraql config check` lists everything that is wrong"),
        }
    }
}

/// Returns the question for what was meant: the nearest name, or all of them.
pub(super) fn meant<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let known: Vec<_> = known.collect();
    let near = |known: &&&str| strsim::jaro_winkler(name, known);
    let best = known.iter().max_by(|a, b| near(a).total_cmp(&near(b)));
    match best.filter(|best| near(best) > 0.8) {
        Some(best) => Some(format!("did you mean `{best}`?")),
        None if known.is_empty() => None,
        None => Some(format!("there are {}", known.join(", "))),
    }
}

pub(super) fn unreadable(path: &Path, error: io::Error) -> Error {
    Error::new(ErrorKind::Config, format!("the settings file cannot be read: {error}"))
        .with_context("file", path.display().to_string())
        .with_source(error)
}

pub(super) fn broken(path: &Path, line: usize, why: &str) -> Error {
    let why = why.lines().next().unwrap_or_default();
    Error::new(ErrorKind::Config, format!("the settings file is not TOML: {why}"))
        .with_context("at", format!("{}:{line}", path.display()))
}
