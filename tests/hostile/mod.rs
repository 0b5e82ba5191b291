//! A tenant that attacks the terminal, through every command.
//!
//! Its names, ids, enumeration members, times and error texts carry escape sequences, control
//! characters and direction marks. None may reach the terminal, and what a screen shows must be
//! what it shows for a tenant that writes the visible escapes out as plain text.

mod commands;
mod errors;
mod local;
mod programs;
mod screens;
mod shell;
mod tenant;
mod verdict;
