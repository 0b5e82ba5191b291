//! The line editor and its history.
//!
//! The history is the user's own: a file only they can read, in a folder only they
//! can open. A statement that starts with a space, or holds a secret, is not kept.

use std::fs::DirBuilder;
use std::io;
use std::path::{Path, PathBuf};

use rustyline::config::Configurer;
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{ColorMode, CompletionType, Config, DefaultEditor, EditMode, Editor};

use crate::error::{Error, ErrorKind, Result};
use crate::repl::assist::Assistant;
use crate::repl::complete::Names;
use crate::repl::history::holds_secret;

/// Statements kept.
const KEPT: usize = 10_000;

/// What came of asking.
pub(super) enum Input {
    /// A command, or statements up to a `;`.
    Text(String),
    /// Ctrl-C: start over.
    Clear,
    /// Ctrl-D: leave.
    End,
}

/// Asks for lines.
pub(super) struct Prompter {
    editor: Editor<Assistant, FileHistory>,
    history: Option<PathBuf>,
}

impl Prompter {
    pub(super) fn new(names: Names, history: Option<PathBuf>, is_colored: bool) -> Result<Self> {
        let mut editor = Editor::with_config(config()?).map_err(from_editor)?;
        editor.set_helper(Some(Assistant::new(names, is_colored)));
        let history = history.filter(|path| open(&mut editor, path).is_ok());
        Ok(Self { editor, history })
    }

    /// Learns names that came or went.
    pub(super) fn learn(&mut self, names: Names) {
        if let Some(assistant) = self.editor.helper_mut() {
            assistant.learn(names);
        }
    }

    /// Asks for a command, or for lines until a statement ends.
    pub(super) fn ask(&mut self, prompt: &str) -> Result<Input> {
        match self.editor.readline(prompt) {
            Ok(text) => Ok(Input::Text(text)),
            Err(ReadlineError::Interrupted) => Ok(Input::Clear),
            Err(ReadlineError::Eof) => Ok(Input::End),
            Err(error) => Err(from_editor(error)),
        }
    }

    /// Switches between the keys of Emacs and of vi.
    pub(super) fn use_keys(&mut self, mode: EditMode) {
        self.editor.set_edit_mode(mode);
    }

    /// Keeps a statement; a history that cannot be written is no reason to stop.
    pub(super) fn remember(&mut self, text: &str) {
        if holds_secret(text) {
            return;
        }
        let is_new = self.editor.add_history_entry(text).unwrap_or(false);
        if let Some(path) = self.history.as_ref().filter(|_| is_new) {
            let _ = self.editor.append_history(path);
        }
    }
}

fn config() -> Result<Config> {
    let builder = Config::builder().max_history_size(KEPT).map_err(from_editor)?;
    Ok(builder
        .history_ignore_space(true)
        .completion_type(CompletionType::List)
        .auto_add_history(false)
        .bracketed_paste(true)
        // Also without colors: what draws them makes pasted text harmless.
        .color_mode(ColorMode::Forced)
        .build())
}

fn open(editor: &mut Editor<Assistant, FileHistory>, path: &Path) -> Result<()> {
    if let Some(folder) = path.parent() {
        private_folder(folder).map_err(|e| from_editor(e.into()))?;
    }
    match editor.load_history(path) {
        Err(ReadlineError::Io(error)) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.map_err(from_editor),
    }
}

fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn from_editor(error: ReadlineError) -> Error {
    Error::new(ErrorKind::Output, format!("the terminal cannot be used: {error}"))
        .with_source(error)
}

/// Returns the columns and lines of the terminal stdout is connected to.
pub(crate) fn terminal_size() -> Option<(usize, usize)> {
    let (columns, lines) = DefaultEditor::new().ok()?.dimensions()?;
    Some((usize::from(columns), usize::from(lines))).filter(|&(columns, _)| columns > 0)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn the_history_is_private_and_skips_lines_after_a_space() {
        let state = tempfile::tempdir().unwrap();
        let path = state.path().join("entraql").join("history");
        let mut prompter = Prompter::new(Names::default(), Some(path.clone()), false).unwrap();
        prompter.remember("SELECT 1;\n");
        prompter.remember(" SELECT 'hidden';");
        prompter.remember("SELECT 'client_secret=hidden';");
        prompter.remember("SELECT\n  2;");
        let kept = fs::read_to_string(&path).unwrap();
        assert!(kept.contains("SELECT 1;") && !kept.contains("hidden"), "{kept}");
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);

        let again = Prompter::new(Names::default(), Some(path), false).unwrap();
        let recalled: Vec<_> = again.editor.history().iter().cloned().collect();
        assert_eq!(recalled.last().unwrap(), "SELECT\n  2;");
    }
}
