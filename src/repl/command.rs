//! The dot commands, as a declared list.

use rustyline::EditMode;

use crate::error::{Error, ErrorKind, Result};
use crate::output::Format;

/// What a command asks the shell to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Action {
    Help,
    Tables,
    Schema(String),
    Mode(Format),
    MaxRows(Option<u64>),
    Keys(EditMode),
    Quit,
}

/// One command.
pub(super) struct Command {
    /// The first spelling is the one help shows.
    pub(super) names: &'static [&'static str],
    pub(super) argument: &'static str,
    pub(super) about: &'static str,
    parse: fn(&str) -> Result<Action>,
}

/// Every command there is.
pub(super) const COMMANDS: &[Command] = &[
    Command {
        names: &[".help", "\\?", "\\h", "help"],
        argument: "",
        about: "This list.",
        parse: |_| Ok(Action::Help),
    },
    Command {
        names: &[".tables", "\\dt"],
        argument: "",
        about: "Lists the tables.",
        parse: |_| Ok(Action::Tables),
    },
    Command {
        names: &[".schema", "\\d"],
        argument: "TABLE",
        about: "Lists the columns of a table.",
        parse: schema,
    },
    Command {
        names: &[".mode"],
        argument: "FORMAT",
        about: "Shows results as table, line, csv, tsv, json, ndjson or markdown.",
        parse: |argument| Format::parse(argument).map(Action::Mode),
    },
    Command {
        names: &[".maxrows"],
        argument: "N",
        about: "Stops a query after N rows; 0 never stops it.",
        parse: max_rows,
    },
    Command {
        names: &[".keys"],
        argument: "emacs|vi",
        about: "Edits lines with the keys of Emacs or of vi.",
        parse: keys,
    },
    Command {
        names: &[".quit", ".exit", "\\q", "quit", "exit"],
        argument: "",
        about: "Leaves; so does Ctrl-D.",
        parse: |_| Ok(Action::Quit),
    },
];

fn schema(argument: &str) -> Result<Action> {
    match argument {
        "" => Ok(Action::Tables),
        table => Ok(Action::Schema(table.to_owned())),
    }
}

fn keys(argument: &str) -> Result<Action> {
    match argument.to_lowercase().as_str() {
        "emacs" => Ok(Action::Keys(EditMode::Emacs)),
        "vi" => Ok(Action::Keys(EditMode::Vi)),
        _ => Err(Error::new(ErrorKind::Usage, format!("`{argument}` is neither `emacs` nor `vi`"))),
    }
}

fn max_rows(argument: &str) -> Result<Action> {
    let rows: u64 = argument.parse().map_err(|_| {
        Error::new(ErrorKind::Usage, format!("`{argument}` is not a number of rows"))
            .with_hint("`.maxrows 500`, or `.maxrows 0` for no cap")
    })?;
    Ok(Action::MaxRows(Some(rows).filter(|&rows| rows > 0)))
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
    let is_short = lower.starts_with('.') && lower.len() > 1;
    let mut matching =
        COMMANDS.iter().filter(|c| is_short && c.names.iter().any(|n| n.starts_with(&lower)));
    matching.next().filter(|_| matching.next().is_none())
}

fn unknown(name: &str) -> Error {
    let names = COMMANDS.iter().flat_map(|c| c.names).filter(|n| n.starts_with(['.', '\\']));
    let nearest = names
        .map(|known| (strsim::damerau_levenshtein(name, known), *known))
        .filter(|&(distance, known)| distance <= 2 && known.len() > 2)
        .min();
    let hint = match nearest {
        Some((_, known)) => format!("did you mean `{known}`?"),
        None => "`.help` lists the commands".to_owned(),
    };
    Error::new(ErrorKind::Usage, format!("`{name}` is not a command")).with_hint(hint)
}

/// Returns the text of `.help`.
pub(super) fn help() -> String {
    let mut text = String::from("End a statement with `;`. Ctrl-C stops a query.\n");
    for Command { names, argument, about, .. } in COMMANDS {
        let spellings = names.join(" ");
        let short = format!("{} {argument}", names[0]);
        text.push_str(&format!("  {short:<16} {about}"));
        if names.len() > 1 {
            text.push_str(&format!("  [{spellings}]"));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Action) {
        assert_eq!(parse(line).unwrap().unwrap(), expected, "{line}");
    }

    #[test]
    fn both_spellings_work() {
        for line in [".tables", "\\dt", ".TABLES", "\\d", ".tab", " .tables ; "] {
            check(line, Action::Tables);
        }
        check(".schema users", Action::Schema("users".into()));
        check("\\d users;", Action::Schema("users".into()));
        check(".mode JSON", Action::Mode(Format::Json));
        check(".maxrows 0", Action::MaxRows(None));
        check(".maxrows 7", Action::MaxRows(Some(7)));
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
        let hint = |line| parse(line).unwrap().unwrap_err().hint().unwrap().to_owned();
        assert_eq!(hint(".tabels"), "did you mean `.tables`?");
        assert_eq!(hint(".shcema users"), "did you mean `.schema`?");
        assert_eq!(hint(".frobnicate"), "`.help` lists the commands");
        // Two commands begin so.
        assert!(parse(".m csv").unwrap().is_err());
    }

    #[test]
    fn help_names_every_command_and_format() {
        for command in COMMANDS {
            assert!(help().contains(command.names[0]));
        }
        for name in Format::names() {
            assert!(help().contains(name), "{name}");
        }
    }
}
