//! Which engine answers: the demo, the configured tenant, or none yet.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::args::{Options, Part, Statements};
use crate::config::{Config, Flags, Identity, TenantSettings, Value, key, lists_folder};
use crate::engine::{Credential, Engine, Pacing, Settings, Tenant};
use crate::error::{Error, ErrorKind, Result};
use crate::output::{Format, note};

/// Which tenant, and with which secret. No argument takes a secret itself: arguments are
/// visible to everyone on a machine.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct TenantOptions {
    /// The tenant of the settings file to ask
    #[arg(long, short, global = true, value_name = "NAME")]
    tenant: Option<String>,
    /// The settings file, instead of the one `entraql config path` prints
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Read the client secret from a file that only its owner may read
    #[arg(long, global = true, value_name = "FILE", group = "secret")]
    client_secret_file: Option<PathBuf>,
    /// Read the client secret from the first line of stdin
    #[arg(long, global = true, group = "secret")]
    client_secret_stdin: bool,
    /// Run a program that prints the client secret; no shell is involved
    #[arg(long, global = true, value_name = "COMMAND", group = "secret")]
    client_secret_cmd: Option<String>,
}

impl TenantOptions {
    pub(super) fn flags(&self) -> Flags {
        Flags {
            config: self.config.clone(),
            tenant: self.tenant.clone(),
            secret_file: self.client_secret_file.clone(),
            secret_stdin: self.client_secret_stdin,
            secret_cmd: self.client_secret_cmd.clone(),
        }
    }
}

impl Options {
    /// Refuses to read two things from one stdin.
    pub(super) fn check_stdin(&self, statements: &Statements) -> Result<()> {
        let stdin = |part: &Part| matches!(part, Part::File(path) if path == Path::new("-"));
        let wanted = statements.parts.is_empty() || statements.parts.iter().any(stdin);
        match self.tenant.client_secret_stdin && wanted {
            true => Err(Error::new(
                ErrorKind::Usage,
                "`--client-secret-stdin` leaves no stdin for statements",
            )
            .with_hint("give them with `-c` or `-f FILE`")),
            false => Ok(()),
        }
    }

    /// Fills in what the settings file says about flags that were not given.
    pub(super) fn with_defaults(mut self) -> Result<Self> {
        if self.demo {
            return Ok(self);
        }
        let config = Config::load(&self.tenant.flags())?;
        if let (None, Some(format)) = (self.format, config.get(key::FORMAT)) {
            let unknown = |_| {
                let what = format!("{} is not a format: `{}`", format.name(), format.text());
                Error::new(ErrorKind::Config, what)
                    .with_hint(format!("there are {}", Format::names().join(", ")))
            };
            self.format = Some(Format::parse(format.text()).map_err(unknown)?);
        }
        if let Some(Value::Count(rows)) = config.get(key::MAX_ROWS).map(|set| &set.value) {
            self.max_rows = self.max_rows.or(Some(*rows));
        }
        if let Some(Value::Switch(quiet)) = config.get(key::QUIET).map(|set| &set.value) {
            self.quiet |= quiet;
        }
        if let Some(Value::Path(lists)) = config.get(key::LISTS).map(|set| &set.value) {
            self.lists = self.lists.or_else(|| Some(lists.clone()));
        }
        self.limits = self.limits.or(&config);
        Ok(self)
    }
}

/// An engine, and what is known about the settings it came from.
pub(super) struct Connection {
    pub(super) engine: Engine,
    /// No tenant is configured: plans and meta tables work, rows do not.
    #[cfg_attr(not(feature = "repl"), expect(dead_code, reason = "the shell greets with it"))]
    pub(super) is_offline: bool,
    /// What to configure before there are rows.
    missing: Option<Error>,
    secret_looks_like_id: bool,
}

/// Opens the engine the options ask for; sends nothing.
pub(super) async fn open(options: &Options) -> Result<Connection> {
    let connection = connect(options).await?;
    options.limits.apply(&connection.engine)?;
    read_lists(&connection.engine, options)?;
    Ok(connection)
}

/// Makes tables of the files in the folder of lists, and says which are left out. The demo
/// has lists of its own, and reads no others unless they are named.
pub(super) fn read_lists(engine: &Engine, options: &Options) -> Result<()> {
    let usual = || lists_folder().filter(|_| !options.demo);
    let Some(folder) = options.lists.clone().or_else(usual) else { return Ok(()) };
    for (path, why) in engine.read_lists(&folder)?.iter().filter(|_| !options.quiet) {
        note(&mut io::stderr(), &format!("warning: {} is left out: {why}", path.display()));
    }
    Ok(())
}

async fn connect(options: &Options) -> Result<Connection> {
    if options.demo {
        return Ok(connection(Engine::demo().await?));
    }
    if let Some(folder) = &options.offline {
        return Ok(connection(Engine::snapshot(folder).await?));
    }
    let config = Config::load(&options.tenant.flags())?;
    if config.is_untouched() {
        let missing = config.tenant().err();
        let offline = connection(Engine::offline().await?);
        return Ok(Connection { is_offline: true, missing, ..offline });
    }
    let settings = config.tenant()?;
    let secret_looks_like_id = settings.secret_looks_like_id;
    let tenant = tenant(settings);
    let engine = Engine::open_with(tenant.clone(), pace(&tenant)).await?;
    Ok(Connection { secret_looks_like_id, ..connection(engine) })
}

/// What `entraql doctor` looks at.
pub(super) struct Doctored {
    pub(super) engine: Engine,
    pub(super) tenant: Tenant,
}

/// Opens the tenant of the options, or says why there is none; sends nothing.
pub(super) async fn doctored(options: &Options) -> Result<Doctored> {
    #[cfg(feature = "sim")]
    if options.demo {
        let engine = Engine::demo().await?;
        if let Some(simulator) = engine.simulator() {
            let tenant = Tenant::of(simulator);
            return Ok(Doctored { engine, tenant });
        }
    }
    let tenant = tenant(Config::load(&options.tenant.flags())?.tenant()?);
    let engine = Engine::open_with(tenant.clone(), pace(&tenant)).await?;
    Ok(Doctored { engine, tenant })
}

fn connection(engine: Engine) -> Connection {
    Connection { engine, is_offline: false, missing: None, secret_looks_like_id: false }
}

fn tenant(settings: TenantSettings) -> Tenant {
    let TenantSettings { tenant_id, client_id, identity, hosts, .. } = settings;
    let credential = match identity {
        Identity::Secret(secret) => Credential::ClientSecret(secret),
        Identity::Certificate(pem) => Credential::Certificate(pem),
        Identity::TokenFile(file) => Credential::WorkloadIdentity(file),
        #[cfg(feature = "azure-identity")]
        Identity::Managed => Credential::ManagedIdentity,
        #[cfg(feature = "azure-identity")]
        Identity::AzureCli => Credential::AzureCli,
    };
    Tenant { tenant_id, client_id, credential, authority: hosts.authority, graph: hosts.graph }
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
        explained(error, self.missing.as_ref(), self.secret_looks_like_id)
    }
}

fn explained(error: Error, missing: Option<&Error>, secret_looks_like_id: bool) -> Error {
    match (error.kind(), missing) {
        (ErrorKind::Config, Some(missing)) => error
            .context()
            .iter()
            .fold(missing.duplicate(), |missing, (name, value)| missing.with_context(name, value)),
        (ErrorKind::Auth, _) if secret_looks_like_id => {
            error.with_hint("the client secret looks like the secret ID; use the secret Value")
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
            let error = explained(Error::new(kind, "refused"), None, true);
            error.hint().map(str::to_owned)
        };
        assert!(hint(ErrorKind::Auth).unwrap().contains("use the secret Value"));
        assert_eq!(hint(ErrorKind::Query), None);
    }
}
