//! The command line: arguments in, exit code out.
//!
//! Results go to stdout, everything else to stderr.

mod args;
mod config;
mod connect;
mod destination;
mod doctor;
mod export;
mod generate;
mod init;
mod limits;
mod parameters;
mod queries;
mod query;
mod run;
mod script;
#[cfg(feature = "sim")]
mod simulate;
mod snapshot;
mod tables;
mod tally;
mod terminal;

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use clap::Parser;

use crate::cli::args::{Cli, Command, ErrorFormat, Options};
use crate::error::{Error, ErrorKind, Result};
use crate::output::{is_closed_pipe, note, report, report_json, visible};

/// Runs the program with its arguments and returns its exit code.
pub async fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<_> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() && asks_for_json(&arguments) => {
            return fail(&usage(&error), ErrorFormat::Json, 0);
        }
        Err(error) => return answer(&error, &arguments),
    };
    let Options { verbose, error_format, .. } = cli.options;
    // On the heap: it holds every command's state, and a thread's stack may be small.
    match Box::pin(run(cli)).await {
        Ok(()) => ExitCode::SUCCESS,
        // The reader has seen enough, as in `| head -1`.
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => fail(&error, error_format, verbose),
    }
}

fn fail(error: &Error, format: ErrorFormat, verbose: u8) -> ExitCode {
    told(error, format, verbose);
    ExitCode::from(error.kind().exit_code())
}

/// Tells an error on stderr.
fn told(error: &Error, format: ErrorFormat, verbose: u8) {
    let mut stderr = io::stderr().lock();
    match format {
        ErrorFormat::Text => report(&mut stderr, error, verbose > 0, terminal::error_style()),
        ErrorFormat::Json => report_json(&mut stderr, error),
    }
}

/// Arguments that cannot be read may still say how to tell so.
fn asks_for_json(arguments: &[OsString]) -> bool {
    let is_json = |pair: &[OsString]| pair[0] == "--error-format" && pair[1] == "json";
    arguments.iter().any(|a| a == "--error-format=json") || arguments.windows(2).any(is_json)
}

fn usage(error: &clap::Error) -> Error {
    let text = error.render().to_string();
    let message = text.trim_start_matches("error: ").split("\n\n").next().unwrap_or_default();
    Error::new(ErrorKind::Usage, message).with_hint("`--help` lists the arguments")
}

/// Reports that the system gave us no threads to run on.
pub fn no_runtime(error: io::Error) -> ExitCode {
    let error = Error::new(ErrorKind::Internal, format!("the runtime did not start: {error}"));
    fail(&error, ErrorFormat::Text, 0)
}

/// Shows help, the version, or what is wrong with the arguments, which are quoted there: one
/// that could steer the terminal is shown without colors, in which it could hide.
fn answer(error: &clap::Error, arguments: &[OsString]) -> ExitCode {
    let is_harmless = |argument: &OsString| {
        let text = argument.to_string_lossy();
        visible(&text) == text
    };
    if arguments.iter().all(is_harmless) {
        let _ = error.print();
    } else {
        note(&mut io::stderr().lock(), &error.render().to_string());
    }
    if error.use_stderr() {
        ExitCode::from(ErrorKind::Usage.exit_code())
    } else {
        ExitCode::SUCCESS
    }
}

async fn run(cli: Cli) -> Result<()> {
    let Cli { options, mut statements, command } = cli;
    match command {
        None => query::run(&options.with_defaults()?, &statements).await,
        Some(Command::Query(more)) => {
            statements.parts.extend(more.parts);
            query::run(&options.with_defaults()?, &statements).await
        }
        Some(_) if !statements.parts.is_empty() => {
            Err(Error::new(ErrorKind::Usage, "`-c` and `-f` belong to `query`"))
        }
        Some(Command::Run { name }) => run::run(&options.with_defaults()?, &name).await,
        Some(Command::Queries(asked)) => queries::run(&options.with_defaults()?, asked).await,
        Some(Command::Inspect { table }) => {
            tables::inspected(&options.with_defaults()?, &table).await
        }
        Some(Command::Config(command)) => config::run(&options, command),
        Some(Command::Snapshot(snapshot)) => {
            snapshot::run(&options.with_defaults()?, &snapshot).await
        }
        Some(Command::Export(export)) => export::run(&options, &export).await,
        Some(Command::Init(init)) => init::run(&options, &init).await,
        Some(Command::Doctor(_)) if options.offline.is_some() => {
            Err(Error::new(ErrorKind::Usage, "`doctor` looks at a tenant, `--offline` at none"))
        }
        Some(Command::Doctor(doctor)) => doctor::run(&options, &doctor).await,
        Some(Command::Completions { shell }) => generate::completions(shell),
        Some(Command::Man { command }) => generate::man(command.as_deref()),
        Some(Command::Tables) => tables::list(&options.with_defaults()?).await,
        Some(Command::Describe { table }) => {
            tables::columns(&options.with_defaults()?, &table).await
        }
        #[cfg(feature = "sim")]
        Some(Command::Simulate(arguments)) => simulate::run(&arguments).await,
    }
}
