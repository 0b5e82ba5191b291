//! The shell, and what it shares with the command line: showing one query,
//! listing tables, and stopping when the user says so.

#[cfg(feature = "repl")]
mod act;
#[cfg(feature = "repl")]
mod assist;
#[cfg(feature = "repl")]
mod cache;
mod catalog;
#[cfg(feature = "repl")]
mod command;
#[cfg(feature = "repl")]
mod commands;
#[cfg(feature = "repl")]
mod complete;
#[cfg(feature = "repl")]
mod editor;
#[cfg(feature = "repl")]
mod functions;
#[cfg(feature = "repl")]
mod help;
#[cfg(feature = "repl")]
mod highlight;
#[cfg(feature = "repl")]
mod history;
mod inspect;
mod interrupt;
#[cfg(feature = "repl")]
mod kept;
#[cfg(feature = "repl")]
mod last;
#[cfg(feature = "repl")]
mod program;
#[cfg(feature = "repl")]
mod progress;
#[cfg(not(feature = "repl"))]
#[path = "silent.rs"]
mod progress;
mod reading;
mod saved;
#[cfg(feature = "repl")]
mod session;
#[cfg(test)]
#[cfg(all(feature = "repl", feature = "sim"))]
mod session_tests;
#[cfg(feature = "repl")]
mod settings;
#[cfg(feature = "repl")]
mod shell;
mod show;
#[cfg(feature = "repl")]
mod target;
mod ticker;
mod trace;

#[cfg(feature = "repl")]
pub(crate) use self::cache::CACHE_TTL;
pub(crate) use self::catalog::{TABLES, describe};
#[cfg(feature = "repl")]
pub(crate) use self::editor::terminal_size;
pub(crate) use self::inspect::inspect;
pub(crate) use self::interrupt::{Signals, or_interrupted};
#[cfg(feature = "repl")]
pub(crate) use self::program::Programs;
pub(crate) use self::saved::{check, description, listing, needs};
#[cfg(feature = "repl")]
pub(crate) use self::settings::Settings;
#[cfg(feature = "repl")]
pub(crate) use self::shell::run;
pub(crate) use self::show::{Shown, show, tell};
pub(crate) use self::ticker::Ticker;
pub(crate) use self::trace::Trace;
