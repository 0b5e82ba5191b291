//! Where files of ours live.

use std::path::PathBuf;

use crate::config::env;

/// Returns the path of the shell's history, if the user has a place for state.
///
/// After the XDG base directory rules, which ignore relative paths:
/// <https://specifications.freedesktop.org/basedir-spec/latest/>.
pub(crate) fn history_file() -> Option<PathBuf> {
    state_folder(env::XDG_STATE_HOME.read(), env::HOME.read())
        .map(|state| state.join("entraql").join("history"))
}

fn state_folder(state: Option<String>, home: Option<String>) -> Option<PathBuf> {
    let absolute = |path: String| Some(PathBuf::from(path)).filter(|p| p.is_absolute());
    state.and_then(absolute).or_else(|| Some(home.and_then(absolute)?.join(".local").join("state")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(state: Option<&str>, home: Option<&str>, expected: Option<&str>) {
        let folder = state_folder(state.map(str::to_owned), home.map(str::to_owned));
        assert_eq!(folder, expected.map(PathBuf::from));
    }

    #[cfg(unix)]
    #[test]
    fn state_follows_xdg() {
        check(Some("/state"), Some("/home/ada"), Some("/state"));
        check(None, Some("/home/ada"), Some("/home/ada/.local/state"));
        check(Some("relative"), Some("/home/ada"), Some("/home/ada/.local/state"));
        check(None, None, None);
    }
}
