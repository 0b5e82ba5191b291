//! `entraql completions` and `entraql man`: made from the declaration of the arguments, so
//! that they cannot drift away from it.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::cli::args::Cli;
use crate::error::{Error, ErrorKind, Result};

/// Prints the completion script of a shell.
pub(super) fn completions(shell: Shell) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "entraql", &mut script);
    print(&script)
}

/// Prints the manual page of the program, or of one command.
pub(super) fn man(name: Option<&str>) -> Result<()> {
    let mut program = Cli::command();
    program.build();
    let command = match name {
        None => Some(program),
        Some(name) => program.find_subcommand(name).cloned(),
    };
    let command = command.ok_or_else(|| {
        let what = format!("there is no command `{}`", name.unwrap_or_default());
        Error::new(ErrorKind::Usage, what).with_hint("`entraql --help` lists the commands")
    })?;
    let mut page = Vec::new();
    Man::new(command).render(&mut page).map_err(unprinted)?;
    print(&page)
}

fn print(text: &[u8]) -> Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text).and_then(|()| stdout.flush()).map_err(unprinted)
}

fn unprinted(error: io::Error) -> Error {
    Error::new(ErrorKind::Output, "the text could not be printed").with_source(error)
}
