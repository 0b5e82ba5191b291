//! The command line: arguments in, exit code out.
//!
//! Results go to stdout, everything else to stderr.

mod args;
mod connect;
mod destination;
mod query;
mod script;
#[cfg(feature = "sim")]
mod simulate;
mod tables;
mod terminal;

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use clap::Parser;

use crate::cli::args::{Cli, Command};
use crate::error::{Error, ErrorKind, Result};
use crate::output::{is_closed_pipe, report};

/// Runs the program with its arguments and returns its exit code.
pub async fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return answer(&error),
    };
    let verbose = cli.options.verbose;
    match run(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        // The reader has seen enough, as in `| head -1`.
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            report(&mut io::stderr().lock(), &error, verbose, terminal::error_style());
            ExitCode::from(error.kind().exit_code())
        }
    }
}

/// Reports that the system gave us no threads to run on.
pub fn no_runtime(error: io::Error) -> ExitCode {
    let error = Error::new(ErrorKind::Internal, format!("the runtime did not start: {error}"));
    report(&mut io::stderr().lock(), &error, false, terminal::error_style());
    ExitCode::from(error.kind().exit_code())
}

/// Shows help, the version, or what is wrong with the arguments.
fn answer(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if error.use_stderr() {
        ExitCode::from(ErrorKind::Usage.exit_code())
    } else {
        ExitCode::SUCCESS
    }
}

async fn run(cli: Cli) -> Result<()> {
    let Cli { options, mut statements, command } = cli;
    match command {
        None => query::run(&options, &statements).await,
        Some(Command::Query(more)) => {
            statements.parts.extend(more.parts);
            query::run(&options, &statements).await
        }
        Some(_) if !statements.parts.is_empty() => {
            Err(Error::new(ErrorKind::Usage, "`-c` and `-f` belong to `query`"))
        }
        Some(Command::Tables) => tables::list(&options).await,
        Some(Command::Describe { table }) => tables::columns(&options, &table).await,
        #[cfg(feature = "sim")]
        Some(Command::Simulate(arguments)) => simulate::run(&arguments).await,
    }
}
