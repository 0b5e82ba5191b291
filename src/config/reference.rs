//! Where a secret is: settings name the place, and only a run that needs it goes there.

use std::ffi::OsStr;
use std::fmt;
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};

use crate::auth::program;
use crate::config::{env, folders, private};
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;

/// Where a secret is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Reference {
    /// A variable of the environment.
    Variable(String),
    /// A file that only its owner may read.
    File(PathBuf),
    /// What a program prints. Its first word is the program; no shell is involved.
    Program(Vec<String>),
    /// The first line of stdin.
    Stdin,
    /// Here it is.
    Inline(Found),
}

impl Reference {
    /// Reads `env:NAME`, `file:PATH` or `cmd:PROGRAM ARGS`; anything else is the secret.
    pub(super) fn parse(text: &str, base: &Path) -> Result<Self> {
        match text.split_once(':') {
            Some(("env", name)) => {
                program::hide(name);
                Ok(Self::Variable(name.to_owned()))
            }
            Some(("file", path)) => Ok(Self::File(folders::expand(path, base))),
            Some(("cmd", line)) => Self::command(line),
            _ => Ok(Self::Inline(Found::new(text))),
        }
    }

    /// Reads a command line: words, with quotes around those that hold blanks.
    pub(super) fn command(line: &str) -> Result<Self> {
        let words = words(line).ok_or_else(|| refused(line, "has a quote that does not end"))?;
        match words.is_empty() {
            true => Err(refused(line, "names no program")),
            false => Ok(Self::Program(words)),
        }
    }

    /// Goes there.
    pub(super) fn read(&self) -> Result<Found> {
        let text = match self {
            Self::Variable(name) => env::named(name).ok_or_else(|| unset(name))?,
            Self::File(path) => private::read(path)?,
            Self::Program(words) => print(words)?,
            Self::Stdin => first_line()?,
            Self::Inline(found) => return Ok(found.clone()),
        };
        let line = text.strip_suffix('\n').unwrap_or(&text);
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.is_empty() || line.contains(['\n', '\r', '\0']) {
            let what = if line.is_empty() { "is empty" } else { "has more than one line" };
            return Err(Error::new(ErrorKind::Config, format!("the secret of `{self}` {what}")));
        }
        Ok(Found::new(line))
    }
}

/// A secret, and what its shape gives away.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Found {
    pub(super) secret: Secret,
    /// It is shaped like an id, which is what people copy by mistake.
    pub(super) is_guid: bool,
}

impl Found {
    fn new(text: &str) -> Self {
        Self { secret: Secret::new(text), is_guid: is_guid(text) }
    }
}

fn print(words: &[String]) -> Result<String> {
    let [name, arguments @ ..] = words else { return Ok(String::new()) };
    let failed = |why: String| {
        Error::new(ErrorKind::Config, format!("`{name}` gave no secret: {why}"))
            .with_hint("run the command by hand; it has to print the secret and nothing else")
    };
    let arguments: Vec<_> = arguments.iter().map(OsStr::new).collect();
    let output = program::run(OsStr::new(name), &arguments, program::LIMIT, false);
    let output = output.map_err(|error| match error.kind() {
        io::ErrorKind::TimedOut => failed(format!("no end within {} s", program::LIMIT.as_secs())),
        _ => failed(error.to_string()),
    })?;
    if !output.status.success() {
        return Err(failed(output.status.to_string()));
    }
    String::from_utf8(output.stdout).map_err(|_| failed("its output is not UTF-8".to_owned()))
}

fn first_line() -> Result<String> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(|error| {
        Error::new(ErrorKind::Config, "the secret cannot be read from stdin").with_source(error)
    })?;
    Ok(line)
}

fn unset(name: &str) -> Error {
    Error::new(ErrorKind::Config, format!("the variable {name} is not set or not UTF-8"))
        .with_hint(format!("`export {name}=…`; the settings look for a secret there"))
}

fn refused(line: &str, why: &str) -> Error {
    Error::new(ErrorKind::Config, format!("the command `{line}` {why}"))
}

/// Splits at blanks outside of quotes; `None` when a quote stays open.
fn words(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

pub(super) fn is_guid(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts.concat().chars().all(|c| c.is_ascii_hexdigit())
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "env:{name}"),
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Program(words) => write!(f, "cmd:{}", words.join(" ")),
            Self::Stdin => f.write_str("stdin"),
            Self::Inline(_) => f.write_str("*** (written here)"),
        }
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Found> {
        Reference::parse(text, Path::new("/nowhere"))?.read()
    }

    #[track_caller]
    fn fails(text: &str, words: &str) {
        let error = read(text).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains(words), "{error}");
    }

    #[test]
    fn a_program_prints_the_secret_and_one_line_end_is_dropped() {
        let found = read("cmd:printf '%s\\n' 'a secret'").unwrap();
        assert_eq!(found.secret, Secret::new("a secret"));
        assert_eq!(read("cmd:printf 'x\\r\\n'").unwrap().secret, Secret::new("x"));
        assert_eq!(read("cmd:printf ' x '").unwrap().secret, Secret::new(" x "));
        assert!(read("cmd:echo 72f988bf-86f1-41af-91ab-2d7cd011db47").unwrap().is_guid);
    }

    #[test]
    fn no_shell_reads_the_command() {
        assert_eq!(read("cmd:echo $HOME;id").unwrap().secret, Secret::new("$HOME;id"));
    }

    #[test]
    fn what_gives_no_secret_is_refused_with_the_reason() {
        fails("cmd:false", "`false` gave no secret: exit status: 1");
        fails("cmd:/no/such/program now", "No such file");
        fails("cmd:printf 'a\\nb\\n'", "more than one line");
        fails("cmd:true", "is empty");
        fails("cmd:", "names no program");
        fails("cmd:echo 'a", "does not end");
        fails("cmd:printf '\\377'", "not UTF-8");
        fails("env:ENTRAQL_TEST_IS_NEVER_SET", "ENTRAQL_TEST_IS_NEVER_SET is not set");
        fails("file:none", "`/nowhere/none` cannot be read");
    }

    #[test]
    fn a_secret_written_into_the_settings_is_not_shown() {
        let inline = Reference::parse("abc~8Q", Path::new("/")).unwrap();
        assert!(!format!("{inline} {inline:?}").contains("abc"));
        assert_eq!(inline.read().unwrap().secret, Secret::new("abc~8Q"));
    }
}
