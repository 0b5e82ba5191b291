//! `entraql config`: what is set, where it was set, and what is wrong with it.

use std::io::{self, Write};

use clap::Subcommand;

use crate::cli::args::Options;
use crate::cli::terminal;
use crate::config::Config;
use crate::error::{Error, ErrorKind, Result};
use crate::output::{note, report, visible};

/// What to do with the settings.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(super) enum ConfigCommand {
    /// Print the settings in effect; of a secret, the place it is at
    Show {
        /// Print where each was set
        #[arg(long)]
        origin: bool,
    },
    /// Print the path of the settings file
    Path,
    /// Check the settings file and the files it names
    Check,
}

/// Runs one of them. Nothing is sent, no secret is read.
pub(super) fn run(options: &Options, command: ConfigCommand) -> Result<()> {
    let flags = options.tenant.flags();
    match command {
        ConfigCommand::Show { origin } => show(&Config::load(&flags)?, origin),
        ConfigCommand::Path => print(&shown(&path(&Config::look(&flags)?)?)),
        ConfigCommand::Check => check(&Config::look(&flags)?, options),
    }
}

/// A program gets the path as it is, a terminal one that can't steer it.
fn shown(path: &str) -> String {
    match terminal::style().terminal {
        true => visible(path).into_owned() + "\n",
        false => format!("{path}\n"),
    }
}

fn path(config: &Config) -> Result<String> {
    match config.path() {
        Some(path) => Ok(path.display().to_string()),
        None => Err(Error::new(ErrorKind::Config, "there is no place for a settings file")
            .with_hint("set HOME, XDG_CONFIG_HOME or ENTRAQL_CONFIG")),
    }
}

fn show(config: &Config, origin: bool) -> Result<()> {
    let mut lines = config.lines()?;
    // A value may be a path of somebody else's making.
    for line in &mut lines {
        line.value = visible(&line.value).into_owned();
    }
    let widest = |width: fn(&crate::config::Line) -> usize| lines.iter().map(width).max();
    let keys = widest(|line| line.key.len()).unwrap_or_default();
    let values = widest(|line| line.value.chars().count()).unwrap_or_default();
    let text = lines.iter().map(|line| match origin {
        true => format!("{:keys$}  {:values$}  {}\n", line.key, line.value, visible(&line.origin)),
        false => format!("{:keys$}  {}\n", line.key, line.value),
    });
    if let Some(name) = config.tenant_name() {
        note(&mut io::stderr(), &format!("tenant `{}`", visible(name)));
    }
    print(&text.collect::<String>())
}

fn check(config: &Config, options: &Options) -> Result<()> {
    let faults = config.faults();
    for fault in &faults {
        report(&mut io::stderr().lock(), fault, options.verbose > 0, terminal::error_style());
    }
    match faults.len() {
        0 if config.has_file() => print(&format!("{} is sound\n", visible(&path(config)?))),
        0 => {
            let path = path(config)?;
            print(&format!("there is no settings file; it would be {}\n", visible(&path)))
        }
        1 => Err(Error::new(ErrorKind::Config, "one thing is wrong with the settings")),
        n => Err(Error::new(ErrorKind::Config, format!("{n} things are wrong with the settings"))),
    }
}

fn print(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(|error| {
        Error::new(ErrorKind::Output, "the settings could not be printed").with_source(error)
    })
}
