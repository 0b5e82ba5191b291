//! The user's own programs: a pager and an editor.
//!
//! They are started from words, not through a shell, and without the variables that
//! hold secrets: a pager can start programs as well.

use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::error::{Error, ErrorKind, Result};

/// Which programs to start, and what they must not see.
#[derive(Debug, Clone, Default)]
pub(crate) struct Programs {
    /// The pager, with its arguments.
    pub pager: Option<String>,
    /// The options of `less`, whoever starts it.
    pub less: String,
    /// The editor, with its arguments.
    pub editor: Option<String>,
    /// Variables taken out of their environment.
    pub secrets: Vec<String>,
}

const USUAL_PAGER: &str = "less";

const USUAL_EDITOR: &str = "vi";

impl Programs {
    /// Shows text in the pager until the user has seen enough; false when there is none.
    pub(super) fn page(&self, text: &mut dyn Read) -> Result<bool> {
        let line = self.pager.as_deref().unwrap_or(USUAL_PAGER);
        let Some(mut command) = self.command(line) else { return Ok(false) };
        let mut child = match command.stdin(Stdio::piped()).spawn() {
            Ok(child) => child,
            Err(_) if self.pager.is_none() => return Ok(false),
            Err(error) => return Err(unusable("pager", line, error)),
        };
        let fed = match child.stdin.take() {
            Some(mut stdin) => io::copy(text, &mut stdin).and_then(|_| stdin.flush()),
            None => Ok(()),
        };
        child.wait().map_err(|e| unusable("pager", line, e))?;
        match fed {
            // The user has left before the end.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(unusable("pager", line, error))
            }
            _ => Ok(true),
        }
    }

    /// Lets the user edit a file, until the editor ends.
    pub(super) fn edit(&self, file: &Path) -> Result<()> {
        let line = self.editor.as_deref().unwrap_or(USUAL_EDITOR);
        let command = self.command(line).map(|mut command| command.arg(file).status());
        match command {
            Some(Ok(status)) if status.success() => Ok(()),
            Some(Ok(status)) => Err(unusable("editor", line, io::Error::other(status.to_string()))),
            Some(Err(error)) => Err(unusable("editor", line, error)),
            None => Err(unusable("editor", line, io::ErrorKind::NotFound.into())),
        }
    }

    fn command(&self, line: &str) -> Option<Command> {
        let mut words = words(line).into_iter();
        let mut command = Command::new(words.next()?);
        command.args(words).env("LESS", &self.less);
        for name in &self.secrets {
            command.env_remove(name);
        }
        Some(command)
    }
}

fn unusable(what: &str, line: &str, error: io::Error) -> Error {
    let hint = match what {
        "pager" => "`.pager off` shows results without one; ENTRAQL_PAGER names another",
        _ => "VISUAL or EDITOR names another",
    };
    Error::new(ErrorKind::Output, format!("the {what} `{line}` cannot be used: {error}"))
        .with_hint(hint)
        .with_source(error)
}

/// Splits at spaces outside quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut quote) = (None::<String>, None);
    for c in line.chars() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_command_line_is_split_at_spaces_outside_quotes() {
        assert_eq!(words(" less  -R "), ["less", "-R"]);
        assert_eq!(words("'/a b/vi' -c \"set x\" ''"), ["/a b/vi", "-c", "set x", ""]);
        assert!(words("").is_empty());
    }

    #[test]
    fn a_pager_sees_the_text_and_no_secret() {
        let folder = tempfile::tempdir().unwrap();
        let seen = folder.path().join("seen");
        let script = format!("sh -c 'cat > {0}; env >> {0}'", seen.display());
        // A variable every test process has plays the secret.
        let secrets = vec!["CARGO_MANIFEST_DIR".to_owned()];
        let programs = Programs { pager: Some(script), secrets, ..Programs::default() };
        assert!(programs.page(&mut "rows\n".as_bytes()).unwrap());
        let seen = fs::read_to_string(seen).unwrap();
        assert!(seen.starts_with("rows\n") && seen.contains("\nPATH="), "{seen}");
        assert!(!seen.contains("\nCARGO_MANIFEST_DIR="), "{seen}");
    }

    #[test]
    fn a_pager_that_leaves_early_is_no_failure() {
        let programs = Programs { pager: Some("true".into()), ..Programs::default() };
        let long = "x".repeat(1_000_000);
        assert!(programs.page(&mut long.as_bytes()).unwrap());
    }

    #[test]
    fn a_missing_program_is_named() {
        let programs = Programs {
            pager: Some("/no/such/pager".into()),
            editor: Some("/no/such/editor -w".into()),
            ..Programs::default()
        };
        let error = programs.page(&mut "".as_bytes()).unwrap_err();
        assert!(error.to_string().contains("/no/such/pager"));
        assert!(error.hint().unwrap().contains("ENTRAQL_PAGER"));
        let error = programs.edit(Path::new("/tmp/x")).unwrap_err();
        assert!(error.to_string().contains("/no/such/editor"));
    }
}
