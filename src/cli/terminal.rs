//! What stdin and stdout are connected to.

use std::io::{self, IsTerminal};

use crate::cli::args::Options;
use crate::config;
use crate::output::Style;
use crate::repl::Ticker;

/// Cells per line of a terminal that does not tell its width.
const USUAL_WIDTH: usize = 80;

/// Returns whether a person can type and read here.
pub(super) fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Returns whether nobody types on stdin.
pub(super) fn is_piped() -> bool {
    !io::stdin().is_terminal()
}

/// Returns how results look on stdout.
pub(super) fn style() -> Style {
    let terminal = io::stdout().is_terminal();
    let width = || config::columns().or_else(measured).unwrap_or(USUAL_WIDTH);
    Style { terminal, width: terminal.then(width), color: config::wants_color(terminal) }
}

/// Returns how errors look on stderr.
pub(super) fn error_style() -> Style {
    let terminal = io::stderr().is_terminal();
    let width = || config::columns().or_else(measured);
    Style { terminal, width: terminal.then(width).flatten(), color: config::wants_color(terminal) }
}

/// Returns where progress is drawn, if somebody watches or wishes for it.
pub(super) fn ticker(options: &Options) -> Option<Ticker> {
    let is_watched = io::stderr().is_terminal() && config::can_move_cursor();
    let is_wanted = options.progress || (is_watched && !options.quiet);
    let width = || config::columns().or_else(measured).unwrap_or(USUAL_WIDTH);
    is_wanted.then(|| Ticker::new(width()))
}

#[cfg(feature = "repl")]
fn measured() -> Option<usize> {
    crate::repl::terminal_size().map(|(columns, _)| columns)
}

#[cfg(not(feature = "repl"))]
fn measured() -> Option<usize> {
    None
}

/// Returns the lines of the terminal.
#[cfg(feature = "repl")]
pub(super) fn height() -> Option<usize> {
    crate::repl::terminal_size().map(|(_, lines)| lines).filter(|&lines| lines > 0)
}
