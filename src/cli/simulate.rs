//! `entraql simulate`: a Microsoft Graph of one's own, for tests and for learning.

use std::io::{self, Write};
use std::path::Path;

use crate::cli::args::Simulate;
use crate::config::env;
use crate::error::{Error, ErrorKind, Result};
use crate::repl::{Signals, or_interrupted};
use crate::sim::{self, FaultScript, Options, Simulator};

/// Serves until Ctrl-C, which is its ordinary end.
pub(super) async fn run(arguments: &Simulate) -> Result<()> {
    let simulator = Simulator::start(options(arguments)?).await?;
    tell(&simulator.origin())?;
    let forever = std::future::pending::<Result<()>>();
    match or_interrupted(Signals::InterruptAndTerminate, forever).await {
        Err(error) if error.kind() == ErrorKind::Cancelled => Ok(()),
        other => other,
    }
}

fn options(arguments: &Simulate) -> Result<Options> {
    let defaults = Options::default();
    let world = arguments.world.as_deref().map(str::parse).transpose()?;
    Ok(Options {
        port: arguments.port.unwrap_or(0),
        world: world.unwrap_or(defaults.world),
        latency_ms: arguments.latency_ms,
        throttle: arguments.throttle,
        faults: arguments.faults.as_deref().map(faults).transpose()?,
        max_page: arguments.max_page,
        keep_pages: arguments.keep_pages,
        origin: arguments.origin.as_deref().map(origin).transpose()?,
        ..defaults
    })
}

/// Reads a script of failures, or finds one by its name.
fn faults(wanted: &Path) -> Result<FaultScript> {
    if let Some(script) = wanted.to_str().and_then(FaultScript::named) {
        return Ok(script);
    }
    let text = std::fs::read_to_string(wanted).map_err(|error| {
        let message = format!("the fault script `{}` cannot be read", wanted.display());
        Error::new(ErrorKind::Usage, message).with_source(error)
    })?;
    FaultScript::from_json(&text)
}

/// Checks that an origin is one, and that a shell reads it as it is.
fn origin(text: &str) -> Result<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || ":.-[]".contains(c);
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && host.chars().all(plain) => Ok(text.to_owned()),
        _ => Err(Error::new(ErrorKind::Usage, format!("`{text}` is not an origin"))
            .with_hint("write scheme, host and port, as in https://localhost:8443")),
    }
}

/// Prints lines a shell can read in, which point any Entra client at the simulator.
fn tell(origin: &str) -> Result<()> {
    let exports = [
        (env::TENANT_ID, sim::TENANT_ID),
        (env::CLIENT_ID, sim::CLIENT_ID),
        (env::CLIENT_SECRET, sim::CLIENT_SECRET),
        (env::AUTHORITY_HOST, origin),
        (env::GRAPH_URL, origin),
    ];
    let lines = exports.map(|(variable, value)| format!("export {}='{value}'\n", variable.name));
    let text = format!("# Simulated Microsoft Graph at {origin}, until Ctrl-C\n{}", lines.concat());
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(|error| {
        Error::new(ErrorKind::Output, "the settings could not be printed").with_source(error)
    })
}
