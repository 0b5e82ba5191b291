//! `.cache`: what a repeated query need not ask again.

use crate::error::Result;
use crate::repl::command::Cache;
use crate::repl::session::Session;

/// How long the shell keeps whole scans, unless told otherwise: a detection is written in
/// many small steps over the same rows.
pub(crate) const CACHE_TTL: &str = "5m";

/// What there is, youngest first.
const SCANS: &str = "SELECT table_name, rows, bytes, age_s, hits, request FROM meta.cache \
                     ORDER BY age_s, table_name";

const SETTING: &str = "entra.cache_ttl";

impl Session {
    /// Does what `.cache` asks for. Sends nothing.
    pub(super) async fn cache(&mut self, wish: &Cache) -> Result<()> {
        match wish {
            Cache::Show => return self.show_cache().await,
            Cache::On if self.engine.cache().ttl.is_some() => {}
            Cache::On => self.engine.set(SETTING, CACHE_TTL)?,
            Cache::Off => {
                self.engine.set(SETTING, "0")?;
                self.engine.clear_cache();
            }
            Cache::Clear => self.engine.clear_cache(),
            Cache::Ttl(ttl) => self.engine.set(SETTING, ttl)?,
        }
        Ok(())
    }

    async fn show_cache(&mut self) -> Result<()> {
        let state = self.engine.cache();
        self.print(&state.to_string());
        match state.scans {
            0 => Ok(()),
            _ => self.own(SCANS).await,
        }
    }
}
