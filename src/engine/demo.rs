//! A tenant without a tenant: the simulator, in this process, over loopback HTTP.

use crate::engine::catalog::Source;
use crate::engine::lists::{Lists, Samples};
use crate::engine::{Engine, Settings, Tenant};
use crate::error::Result;
use crate::graph::Pacing;
use crate::secret::Secret;
use crate::sim::{CLIENT_ID, CLIENT_SECRET, Options, Simulator, TENANT_ID, WorldName};

impl Engine {
    /// Opens the demo tenant: a company of about 1,200 people with 30 days of logs.
    ///
    /// Everything is real but the tenant: tokens, HTTP, paging, refusals. Requests are
    /// not spaced out, because the demo does not throttle.
    ///
    /// # Errors
    ///
    /// `Config` when no loopback port can be had.
    pub async fn demo() -> Result<Self> {
        let settings = Settings { pacing: Pacing::Off, ..Settings::default() };
        Self::simulated(Options::default(), settings).await
    }

    /// Opens a simulator of the caller's choice, which lives as long as the engine.
    ///
    /// # Errors
    ///
    /// As [`Engine::demo`].
    pub async fn simulated(options: Options, settings: Settings) -> Result<Self> {
        let is_demo = options.world == WorldName::Demo;
        let simulator = Simulator::start(options).await?;
        let client = Tenant::of(&simulator).client(&settings)?;
        let engine =
            Self::assemble(&Source::Graph(Some(client)), settings.now, Some(simulator)).await?;
        if is_demo {
            engine.put(Lists::of(Samples::Shown))?;
        }
        Ok(engine)
    }

    /// Returns the simulator behind this engine, if there is one.
    pub fn simulator(&self) -> Option<&Simulator> {
        self.inner.simulator.as_ref()
    }
}

impl Tenant {
    /// Returns the tenant a simulator plays.
    pub fn of(simulator: &Simulator) -> Self {
        let origin = simulator.origin();
        Self {
            tenant_id: TENANT_ID.to_owned(),
            client_id: CLIENT_ID.to_owned(),
            credential: Secret::new(CLIENT_SECRET).into(),
            authority: origin.clone(),
            graph: origin,
        }
    }
}
