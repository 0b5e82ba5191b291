//! The user's own programs, and what they must not see.

use crate::auth::program;
use crate::config::env;

/// Returns the pager with its arguments, if the user chose one.
pub(crate) fn pager() -> Option<String> {
    env::PAGER_OF_OURS.read().or_else(|| env::PAGER.read())
}

/// Returns the options `less` starts with: the user's, or colors, no wrapping, and text
/// that stays on the screen.
pub(crate) fn less_options() -> String {
    env::LESS.read().unwrap_or_else(|| "-SRXF".to_owned())
}

/// Returns the editor with its arguments, if the user chose one.
pub(crate) fn editor() -> Option<String> {
    env::VISUAL.read().or_else(|| env::EDITOR.read())
}

/// Returns the names of the variables that hold secrets, those of the settings included.
pub(crate) fn secret_variables() -> Vec<String> {
    let own = env::SECRETS.iter().map(|variable| variable.name.to_owned());
    own.chain(program::hidden_variables()).collect()
}
