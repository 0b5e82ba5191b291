//! Every environment variable, documented, in one place.
//!
//! No other file reads the environment.

/// One environment variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Variable {
    /// The name as the shell knows it.
    pub name: &'static str,
    /// What it decides, in one sentence.
    pub meaning: &'static str,
}

impl Variable {
    /// Returns the value; an empty one counts as missing.
    pub(crate) fn read(&self) -> Option<String> {
        named(self.name)
    }
}

/// Returns the value of a variable the user's settings name.
pub(super) fn named(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

const fn variable(name: &'static str, meaning: &'static str) -> Variable {
    Variable { name, meaning }
}

/// The tenant to ask.
pub(crate) const TENANT_ID: Variable =
    variable("AZURE_TENANT_ID", "The tenant: its id, or one of its domain names.");
/// The app registration to ask as.
pub(crate) const CLIENT_ID: Variable =
    variable("AZURE_CLIENT_ID", "The application (client) id of the app registration.");
/// The proof.
pub(crate) const CLIENT_SECRET: Variable =
    variable("AZURE_CLIENT_SECRET", "The Value of a client secret of the app registration.");
/// The other proof.
pub(crate) const CERTIFICATE_PATH: Variable = variable(
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "A PEM file with a certificate of the app registration and its key.",
);
/// The proof of a workload.
pub(crate) const FEDERATED_TOKEN_FILE: Variable = variable(
    "AZURE_FEDERATED_TOKEN_FILE",
    "The token of a workload identity, as Kubernetes mounts it.",
);
/// Which of the proofs.
pub(crate) const CREDENTIAL: Variable = variable(
    "ENTRAQL_CREDENTIAL",
    "Which credential to use, where the variables above leave a choice.",
);
/// Where tokens come from.
pub(crate) const AUTHORITY_HOST: Variable = variable(
    "AZURE_AUTHORITY_HOST",
    "The sign-in host; `https://login.microsoftonline.com` if unset.",
);
/// Where rows come from.
pub(crate) const GRAPH_URL: Variable =
    variable("ENTRAQL_GRAPH_URL", "The Graph origin; that of the sign-in host's cloud if unset.");
/// The settings file.
pub(crate) const CONFIG: Variable =
    variable("ENTRAQL_CONFIG", "The settings file; see `entraql config path` if unset.");
/// The tenant of the settings file.
pub(crate) const TENANT: Variable =
    variable("ENTRAQL_TENANT", "The tenant of the settings file to ask, by its name there.");
/// Where settings are kept.
pub(crate) const XDG_CONFIG_HOME: Variable =
    variable("XDG_CONFIG_HOME", "The folder of the settings; `~/.config` if unset.");
/// The wish for no colors.
pub(crate) const NO_COLOR: Variable = variable("NO_COLOR", "Any value turns colors off.");
/// The wish for colors in a pipe.
pub(crate) const CLICOLOR_FORCE: Variable =
    variable("CLICOLOR_FORCE", "Any value but `0` turns colors on, even in a pipe.");
/// The width of the terminal.
pub(crate) const COLUMNS: Variable =
    variable("COLUMNS", "The width of tables on a terminal, instead of the terminal's own.");
/// What the terminal can do.
pub(crate) const TERM: Variable = variable("TERM", "Colors are off when it is `dumb` or unset.");
/// Our own pager.
pub(crate) const PAGER_OF_OURS: Variable =
    variable("ENTRAQL_PAGER", "The pager of the shell; PAGER, or `less`, if unset.");
/// The usual pager.
pub(crate) const PAGER: Variable = variable("PAGER", "The pager, when the one above is unset.");
/// The options of the usual pager.
pub(crate) const LESS: Variable = variable("LESS", "The options of `less`; `-SRXF` if unset.");
/// The usual editor of a terminal.
pub(crate) const VISUAL: Variable = variable("VISUAL", "The editor of `.edit`; EDITOR if unset.");
/// The usual editor.
pub(crate) const EDITOR: Variable = variable("EDITOR", "The editor, when the one above is unset.");
/// Where state is kept.
pub(crate) const XDG_STATE_HOME: Variable =
    variable("XDG_STATE_HOME", "The folder of the history; `~/.local/state` if unset.");
/// Where the user's saved queries are.
pub(crate) const QUERIES: Variable = variable(
    "ENTRAQL_QUERIES",
    "A folder of saved queries; `entraql/queries` in the folder of settings if unset.",
);
/// Where files of other sources are.
pub(crate) const LISTS: Variable = variable(
    "ENTRAQL_LISTS",
    "A folder of CSV, JSON and Parquet files; `entraql/lists` in the folder of settings if unset.",
);
/// The user's own folder.
pub(crate) const HOME: Variable =
    variable("HOME", "The home folder, for the defaults of those above.");

/// Those that hold secrets: programs we start do not see them.
#[cfg(feature = "repl")]
pub(crate) const SECRETS: &[Variable] = &[CLIENT_SECRET];

/// All of them, in the order documents list them.
pub(crate) const ALL: &[Variable] = &[
    TENANT_ID,
    CLIENT_ID,
    CLIENT_SECRET,
    CERTIFICATE_PATH,
    FEDERATED_TOKEN_FILE,
    CREDENTIAL,
    AUTHORITY_HOST,
    GRAPH_URL,
    CONFIG,
    TENANT,
    XDG_CONFIG_HOME,
    NO_COLOR,
    CLICOLOR_FORCE,
    COLUMNS,
    TERM,
    PAGER_OF_OURS,
    PAGER,
    LESS,
    VISUAL,
    EDITOR,
    XDG_STATE_HOME,
    QUERIES,
    LISTS,
    HOME,
];

/// Returns the documentation of all variables, one per line, for `--help`.
pub(crate) fn help() -> String {
    let widest = ALL.iter().map(|v| v.name.len()).max().unwrap_or(0);
    let lines: Vec<_> =
        ALL.iter().map(|v| format!("  {:widest$}  {}", v.name, v.meaning)).collect();
    format!("Environment:\n{}", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_is_listed_once_and_explained() {
        for (n, variable) in ALL.iter().enumerate() {
            assert!(variable.meaning.ends_with('.'), "{}", variable.name);
            assert!(!ALL[..n].contains(variable), "{}", variable.name);
            assert!(help().contains(variable.name));
        }
    }
}
