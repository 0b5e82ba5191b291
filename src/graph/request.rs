//! One request as a value, with what an error about it must name.

use crate::error::{Error, ErrorKind, Result};
use crate::graph::Meter;
use crate::spec::Bucket;

/// The path of `getByIds`; `?$select=` may follow.
///
/// <https://learn.microsoft.com/graph/api/directoryobject-getbyids>
pub const GET_BY_IDS: &str = "/v1.0/directoryObjects/getByIds";

/// One request. Cloning shares the meter.
#[derive(Debug, Clone)]
pub struct Request {
    /// Path and query below the origin, exactly as sent: `/v1.0/users?$select=id`.
    pub target: String,
    /// Where it is counted.
    pub bucket: Bucket,
    /// Resource units it costs in [`Bucket::Directory`].
    pub units: u32,
    /// `ConsistencyLevel`, `Prefer`: sent again with every page.
    pub headers: Vec<(&'static str, String)>,
    /// The reply is text instead of JSON, as that of `/$count`.
    pub plain: bool,
    /// The table it reads, for messages.
    pub table: &'static str,
    /// Application permissions, least first, for messages.
    pub permissions: &'static [&'static str],
    /// The license the table needs, for messages.
    pub license: &'static str,
    /// Where its cost is counted.
    pub meter: Meter,
}

impl Request {
    /// Creates a request of one resource unit, without headers, on a meter of its own.
    pub fn new(target: impl Into<String>, bucket: Bucket, table: &'static str) -> Self {
        Self {
            target: target.into(),
            bucket,
            units: 1,
            headers: Vec::new(),
            plain: false,
            table,
            permissions: &[],
            license: "",
            meter: Meter::default(),
        }
    }

    /// Returns `/v1.0` or `/beta` and the rest, which starts with a slash.
    ///
    /// # Errors
    ///
    /// `Internal` when the target is not below a version.
    pub(crate) fn split(&self) -> Result<(&str, &str)> {
        let below = self.target.strip_prefix('/').and_then(|t| t.find('/').map(|i| i + 1));
        let cut = below.filter(|i| matches!(&self.target[1..*i], "v1.0" | "beta"));
        let cut = cut.ok_or_else(|| {
            Error::new(ErrorKind::Internal, "the request is not below /v1.0 or /beta")
                .with_context("url", &self.target)
        })?;
        Ok(self.target.split_at(cut))
    }
}
