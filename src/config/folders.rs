//! Where files of ours live.
//!
//! After the XDG base directory rules, which ignore relative paths:
//! <https://specifications.freedesktop.org/basedir-spec/latest/>.

use std::path::{Path, PathBuf};

use crate::config::env;

/// Returns the path of the shell's history, if the user has a place for state.
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

/// Returns the folder of lists nobody needs to name, if it is there.
pub(crate) fn lists_folder() -> Option<PathBuf> {
    folder(env::XDG_CONFIG_HOME.read(), env::HOME.read(), ".config")
        .map(|config| config.join("entraql").join("lists"))
        .filter(|lists| lists.is_dir())
}

/// Returns where the settings file is looked for, if the user has a place for settings.
pub(super) fn settings_file() -> Option<PathBuf> {
    folder(env::XDG_CONFIG_HOME.read(), env::HOME.read(), ".config")
        .map(|settings| settings.join("entraql").join("config.toml"))
}

/// Reads `~/` as the home folder, and a relative path as one below `base`.
pub(super) fn expand(path: &str, base: &Path) -> PathBuf {
    match (path.strip_prefix("~/"), env::HOME.read()) {
        (Some(below), Some(home)) => Path::new(&home).join(below),
        _ => base.join(path),
    }
}

fn folder(named: Option<String>, home: Option<String>, below: &str) -> Option<PathBuf> {
    let absolute = |path: String| Some(PathBuf::from(path)).filter(|p| p.is_absolute());
    named.and_then(absolute).or_else(|| Some(home.and_then(absolute)?.join(below)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(named: Option<&str>, home: Option<&str>, expected: Option<&str>) {
        let found = folder(named.map(str::to_owned), home.map(str::to_owned), ".local/state");
        assert_eq!(found, expected.map(PathBuf::from));
    }

    #[cfg(unix)]
    #[test]
    fn folders_follow_xdg() {
        check(Some("/state"), Some("/home/ada"), Some("/state"));
        check(None, Some("/home/ada"), Some("/home/ada/.local/state"));
        check(Some("relative"), Some("/home/ada"), Some("/home/ada/.local/state"));
        check(None, None, None);
    }

    #[cfg(unix)]
    #[test]
    fn a_relative_path_is_below_the_file_that_names_it() {
        assert_eq!(expand("a/b", Path::new("/etc")), Path::new("/etc/a/b"));
        assert_eq!(expand("/a/b", Path::new("/etc")), Path::new("/a/b"));
    }
}
