//! Where files of ours live.

use std::path::PathBuf;

use crate::config::env;

/// Returns the path of the shell's history, if the user has a place for state.
///
/// After the XDG base directory rules, which ignore relative paths:
/// <https://specifications.freedesktop.org/basedir-spec/latest/>.
#[cfg(feature = "repl")]
pub(crate) fn history_file() -> Option<PathBuf> {
    folder(env::XDG_STATE_HOME.read(), env::HOME.read(), ".local/state")
        .map(|state| state.join("entraql").join("history"))
}

/// Returns the folder of the user's saved queries, and whether the user named it.
pub(crate) fn queries_folder() -> Option<(PathBuf, bool)> {
    if let Some(named) = env::QUERIES.read() {
        return Some((named.into(), true));
    }
    folder(env::XDG_CONFIG_HOME.read(), env::HOME.read(), ".config")
        .map(|config| (config.join("entraql").join("queries"), false))
}

fn folder(own: Option<String>, home: Option<String>, below_home: &str) -> Option<PathBuf> {
    let absolute = |path: String| Some(PathBuf::from(path)).filter(|p| p.is_absolute());
    own.and_then(absolute).or_else(|| Some(home.and_then(absolute)?.join(below_home)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(state: Option<&str>, home: Option<&str>, expected: Option<&str>) {
        let found = folder(state.map(str::to_owned), home.map(str::to_owned), ".local/state");
        assert_eq!(found, expected.map(PathBuf::from));
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
