//! `entraql doctor`: everything between this machine and a first row, step by step.
//!
//! Each step passes, warns, fails or is skipped, with the reason and the fix. All of them
//! only read.

mod checks;
mod finding;
mod secret;

use std::io::{self, Write};

use clap::Args;

use crate::cli::args::Options;
use crate::cli::connect::{self, Doctored};
use crate::cli::doctor::checks::{hosts, proxy, settings, skew, tables, token};
use crate::cli::doctor::finding::{Finding, Status, json, text};
use crate::config::Config;
use crate::error::{Error, ErrorKind, Result};
use crate::repl::{Signals, or_interrupted};

/// What to look at.
#[derive(Debug, Clone, Args)]
pub(super) struct DoctorOptions {
    /// Probe this table only; may be repeated (all tables if not given)
    #[arg(long = "table", value_name = "TABLE")]
    tables: Vec<String>,
    /// Print the findings as JSON
    #[arg(long)]
    json: bool,
}

/// Runs all steps and prints what they found.
///
/// # Errors
///
/// The worst failure, so that the exit code is its own.
pub(super) async fn run(options: &Options, doctor: &DoctorOptions) -> Result<()> {
    let examined = async { Ok(examine(options, doctor).await) };
    let findings = or_interrupted(Signals::InterruptAndTerminate, examined).await?;
    let shown = if doctor.json { json(&findings)? } else { text(&findings) };
    let mut stdout = io::stdout().lock();
    stdout.write_all(shown.as_bytes()).and_then(|()| stdout.flush()).map_err(|error| {
        Error::new(ErrorKind::Output, "the findings could not be printed").with_source(error)
    })?;
    verdict(&findings)
}

async fn examine(options: &Options, doctor: &DoctorOptions) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !options.demo {
        let flags = options.tenant.flags();
        let config = Config::look(&flags);
        findings.extend(settings(config));
    }
    findings.push(proxy());
    let opened = connect::doctored(options).await;
    let Doctored { engine, tenant } = match opened {
        Ok(opened) => opened,
        Err(error) => {
            findings.push(Finding::failed("tenant", error));
            let rest = ["sign-in host", "Graph host", "clock", "token", "tables", "secret"];
            findings.extend(rest.map(|step| Finding::skipped(step, "there is no tenant to ask")));
            return findings;
        }
    };
    let (reached, seen) = hosts(&tenant).await;
    findings.extend(reached);
    findings.push(skew(&seen));
    let token = token(&engine, &tenant).await;
    let signed_in = token.status != Status::Fail;
    findings.push(token);
    if !signed_in {
        let rest = ["tables", "secret"].map(|step| Finding::skipped(step, "there is no token"));
        findings.extend(rest);
        return findings;
    }
    findings.extend(tables(&engine, &doctor.tables).await);
    findings.push(secret::check(&engine, &tenant).await);
    findings
}

/// What stands in the way of everything else is worst: settings and sign-in, then the
/// network, then what one table lacks.
fn verdict(findings: &[Finding]) -> Result<()> {
    const ORDER: [u8; 3] = [3, 5, 4];
    let failed: Vec<_> = findings.iter().filter_map(|finding| finding.kind).collect();
    let place = |kind: &&ErrorKind| {
        ORDER.iter().position(|code| *code == kind.exit_code()).unwrap_or(ORDER.len())
    };
    match failed.iter().min_by_key(place) {
        None => Ok(()),
        Some(worst) => {
            let what = format!("{} of {} checks failed", failed.len(), findings.len());
            Err(Error::new(*worst, what).with_hint("the first failure often explains the others"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_code_is_that_of_the_worst_failure() {
        let failed = |kind| Finding::failed("step", Error::new(kind, "no"));
        let code = |kinds: &[ErrorKind]| {
            let findings: Vec<_> = kinds.iter().map(|kind| failed(*kind)).collect();
            verdict(&findings).err().map_or(0, |error| error.kind().exit_code())
        };
        assert_eq!(code(&[]), 0);
        assert_eq!(code(&[ErrorKind::License, ErrorKind::Auth, ErrorKind::Unavailable]), 3);
        assert_eq!(code(&[ErrorKind::Permission, ErrorKind::Unavailable]), 5);
        assert_eq!(code(&[ErrorKind::Malformed, ErrorKind::Permission]), 4);
        assert!(verdict(&[Finding::warned("clock", "slow", "set it")]).is_ok());
    }
}
