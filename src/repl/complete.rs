//! Completion: what fits at the cursor of a statement or a command.
//!
//! Names are read once from the catalog; completing asks no tenant.

mod context;
mod keywords;
mod names;
mod offer;
mod resolve;
mod scope;
#[cfg(test)]
mod tests;

use crate::output::Format;
use crate::repl::commands::COMMANDS;

pub(super) use self::keywords::is_keyword;
pub(super) use self::names::Names;

/// What a candidate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Keyword,
    Schema,
    Table,
    Alias,
    Column,
    Field,
    Member,
    Function,
    Setting,
    Command,
    Argument,
}

/// A text that could stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) text: String,
    pub(super) kind: Kind,
}

impl Candidate {
    fn new(text: String, kind: Kind) -> Self {
        Self { text, kind }
    }
}

/// What a completion came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Completion {
    /// Texts for what begins at this byte.
    Texts(usize, Vec<Candidate>),
    /// The name of a file.
    File,
}

/// Completes the word before the cursor.
pub(super) fn complete(names: &Names, text: &str, cursor: usize) -> Completion {
    let line = text.trim_start();
    if line.starts_with(['.', '\\']) && !line.contains('\n') {
        return command(names, text, cursor);
    }
    let context = context::read(text, cursor);
    let all = offer::offer(names, &context);
    Completion::Texts(context.start, fitting(all, &context.partial))
}

/// Keeps what begins as typed, each text once.
fn fitting(all: Vec<Candidate>, partial: &str) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for candidate in all {
        let head = candidate.text.trim_start_matches('"').get(..partial.len());
        let fits = head.is_some_and(|head| head.eq_ignore_ascii_case(partial));
        if fits && candidate.text != partial && !found.iter().any(|f| f.text == candidate.text) {
            found.push(candidate);
        }
    }
    found
}

/// Completes a command, or its argument by what its help calls it.
fn command(names: &Names, text: &str, cursor: usize) -> Completion {
    let before = &text[..cursor];
    let typed = before.trim_start();
    let Some((name, _)) = typed.split_once(char::is_whitespace) else {
        let spellings =
            COMMANDS.iter().flat_map(|c| c.names).filter(|n| n.starts_with(['.', '\\']));
        let all = spellings.map(|&name| Candidate::new(name.to_owned(), Kind::Command)).collect();
        return Completion::Texts(cursor - typed.len(), fitting(all, typed));
    };
    let start = before.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let argument = COMMANDS.iter().find(|c| c.names.contains(&name)).map_or("", |c| c.argument);
    if argument.contains("FILE") {
        return Completion::File;
    }
    let texts = arguments(names, argument).into_iter();
    let all = texts.map(|text| Candidate::new(text, Kind::Argument)).collect();
    // The first argument is the one that is named.
    let is_first = before[..start].split_whitespace().count() == 1;
    let partial = &before[start..];
    Completion::Texts(start, if is_first { fitting(all, partial) } else { Vec::new() })
}

fn arguments(names: &Names, argument: &str) -> Vec<String> {
    let argument = argument.trim_matches(['[', ']']);
    match argument {
        "TABLE" => names.tables.iter().map(table).collect(),
        "FORMAT" => Format::names().into_iter().map(str::to_owned).collect(),
        "FUNCTION" | "PATTERN" => names.functions.clone(),
        "COMMAND" => COMMANDS.iter().map(|c| c.names[0].to_owned()).collect(),
        "WISH" => ["on", "off", "clear", "ttl"].map(str::to_owned).to_vec(),
        "SETTING" => names.settings.clone(),
        _ if argument.starts_with("NAME") || argument.starts_with("QUERY") => names.saved.clone(),
        _ if argument.contains('|') => argument.split('|').map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn table(table: &names::TableName) -> String {
    match table.schema.as_str() {
        names::DEFAULT_SCHEMA => table.name.clone(),
        schema => format!("{schema}.{}", table.name),
    }
}
