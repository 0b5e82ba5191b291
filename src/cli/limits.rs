//! What a query may cost, as flags: each is a setting of the session.

use clap::Args;

use crate::config::{Config, Value, key};
use crate::engine::Engine;
use crate::error::Result;

/// Guards of every query, and looking before asking.
#[derive(Debug, Clone, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(super) struct Limits {
    /// Stop each query before it sends more requests than this
    #[arg(long, global = true, value_name = "N")]
    pub(super) max_requests: Option<u64>,
    /// Stop each query after this time: 30s, 5m
    #[arg(long, global = true, value_name = "DURATION")]
    pub(super) timeout: Option<String>,
    /// Give up when Graph asks one request to wait longer than this: 90s, 15m
    #[arg(long, global = true, value_name = "DURATION")]
    pub(super) max_wait: Option<String>,
    /// Show the rows at hand when a query is cut short, and exit with code 6
    #[arg(long, global = true)]
    pub(super) allow_partial: bool,
    /// Use rows read before instead of asking again, until they are this old: 5m, 1h
    #[arg(long, global = true, value_name = "DURATION")]
    pub(super) cache_ttl: Option<String>,
    /// Always ask; without this, the shell keeps what it has read for 5 minutes
    #[arg(long, global = true, conflicts_with = "cache_ttl")]
    pub(super) no_cache: bool,
    /// Show what each statement would ask of Graph instead of running it
    #[arg(long, global = true)]
    pub(super) dry_run: bool,
    /// With --dry-run: count rows where Graph can, one request per scan
    #[arg(long, global = true, requires = "dry_run")]
    pub(super) probe: bool,
}

impl Limits {
    /// Applies the flags to a session.
    pub(super) fn apply(&self, engine: &Engine) -> Result<()> {
        let settings = [
            ("entra.max_requests", self.max_requests.map(|most| most.to_string())),
            ("entra.timeout", self.timeout.clone()),
            ("entra.max_wait", self.max_wait.clone()),
            ("entra.cache_ttl", self.cache_ttl.clone()),
            ("entra.allow_partial", self.allow_partial.then(|| "true".to_owned())),
        ];
        settings.iter().try_for_each(|(name, value)| match value {
            Some(value) => engine.set(name, value),
            None => Ok(()),
        })
    }

    /// Fills in what the settings file says about flags that were not given.
    pub(super) fn or(mut self, config: &Config) -> Self {
        let text = |key| config.get(key).map(|set| set.value.to_string());
        if let Some(Value::Count(most)) = config.get(key::MAX_REQUESTS).map(|set| &set.value) {
            self.max_requests = self.max_requests.or(Some(*most));
        }
        self.timeout = self.timeout.or_else(|| text(key::TIMEOUT));
        self.max_wait = self.max_wait.or_else(|| text(key::MAX_WAIT));
        self
    }

    /// Returns the statement to run: with `--dry-run`, the one that shows the cost.
    pub(super) fn statement(&self, engine: &Engine, sql: &str) -> Result<String> {
        if !self.dry_run || !engine.has_cost(sql)? {
            return Ok(sql.to_owned());
        }
        let probe = if self.probe { "(PROBE) " } else { "" };
        Ok(format!("EXPLAIN GRAPH {probe}{sql}"))
    }
}
