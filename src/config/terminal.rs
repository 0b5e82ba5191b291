//! What the user wants from the terminal.

use crate::config::env;

/// Returns whether colors are wanted on a stream that is, or is not, a terminal.
///
/// After <https://no-color.org> and <https://bixense.com/clicolors>.
pub(crate) fn wants_color(is_terminal: bool) -> bool {
    decide(
        is_terminal,
        env::NO_COLOR.read().is_some(),
        env::CLICOLOR_FORCE.read().is_some_and(|value| value != "0"),
        is_dumb(env::TERM.read().as_deref()),
    )
}

/// Returns whether a line can be written over.
pub(crate) fn can_move_cursor() -> bool {
    !is_dumb(env::TERM.read().as_deref())
}

/// A Unix terminal without a name is one nobody knows anything about; Windows has no names.
fn is_dumb(term: Option<&str>) -> bool {
    term.map_or(cfg!(unix), |term| term == "dumb")
}

#[expect(clippy::fn_params_excessive_bools, reason = "the rule is a formula over four facts")]
fn decide(is_terminal: bool, refused: bool, forced: bool, dumb: bool) -> bool {
    !refused && (forced || (is_terminal && !dumb))
}

/// Returns the width the user set, if it is one.
pub(crate) fn columns() -> Option<usize> {
    env::COLUMNS.read()?.parse().ok().filter(|&columns| columns > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_follow_the_conventions() {
        assert!(decide(true, false, false, false));
        assert!(!decide(true, false, false, true));
        assert!(!decide(false, false, false, false));
        assert!(decide(false, false, true, false));
        assert!(!decide(true, true, true, false));
    }

    #[cfg(unix)]
    #[test]
    fn a_terminal_nobody_names_is_dumb() {
        assert!(is_dumb(None) && is_dumb(Some("dumb")) && !is_dumb(Some("xterm-256color")));
    }
}
