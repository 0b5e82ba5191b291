//! The shell, and what it shares with the command line: showing one query,
//! listing tables, and stopping when the user says so.

#[cfg(feature = "repl")]
mod assist;
mod catalog;
#[cfg(feature = "repl")]
mod command;
#[cfg(feature = "repl")]
mod complete;
#[cfg(feature = "repl")]
mod editor;
#[cfg(feature = "repl")]
mod highlight;
#[cfg(feature = "repl")]
mod history;
mod interrupt;
#[cfg(feature = "repl")]
mod shell;
mod show;

pub(crate) use self::catalog::{TABLES, describe};
#[cfg(feature = "repl")]
pub(crate) use self::editor::terminal_width;
pub(crate) use self::interrupt::{Signals, or_interrupted};
#[cfg(feature = "repl")]
pub(crate) use self::shell::{Settings, run};
pub(crate) use self::show::{show, tell};
