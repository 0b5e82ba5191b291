//! `SET entra.*`: what a session can choose about scans.

use std::any::Any;
use std::ops::{Deref, DerefMut};

use datafusion::common::config::{ConfigEntry, ConfigExtension, ConfigOptions, ExtensionOptions};
use datafusion::common::config_err;
use datafusion::common::extensions_options;
use datafusion::error::Result;

use crate::provider::patience::Patience;

/// Parts of a log read at once, at the most: more would only stand in line.
const MOST_SLICES: usize = 8;

extensions_options! {
    /// Each option with its default.
    pub struct Fields {
        /// Sends filters, projections and limits to Graph. Off, every row is fetched and
        /// everything is evaluated here.
        pub pushdown: bool, default = true
        /// Makes a value that does not fit its column an error instead of a null.
        pub strict: bool, default = false
        /// Days the logs reach back in this tenant; 0 takes the documented number.
        pub retention_days: usize, default = 0
        /// Rows asked for per page; 0 takes the most Graph serves.
        pub page_size: usize, default = 0
        /// Requests one query may send; 0 sets no limit.
        pub max_requests: usize, default = 0
        /// The longest one query may take, such as `30s` or `5m`; `0` sets no limit.
        pub timeout: Patience, default = Patience::default()
        /// The longest one request may wait because Graph throttles it, such as `90s`; `0`
        /// takes the limit of the connection.
        pub max_wait: Patience, default = Patience::default()
        /// Takes the rows at hand as an incomplete result when a guard, a throttle or an
        /// outage ends a query in its middle.
        pub allow_partial: bool, default = false
        /// Trusts that logs come newest first, which lets `ORDER BY … LIMIT` stop early.
        /// A page out of order fails the query.
        pub trust_order: bool, default = true
        /// Asks for more than 300 objects a join has found by `getByIds`, 1,000 to a request.
        /// Microsoft knows of incomplete objects in its replies; one that lacks a property
        /// fails the query.
        pub get_by_ids: bool, default = false
        /// How many parts of a long log are read at once: 0 decides by how slow Graph is, 1
        /// reads it page by page, and 2 to 8 read so many.
        pub parallel_slices: usize, default = 0
        /// How long the rows of a whole scan stand in for asking again, such as `5m`,
        /// counted from its first request; `0` always asks.
        pub cache_ttl: Patience, default = Patience::default()
        /// The most bytes of memory the rows kept for that may take.
        pub cache_bytes: usize, default = 256 * 1_024 * 1_024
        /// The most bytes of memory that rows may take while they are kept for a second scan of
        /// the same query that wants them, too, so that they are fetched once; `0` fetches
        /// them for each.
        pub share_bytes: usize, default = 128 * 1_024 * 1_024
        /// The version of OCSF that the views of the schema `ocsf` are written in: `1.6.0`
        /// or `1.8.0`.
        pub ocsf_version: String, default = "1.6.0".to_owned()
        /// When inventory events are said to be collected, such as `2026-11-21T12:00:00Z`;
        /// empty is the start of the query.
        pub ocsf_time: String, default = String::new()
    }
}

/// Options of scans over Graph, set with `SET entra.<name> = <value>`.
///
/// Names are listed with their prefix, which DataFusion's macro leaves out: `SHOW entra.strict`
/// looks for the whole name.
#[derive(Debug, Clone, Default)]
pub struct EntraOptions(Fields);

impl Deref for EntraOptions {
    type Target = Fields;

    fn deref(&self) -> &Fields {
        &self.0
    }
}

impl DerefMut for EntraOptions {
    fn deref_mut(&mut self) -> &mut Fields {
        &mut self.0
    }
}

impl ExtensionOptions for EntraOptions {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn cloned(&self) -> Box<dyn ExtensionOptions> {
        Box::new(self.clone())
    }

    fn set(&mut self, key: &str, value: &str) -> Result<()> {
        let mut fields = self.0.clone();
        ExtensionOptions::set(&mut fields, key, value)?;
        if fields.parallel_slices > MOST_SLICES {
            return config_err!("a log is read in at most {MOST_SLICES} parts at once");
        }
        self.0 = fields;
        Ok(())
    }

    fn entries(&self) -> Vec<ConfigEntry> {
        let named = |entry: ConfigEntry| {
            let key = format!("{}.{}", Self::PREFIX, entry.key.trim_start_matches('.'));
            ConfigEntry { key, ..entry }
        };
        self.0.entries().into_iter().map(named).collect()
    }
}

impl ConfigExtension for EntraOptions {
    const PREFIX: &'static str = "entra";
}

impl EntraOptions {
    /// Returns the options of a session; the defaults where it has none.
    pub fn of(config: &ConfigOptions) -> Self {
        config.extensions.get::<Self>().cloned().unwrap_or_default()
    }

    /// Returns the page size asked for, as a cap.
    pub(super) fn page_cap(&self) -> u32 {
        match self.page_size {
            0 => u32::MAX,
            size => u32::try_from(size).unwrap_or(u32::MAX),
        }
    }
}
