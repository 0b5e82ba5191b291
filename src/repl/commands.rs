//! The commands of the shell, as a declared list.

use std::path::PathBuf;

use rustyline::EditMode;

use crate::error::{Error, ErrorKind, Result};
use crate::output::Format;
use crate::repl::command::{Action, Cache, Setting};

/// One command.
pub(super) struct Command {
    pub(super) group: Group,
    /// The first spelling is the one help shows; the second is that of psql.
    pub(super) names: &'static [&'static str],
    pub(super) argument: &'static str,
    pub(super) about: &'static str,
    pub(super) parse: fn(&str) -> Result<Action>,
}

/// Where help lists a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Catalog,
    Result,
    Input,
    Settings,
    Shell,
}

impl Group {
    /// The groups in the order of help, with their headings.
    pub(super) const ALL: &[(Self, &str)] = &[
        (Self::Catalog, "What there is"),
        (Self::Result, "The last result; none of these sends a request, but for `.more`"),
        (Self::Input, "Statements"),
        (Self::Settings, "Settings"),
        (Self::Shell, "The shell"),
    ];
}

/// Every command there is.
pub(super) const COMMANDS: &[Command] = &[
    Command {
        group: Group::Catalog,
        names: &[".tables", "\\dt"],
        argument: "",
        about: "Lists the tables.",
        parse: |_| Ok(Action::Tables),
    },
    Command {
        group: Group::Catalog,
        names: &[".schema", "\\d"],
        argument: "TABLE",
        about: "Lists the columns of a table.",
        parse: schema,
    },
    Command {
        group: Group::Catalog,
        names: &[".queries"],
        argument: "[TEXT]",
        about: "Lists the saved queries, or those with the text in name or title.",
        parse: |argument| optional(argument, |text| Ok(text.to_owned())).map(Action::Queries),
    },
    Command {
        group: Group::Catalog,
        names: &[".inspect", "\\d+"],
        argument: "TABLE",
        about: "Tells what reading a table needs and costs, with example queries.",
        parse: |table| Ok(Action::Inspect(table.to_owned())),
    },
    Command {
        group: Group::Catalog,
        names: &[".functions", "\\df", "\\h"],
        argument: "PATTERN",
        about: "Lists functions by name, or explains the one of that name.",
        parse: |pattern| Ok(Action::Functions(pattern.to_owned())),
    },
    Command {
        group: Group::Result,
        names: &[".more"],
        argument: "[N]",
        about: "Goes on where the cap stopped the query, for N more rows.",
        parse: |argument| optional(argument, all_or_count).map(Action::More),
    },
    Command {
        group: Group::Result,
        names: &[".last"],
        argument: "[FORMAT]",
        about: "Shows the last result again.",
        parse: |argument| optional(argument, Format::parse).map(Action::Last),
    },
    Command {
        group: Group::Result,
        names: &[".export"],
        argument: "FILE",
        about: "Writes the last result to a file, its format told by the suffix.",
        parse: |argument| path(argument, "`.export users.parquet`").map(Action::Export),
    },
    Command {
        group: Group::Input,
        names: &[".explain"],
        argument: "SQL",
        about: "Shows the requests a statement would send, and sends none.",
        parse: |argument| Ok(Action::Explain(needed(argument, "`.explain SELECT …`")?.into())),
    },
    Command {
        group: Group::Input,
        names: &[".read", "\\i"],
        argument: "FILE",
        about: "Runs a file of statements and commands, up to the first that fails.",
        parse: |argument| path(argument, "`.read hunt.sql`").map(Action::Read),
    },
    Command {
        group: Group::Input,
        names: &[".run"],
        argument: "NAME [K=V ...]",
        about: "Runs a saved query.",
        parse: |argument| {
            Ok(Action::Run(needed(argument, "`.run password_spray last='2 days'`")?.into()))
        },
    },
    Command {
        group: Group::Input,
        names: &[".edit", "\\e"],
        argument: "",
        about: "Opens the last statement in an editor, and runs what is saved.",
        parse: |_| Ok(Action::Edit),
    },
    Command {
        group: Group::Input,
        names: &[".print", "\\echo"],
        argument: "TEXT",
        about: "Prints the text.",
        parse: |argument| Ok(Action::Print(argument.to_owned())),
    },
    Command {
        group: Group::Settings,
        names: &[".mode"],
        argument: "FORMAT",
        about: "table, line, csv, tsv, json, ndjson, markdown, html or quote.",
        parse: |argument| {
            let format = Format::parse(needed(argument, "`.mode csv`")?)?;
            Ok(Action::Set(Setting::Mode(format)))
        },
    },
    Command {
        group: Group::Settings,
        names: &[".expanded", "\\x"],
        argument: "[on|off]",
        about: "A line per column instead of a table.",
        parse: |argument| Ok(Action::Set(Setting::Expanded(optional(argument, switch)?))),
    },
    Command {
        group: Group::Settings,
        names: &[".nullvalue"],
        argument: "TEXT",
        about: "What stands for NULL.",
        parse: |argument| Ok(Action::Set(Setting::Null(unquoted(argument).to_owned()))),
    },
    Command {
        group: Group::Settings,
        names: &[".maxrows"],
        argument: "N",
        about: "Stops a query after N rows on the screen; 0 never stops it.",
        parse: |argument| count(argument).map(|rows| Action::Set(Setting::MaxRows(rows))),
    },
    Command {
        group: Group::Settings,
        names: &[".maxwidth"],
        argument: "N",
        about: "Draws tables N characters wide; 0 is the width of the terminal.",
        parse: |argument| {
            let width = count(argument)?.and_then(|n| usize::try_from(n).ok());
            Ok(Action::Set(Setting::MaxWidth(width)))
        },
    },
    Command {
        group: Group::Settings,
        names: &[".timer", "\\timing"],
        argument: "[on|off]",
        about: "Tells requests, bytes, retries, waits and time after a result.",
        parse: |argument| Ok(Action::Set(Setting::Timer(optional(argument, switch)?))),
    },
    Command {
        group: Group::Settings,
        names: &[".pager"],
        argument: "on|off",
        about: "Shows what is longer than the screen in a pager.",
        parse: |argument| switch(argument).map(|on| Action::Set(Setting::Pager(on))),
    },
    Command {
        group: Group::Settings,
        names: &[".echo"],
        argument: "on|off",
        about: "Repeats statements before their results.",
        parse: |argument| switch(argument).map(|on| Action::Set(Setting::Echo(on))),
    },
    Command {
        group: Group::Settings,
        names: &[".output", "\\o"],
        argument: "[FILE]",
        about: "Sends every result to a file, or back to the screen.",
        parse: |argument| {
            let file = optional(argument, |file| path(file, ""))?;
            Ok(Action::Output(file.filter(|file| file.as_os_str() != "stdout")))
        },
    },
    Command {
        group: Group::Settings,
        names: &[".once"],
        argument: "FILE",
        about: "Sends the next result to a file.",
        parse: |argument| path(argument, "`.once users.csv`").map(Action::Once),
    },
    Command {
        group: Group::Settings,
        names: &[".pset", "\\pset"],
        argument: "OPTION VALUE",
        about: "Sets `null`, `format`, `pager` or `expanded`, as in psql.",
        parse: pset,
    },
    Command {
        group: Group::Settings,
        names: &[".cache"],
        argument: "[WISH]",
        about: "Shows what is not asked again; or `on`, `off`, `clear`, `ttl 10m`.",
        parse: |argument| cache(argument).map(Action::Cache),
    },
    Command {
        group: Group::Settings,
        names: &[".keys"],
        argument: "emacs|vi",
        about: "Edits lines with the keys of Emacs or of vi.",
        parse: keys,
    },
    Command {
        group: Group::Settings,
        names: &[".show"],
        argument: "",
        about: "Shows the settings.",
        parse: |_| Ok(Action::Show),
    },
    Command {
        group: Group::Shell,
        names: &[".help", "\\?", "help"],
        argument: "",
        about: "This list.",
        parse: |_| Ok(Action::Help),
    },
    Command {
        group: Group::Shell,
        names: &[".quit", "\\q", ".q", ".exit", "quit", "exit"],
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

fn cache(argument: &str) -> Result<Cache> {
    let (word, rest) = argument.split_once(char::is_whitespace).unwrap_or((argument, ""));
    match (word.to_lowercase().as_str(), rest.trim()) {
        ("", _) => Ok(Cache::Show),
        ("clear", "") => Ok(Cache::Clear),
        ("ttl", ttl) if !ttl.is_empty() => Ok(Cache::Ttl(ttl.to_owned())),
        _ => match switch(argument) {
            Ok(true) => Ok(Cache::On),
            Ok(false) => Ok(Cache::Off),
            Err(error) => Err(Error::new(ErrorKind::Usage, error.message())
                .with_hint("`.cache on`, `.cache off`, `.cache clear`, `.cache ttl 10m`")),
        },
    }
}

fn pset(argument: &str) -> Result<Action> {
    let (name, value) = argument.split_once(char::is_whitespace).unwrap_or((argument, ""));
    let value = value.trim();
    Ok(Action::Set(match name {
        "null" => Setting::Null(unquoted(value).to_owned()),
        "format" => Setting::Mode(Format::parse(value)?),
        "pager" => Setting::Pager(switch(value)?),
        "expanded" => Setting::Expanded(optional(value, switch)?),
        _ => {
            return Err(Error::new(ErrorKind::Usage, format!("`{name}` cannot be set"))
                .with_hint("`\\pset null TEXT`, `\\pset format csv`, `\\pset pager off`"));
        }
    }))
}

fn optional<T>(argument: &str, parse: impl FnOnce(&str) -> Result<T>) -> Result<Option<T>> {
    Some(argument).filter(|argument| !argument.is_empty()).map(parse).transpose()
}

fn needed<'a>(argument: &'a str, example: &str) -> Result<&'a str> {
    if argument.is_empty() {
        return Err(Error::new(ErrorKind::Usage, "something is missing after the command")
            .with_hint(example));
    }
    Ok(argument)
}

fn path(argument: &str, example: &str) -> Result<PathBuf> {
    needed(argument, example).map(|argument| unquoted(argument).into())
}

/// A name with spaces at its ends, or an empty text, can only be given in quotes.
fn unquoted(argument: &str) -> &str {
    let inside = |quote| argument.strip_prefix(quote)?.strip_suffix(quote);
    inside('\'').or_else(|| inside('"')).unwrap_or(argument)
}

/// A number, where zero stands for no limit.
fn count(argument: &str) -> Result<Option<u64>> {
    let number: u64 = argument.parse().map_err(|_| {
        Error::new(ErrorKind::Usage, format!("`{argument}` is not a number"))
            .with_hint("`.maxrows 500`, or `.maxrows 0` for no cap")
    })?;
    Ok(Some(number).filter(|&number| number > 0))
}

/// A number of rows; all of them for zero.
fn all_or_count(argument: &str) -> Result<u64> {
    count(argument).map(|rows| rows.unwrap_or(u64::MAX))
}

fn switch(argument: &str) -> Result<bool> {
    match argument.to_lowercase().as_str() {
        "on" | "true" | "1" => Ok(true),
        "off" | "false" | "0" => Ok(false),
        _ => Err(Error::new(ErrorKind::Usage, format!("`{argument}` is no switch"))
            .with_hint("it is `on` or `off`")),
    }
}
