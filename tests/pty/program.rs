//! The program as it is started in a terminal: arguments, and an environment that holds nothing
//! of the person who runs the tests.

use std::path::PathBuf;
use std::process::Command;

use entraql::sim::{CLIENT_ID, CLIENT_SECRET, Simulator, TENANT_ID};
use portable_pty::CommandBuilder;
use tempfile::TempDir;

use crate::pty::terminal::{Size, Terminal};

/// The binary under test.
pub const BINARY: &str = env!("CARGO_BIN_EXE_entraql");

/// A command, and the home folder it lives in.
pub struct Program {
    command: CommandBuilder,
    home: TempDir,
}

impl Program {
    /// The binary with these arguments.
    pub fn new(arguments: &[&str]) -> Self {
        Self::of(BINARY, arguments)
    }

    /// The binary, connected to a simulator of the test.
    pub fn on(simulator: &Simulator, arguments: &[&str]) -> Self {
        Self::new(arguments).connected(simulator)
    }

    /// A line of shell, in which `$ENTRAQL` is the binary: for pipes and redirections.
    pub fn shell(line: &str, arguments: &[&str]) -> Self {
        Self::of("/bin/sh", &[&["-c", line, "sh"], arguments].concat()).env("ENTRAQL", BINARY)
    }

    fn of(program: &str, arguments: &[&str]) -> Self {
        let home = TempDir::new().unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env_clear();
        // Nobody is there to leave a pager.
        command.env("ENTRAQL_PAGER", "cat");
        command.cwd(home.path());
        command.env("HOME", home.path());
        for (name, folder) in [
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_STATE_HOME", "state"),
        ] {
            command.env(name, home.path().join(folder));
        }
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        Self { command, home }
    }

    /// Points the program at a simulator.
    pub fn connected(self, simulator: &Simulator) -> Self {
        let origin = simulator.origin();
        self.env("AZURE_TENANT_ID", TENANT_ID)
            .env("AZURE_CLIENT_ID", CLIENT_ID)
            .env("AZURE_CLIENT_SECRET", CLIENT_SECRET)
            .env("AZURE_AUTHORITY_HOST", &origin)
            .env("ENTRAQL_GRAPH_URL", &origin)
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// A path in the home folder, which is the working directory as well.
    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Starts it in a terminal of this size.
    pub fn start(self, size: Size) -> Terminal {
        Terminal::start(self.command, self.home, size)
    }
}

/// The formats the program says it has.
pub fn formats() -> Vec<String> {
    let output = Command::new(BINARY).args(["--format", "?", "-c", "x"]).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    let list = text.split("possible values: ").nth(1).unwrap().split(']').next().unwrap();
    list.split(", ").map(str::to_owned).collect()
}
