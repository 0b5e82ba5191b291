//! Which engine answers: the demo, the configured tenant, or none yet.

use crate::cli::args::Options;
use crate::config::{self, TenantSettings};
use crate::engine::{Engine, Pacing, Settings, Tenant};
use crate::error::{Error, ErrorKind, Result};

/// An engine, and what is known about the settings it came from.
pub(super) struct Connection {
    pub(super) engine: Engine,
    /// No tenant is configured: plans and meta tables work, rows do not.
    pub(super) is_offline: bool,
    secret_looks_like_id: bool,
}

/// Opens the engine the options ask for; sends nothing.
pub(super) async fn open(options: &Options) -> Result<Connection> {
    let connection = connect(options).await?;
    options.limits.apply(&connection.engine)?;
    Ok(connection)
}

async fn connect(options: &Options) -> Result<Connection> {
    if options.demo {
        return Ok(connection(Engine::demo().await?));
    }
    if config::is_untouched() {
        return Ok(Connection { is_offline: true, ..connection(Engine::offline().await?) });
    }
    let settings = TenantSettings::from_env()?;
    let secret_looks_like_id = settings.secret_looks_like_id;
    let tenant = tenant(settings);
    let engine = Engine::open_with(tenant.clone(), pace(&tenant)).await?;
    Ok(Connection { secret_looks_like_id, ..connection(engine) })
}

fn connection(engine: Engine) -> Connection {
    Connection { engine, is_offline: false, secret_looks_like_id: false }
}

fn tenant(settings: TenantSettings) -> Tenant {
    let TenantSettings { tenant_id, client_id, client_secret, authority, graph, .. } = settings;
    Tenant { tenant_id, client_id, client_secret, authority, graph }
}

/// Plain http is a simulator on this machine: it has no tenant to spare, and a 429 of its
/// own is obeyed all the same.
fn pace(tenant: &Tenant) -> Settings {
    let pacing = if tenant.graph.starts_with("http:") { Pacing::Off } else { Pacing::Graph };
    Settings { pacing, ..Settings::default() }
}

impl Connection {
    /// Adds to an error what only the settings can tell.
    pub(super) fn explain(&self, error: Error) -> Error {
        explained(error, self.is_offline, self.secret_looks_like_id)
    }
}

fn explained(error: Error, is_offline: bool, secret_looks_like_id: bool) -> Error {
    match error.kind() {
        ErrorKind::Config if is_offline => match TenantSettings::from_env() {
            Err(missing) => error
                .context()
                .iter()
                .fold(missing, |missing, (name, value)| missing.with_context(name, value.clone())),
            Ok(_) => error,
        },
        ErrorKind::Auth if secret_looks_like_id => {
            error.with_hint("AZURE_CLIENT_SECRET looks like the secret ID; use the secret Value")
        }
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_id_is_pointed_out_only_when_sign_in_fails() {
        let hint = |kind| {
            let error = explained(Error::new(kind, "refused"), false, true);
            error.hint().map(str::to_owned)
        };
        assert!(hint(ErrorKind::Auth).unwrap().contains("use the secret Value"));
        assert_eq!(hint(ErrorKind::Query), None);
    }
}
