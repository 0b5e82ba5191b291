//! The shell in a terminal: a prompt, statements, and what they print.

use entraql::sim::Simulator;
use vt100::Screen;

use crate::pty::program::Program;
use crate::pty::terminal::{Size, Terminal, rows};

const PROMPT: &str = "entraql>";
/// The editor switches on the marking of pasted text when it begins to read.
const EDITING: &[u8] = b"\x1b[?2004h";
const CLEAR_SCREEN: &str = "\x0c";
pub const ENTER: &str = "\r";
pub const CTRL_C: &str = "\x03";
pub const TAB: &str = "\t";
pub const CTRL_D: &str = "\x04";

/// A shell that has shown its prompt.
pub struct Session {
    pub terminal: Terminal,
    /// How much the program had written when the last line was sent.
    sent_at: usize,
}

impl Session {
    /// Starts the shell on a simulator.
    #[track_caller]
    pub fn on(simulator: &Simulator, size: Size) -> Self {
        Self::start(Program::on(simulator, &[]), size)
    }

    /// Starts a program that is a shell, and waits for its prompt.
    #[track_caller]
    pub fn start(program: Program, size: Size) -> Self {
        let mut session = Self { terminal: program.start(size), sent_at: 0 };
        session.wait_for_prompt();
        session
    }

    #[track_caller]
    pub fn wait_for_prompt(&mut self) {
        // The editor draws a line anew when it takes it, which begins like a prompt. It asks
        // only after it has switched the terminal for the next line.
        self.terminal.wait_for_bytes(self.sent_at, EDITING);
        self.terminal.wait_until("prompt", |screen| is_asking(screen, PROMPT));
    }

    /// Like [`Self::wait_for_prompt`], for what was sent when so much had been written.
    #[track_caller]
    pub fn wait_for_prompt_after(&mut self, written: usize) {
        self.sent_at = written;
        self.wait_for_prompt();
    }

    /// Gives up what has been typed, and waits for the prompt that follows.
    #[track_caller]
    pub fn cancel(&mut self) {
        let written = self.terminal.bytes().len();
        self.terminal.press(CTRL_C);
        self.wait_for_prompt_after(written);
    }

    #[track_caller]
    pub fn wait_for_next_line(&mut self) {
        self.terminal.wait_until("next line", is_at_new_line);
    }

    /// Types at the prompt and waits until the editor has taken it.
    #[track_caller]
    pub fn type_in(&mut self, text: &str) {
        self.terminal.press(text);
        self.terminal
            .wait_until("echo", |screen| !is_asking(screen, PROMPT) && !is_at_new_line(screen));
    }

    /// Runs one line on a clear screen. What the screen shows next to the prompts is the answer.
    #[track_caller]
    pub fn run(&mut self, line: &str) -> String {
        self.clear();
        self.enter(line);
        self.wait_for_prompt();
        self.terminal.text()
    }

    /// Types a line and sends it.
    #[track_caller]
    pub fn enter(&mut self, line: &str) {
        self.type_in(line);
        self.send();
    }

    /// Sends what has been typed or pasted.
    pub fn send(&mut self) {
        self.sent_at = self.terminal.bytes().len();
        self.terminal.press(ENTER);
    }

    /// Clears the screen: the prompt is in the first row again.
    #[track_caller]
    pub fn clear(&mut self) {
        self.terminal.press(CLEAR_SCREEN);
        self.terminal.wait_until("clear screen", |screen| {
            let (row, _) = screen.cursor_position();
            row == 0 && is_asking(screen, PROMPT)
        });
    }

    /// Leaves as users do.
    #[track_caller]
    pub fn leave(mut self) {
        self.terminal.press(CTRL_D);
        assert_eq!(self.terminal.exit(), 0);
    }
}

/// Whether the cursor stands behind a prompt and nothing has been typed.
fn is_asking(screen: &Screen, prompt: &str) -> bool {
    let (row, column) = screen.cursor_position();
    let line = rows(screen).swap_remove(usize::from(row));
    line.trim_start() == prompt && usize::from(column) == line.chars().count() + 1
}

/// Whether the cursor stands in an empty line below the first of a statement.
fn is_at_new_line(screen: &Screen) -> bool {
    let (row, column) = screen.cursor_position();
    column == 0 && rows(screen)[usize::from(row)].is_empty()
}

/// Whether the shell has asked a second time, for terminals that are not cleared.
pub fn has_two_prompts(screen: &Screen) -> bool {
    let prompts = rows(screen).iter().filter(|row| row.starts_with(PROMPT)).count();
    prompts == 2 && is_asking(screen, PROMPT)
}
