//! What a line that is no SQL asks for.
//!
//! Commands are found by any of their names, or by a beginning no other command
//! shares.

use std::path::PathBuf;

use rustyline::EditMode;

use crate::error::{Error, ErrorKind, Result};
use crate::output::Format;
use crate::repl::commands::{COMMANDS, Command};

/// What a command asks the shell to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Action {
    Help,
    Tables,
    Schema(String),
    Queries(Option<String>),
    Run(String),
    Inspect(String),
    Functions(String),
    Explain(String),
    Show,
    More(Option<u64>),
    Last(Option<Format>),
    Export(PathBuf),
    Read(PathBuf),
    Edit,
    Print(String),
    Output(Option<PathBuf>),
    Once(PathBuf),
    Set(Setting),
    Cache(Cache),
    Keys(EditMode),
    Quit,
}

/// One setting of the shell with its new value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Setting {
    Mode(Format),
    /// Lines instead of a table, or back.
    Expanded(Option<bool>),
    Null(String),
    Timer(Option<bool>),
    MaxRows(Option<u64>),
    MaxWidth(Option<usize>),
    Echo(bool),
    Pager(bool),
}

/// What is wanted of the cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cache {
    /// Its state, and what it holds.
    Show,
    On,
    /// Nothing is kept, and what was is forgotten.
    Off,
    Clear,
    /// How long rows are kept.
    Ttl(String),
}

/// Reads a line as a command; `None` means it is SQL.
pub(super) fn parse(line: &str) -> Option<Result<Action>> {
    let line = line.trim().trim_end_matches(';').trim_end();
    let (name, argument) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    if let Some(command) = find(name) {
        let is_word = !name.starts_with(['.', '\\']);
        // `help` alone is a command, `help me` is not.
        return (!is_word || argument.is_empty()).then(|| (command.parse)(argument.trim()));
    }
    name.starts_with(['.', '\\']).then(|| Err(unknown(name)))
}

/// Finds a command by name, or by a beginning no other command shares.
fn find(name: &str) -> Option<&'static Command> {
    let lower = name.to_lowercase();
    if let Some(exact) = COMMANDS.iter().find(|c| c.names.contains(&lower.as_str())) {
        return Some(exact);
    }
    let mut matching = beginning_with(&lower);
    matching.next().filter(|_| matching.next().is_none())
}

fn beginning_with(name: &str) -> impl Iterator<Item = &'static Command> {
    let is_short = name.starts_with(['.', '\\']) && name.len() > 1;
    COMMANDS.iter().filter(move |c| is_short && c.names.iter().any(|n| n.starts_with(name)))
}

fn unknown(name: &str) -> Error {
    let error = Error::new(ErrorKind::Usage, format!("`{name}` is not a command"));
    let several: Vec<_> =
        beginning_with(&name.to_lowercase()).map(|c| format!("`{}`", c.names[0])).collect();
    if !several.is_empty() {
        return error.with_hint(format!("it could be {}", several.join(", ")));
    }
    match nearest(name) {
        Some(known) => error.with_hint(format!("did you mean `{known}`?")),
        None => error.with_hint("`.help` lists the commands"),
    }
}

fn nearest(name: &str) -> Option<&'static str> {
    let names = COMMANDS.iter().flat_map(|c| c.names).filter(|n| n.starts_with(['.', '\\']));
    names
        .map(|known| (strsim::damerau_levenshtein(name, known), *known))
        .filter(|&(distance, known)| distance <= 2 && known.len() > 2)
        .min()
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Action) {
        assert_eq!(parse(line).unwrap().unwrap(), expected, "{line}");
    }

    fn hint(line: &str) -> String {
        parse(line).unwrap().unwrap_err().hint().unwrap().to_owned()
    }

    #[test]
    fn both_spellings_work() {
        for line in [".tables", "\\dt", ".TABLES", "\\d", ".tab", " .tables ; "] {
            check(line, Action::Tables);
        }
        check(".schema users", Action::Schema("users".into()));
        check("\\d users;", Action::Schema("users".into()));
        check("\\d+ users", Action::Inspect("users".into()));
        check("\\h count", Action::Functions("count".into()));
        check(".mode JSON", Action::Set(Setting::Mode(Format::Json)));
        check("\\pset format csv", Action::Set(Setting::Mode(Format::Csv)));
        check(".maxrows 0", Action::Set(Setting::MaxRows(None)));
        check(".maxrows 7", Action::Set(Setting::MaxRows(Some(7))));
        check(".nullvalue -", Action::Set(Setting::Null("-".into())));
        check("\\pset null (null)", Action::Set(Setting::Null("(null)".into())));
        check("\\x", Action::Set(Setting::Expanded(None)));
        check("\\timing", Action::Set(Setting::Timer(None)));
        check(".timer off", Action::Set(Setting::Timer(Some(false))));
        check("\\o", Action::Output(None));
        check("\\o 'my rows.csv'", Action::Output(Some("my rows.csv".into())));
        check(".once \"a.csv\"", Action::Once("a.csv".into()));
        check("\\i a.sql", Action::Read("a.sql".into()));
        check("\\e", Action::Edit);
        check(".more", Action::More(None));
        check(".more 500", Action::More(Some(500)));
        check(".last markdown", Action::Last(Some(Format::Markdown)));
        check(".explain SELECT 1", Action::Explain("SELECT 1".into()));
        check("\\echo one  two", Action::Print("one  two".into()));
        check(".cache", Action::Cache(Cache::Show));
        check(".cache OFF", Action::Cache(Cache::Off));
        check(".cache ttl 10m", Action::Cache(Cache::Ttl("10m".into())));
        check(".keys VI", Action::Keys(EditMode::Vi));
        check("exit", Action::Quit);
        check("\\q", Action::Quit);
    }

    #[test]
    fn sql_is_no_command() {
        for line in ["SELECT 1;", "help me", "quit FROM users", "m", ""] {
            assert!(parse(line).is_none(), "{line}");
        }
    }

    #[test]
    fn an_unknown_command_suggests_the_nearest() {
        assert_eq!(hint(".tabels"), "did you mean `.tables`?");
        assert_eq!(hint(".shcema users"), "did you mean `.schema`?");
        assert_eq!(hint(".frobnicate"), "`.help` lists the commands");
    }

    #[test]
    fn a_beginning_several_commands_share_lists_them() {
        let hint = hint(".m csv");
        assert!(hint.contains("`.mode`") && hint.contains("`.more`"), "{hint}");
    }

    #[test]
    fn a_missing_or_wrong_argument_says_what_is_expected() {
        for (line, expected) in [
            (".export", "`.export users.parquet`"),
            (".echo", "`on` or `off`"),
            (".maxrows many", "`.maxrows 500`"),
            (".mode xml", "ndjson"),
            (".cache never", "`.cache ttl 10m`"),
            (".cache ttl", "`.cache ttl 10m`"),
            ("\\pset border 2", "\\pset null"),
        ] {
            assert!(hint(line).contains(expected), "{line}: {}", hint(line));
        }
    }
}
