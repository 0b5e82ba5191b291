//! A terminal with a program in it: keys go in, and what the screen shows comes out.
//!
//! Nothing here sleeps. Waiting is reading what the program writes until the screen shows
//! what is waited for; the deadline is for programs that hang, not for slow machines.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;
use vt100::{Parser, Screen};

/// After this long a program hangs.
const DEADLINE: Duration = Duration::from_secs(60);
/// Lines kept above the screen.
const SCROLLBACK: usize = 2_000;

/// Columns and rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub columns: u16,
    pub rows: u16,
}

impl Size {
    pub const fn new(columns: u16, rows: u16) -> Self {
        Self { columns, rows }
    }

    fn pty(self) -> PtySize {
        PtySize { rows: self.rows, cols: self.columns, pixel_width: 0, pixel_height: 0 }
    }

    fn cells(self) -> (NonZeroU16, NonZeroU16) {
        (NonZeroU16::new(self.rows).unwrap(), NonZeroU16::new(self.columns).unwrap())
    }
}

/// A narrow window, the classic one, and a wide one.
pub const WIDTHS: [u16; 3] = [40, 80, 200];

/// A running program and its screen.
pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    output: Receiver<Vec<u8>>,
    parser: Parser,
    bytes: Vec<u8>,
    home: TempDir,
}

impl Terminal {
    pub(super) fn start(command: CommandBuilder, home: TempDir, size: Size) -> Self {
        let pair = native_pty_system().openpty(size.pty()).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        // As long as this side holds the other end open, there is no end of output.
        drop(pair.slave);
        let output = read_on_a_thread(pair.master.try_clone_reader().unwrap());
        let (rows, columns) = size.cells();
        Self {
            keyboard: pair.master.take_writer().unwrap(),
            master: pair.master,
            child,
            output,
            parser: Parser::new(rows, columns, SCROLLBACK),
            bytes: Vec::new(),
            home,
        }
    }

    /// Presses keys.
    pub fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Pastes text the way terminals announce it.
    pub fn paste(&mut self, text: &str) {
        self.press(&format!("\x1b[200~{text}\x1b[201~"));
    }

    /// Changes the size, as dragging the corner of the window does.
    pub fn resize(&mut self, size: Size) {
        let (rows, columns) = size.cells();
        self.parser.set_size(rows, columns);
        self.master.resize(size.pty()).unwrap();
    }

    /// Reads until the screen satisfies a condition.
    #[track_caller]
    pub fn wait_until(&mut self, what: &str, holds: impl Fn(&Screen) -> bool) {
        self.read_until(what, |terminal| holds(terminal.screen()));
    }

    /// Reads until the program has written some bytes, those before `from` not counted.
    #[track_caller]
    pub fn wait_for_bytes(&mut self, from: usize, bytes: &[u8]) {
        let what = bytes.escape_ascii().to_string();
        self.read_until(&what, |terminal| {
            terminal.bytes[from..].windows(bytes.len()).any(|window| window == bytes)
        });
    }

    #[track_caller]
    fn read_until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + DEADLINE;
        while !holds(self) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Timeout) => panic!("no {what}: {}", self.dump()),
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("the program ended, no {what}: {}", self.dump())
                }
            }
        }
    }

    /// Reads until a text stands somewhere on the screen.
    #[track_caller]
    pub fn wait_for(&mut self, text: &str) {
        self.wait_until(text, |screen| screen.contents().contains(text));
    }

    /// Reads until the program has ended, and returns its exit code.
    #[track_caller]
    pub fn exit(&mut self) -> u32 {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Timeout) => panic!("it does not end: {}", self.dump()),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.child.wait().unwrap().exit_code()
    }

    /// Sends a signal, named as `kill` names it.
    pub fn signal(&self, name: &str) {
        let id = self.child.process_id().unwrap().to_string();
        let sent = std::process::Command::new("kill").args(["-s", name, &id]).status().unwrap();
        assert!(sent.success());
    }

    fn take(&mut self, bytes: &[u8]) {
        self.parser.process(bytes);
        self.bytes.extend_from_slice(bytes);
    }

    pub fn screen(&self) -> &Screen {
        self.parser.screen()
    }

    /// The rows of the screen as they stand there, without blanks at the end.
    pub fn rows(&self) -> Vec<String> {
        rows(self.screen())
    }

    /// The rows as one text.
    pub fn text(&self) -> String {
        let text = self.rows().join("\n");
        text.trim_end().to_owned()
    }

    /// The screen as one text, in which a line that went on in the next row is one line.
    pub fn unwrapped(&self) -> String {
        self.screen().contents()
    }

    /// Everything the program has written, byte by byte.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    fn dump(&self) -> String {
        let (rows, columns) = self.screen().size();
        format!("the {columns}x{rows} screen shows\n{}\n", self.text())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The rows of a screen, without blanks at the end.
pub fn rows(screen: &Screen) -> Vec<String> {
    let (_, columns) = screen.size();
    screen.rows(0, columns.get()).map(|row| row.trim_end().to_owned()).collect()
}

fn read_on_a_thread(mut reader: Box<dyn Read + Send>) -> Receiver<Vec<u8>> {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        // A terminal nobody writes to any more answers with an error, not with an end.
        while let Ok(count) = reader.read(&mut buffer)
            && count > 0
            && send.send(buffer[..count].to_vec()).is_ok()
        {}
    });
    receive
}
