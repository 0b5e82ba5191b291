//! What a batch writes to stdout is the same bytes, whoever is watching.

use std::process::{Command, Stdio};

use entraql::sim::{Options, Simulator};

use crate::pty::program::{BINARY, Program, formats};
use crate::pty::tenant::{now, requests, simulator, tiny};
use crate::pty::terminal::Size;

const SQL: &str =
    "SELECT id, display_name, department, created_date_time, business_phones FROM users";
const SIZE: Size = Size::new(80, 24);

/// Runs a line of shell in a terminal and returns what it put into the file `out`.
fn in_terminal(simulator: &Simulator, line: &str, size: Size) -> Vec<u8> {
    let program = Program::shell(line, &[]).connected(simulator).env("SQL", SQL);
    let mut terminal = program.start(size);
    assert_eq!(terminal.exit(), 0, "{line}\n{}", terminal.text());
    assert!(!terminal.bytes().is_empty(), "stderr is the terminal, and says nothing");
    std::fs::read(terminal.home().join("out")).unwrap()
}

#[test]
fn stdout_is_the_same_with_and_without_a_terminal_and_with_and_without_v() {
    let simulator = tiny();
    let formats = formats();
    assert!(formats.len() >= 7, "{formats:?}");
    for format in formats {
        let run = format!("\"$ENTRAQL\" -c \"$SQL\" --format {format}");
        let plain = in_terminal(&simulator, &format!("{run} 2>err >out; cat err"), SIZE);
        assert!(plain.len() > 500, "{format}");
        for line in [
            format!("{run} >out"),
            format!("{run} -v >out"),
            format!("{run} -v 2>err >out; cat err"),
            format!("{run} </dev/null >out"),
            format!("{run} 2>&1 >out | cat"),
        ] {
            for size in [SIZE, Size::new(40, 24), Size::new(200, 24)] {
                let other = in_terminal(&simulator, &line, size);
                let (plain, other) = (text(&plain), text(&other));
                assert_eq!(plain, other, "{line} at {size:?}");
            }
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn without_colors_no_batch_writes_an_escape() {
    let simulator = tiny();
    for format in formats() {
        // Formats for programs are exact: an escape in the tenant's text is in the file.
        let sql = "SELECT id, account_enabled, business_phones, NULL AS nothing FROM users";
        let arguments = ["-c", sql, "--format", &format];
        let program = Program::on(&simulator, &arguments).env("NO_COLOR", "1");
        let mut terminal = program.start(SIZE);
        assert_eq!(terminal.exit(), 0);
        assert!(!terminal.bytes().contains(&0x1b), "{format}: {}", terminal.text());
    }
    for arguments in [&["tables"][..], &["describe", "users"], &["-c", "SELEC 1"], &["--help"]] {
        let mut terminal = Program::on(&simulator, arguments).env("NO_COLOR", "1").start(SIZE);
        terminal.exit();
        assert!(!terminal.bytes().contains(&0x1b), "{arguments:?}: {}", terminal.text());
    }
}

#[test]
fn a_reader_who_has_seen_enough_ends_the_scan() {
    let line = "\"$ENTRAQL\" -c 'SELECT id FROM users' --format csv -v | head -1; echo done";
    let simulator = simulator(Options { max_page: Some(10), now: now(), ..Options::default() });
    let mut terminal = Program::shell(line, &[]).connected(&simulator).start(SIZE);
    assert_eq!(terminal.exit(), 0);
    let shown = terminal.text();
    assert!(shown.contains("id\n") && shown.contains("done"), "{shown}");
    for word in ["panicked", "error", "pipe"] {
        assert!(!shown.contains(word), "{shown}");
    }
    let asked = requests(&simulator);
    assert!(asked < 120, "{asked} of 120 pages for one line");
}

#[test]
fn a_full_device_is_told_and_exits_with_9() {
    let simulator = tiny();
    for format in formats() {
        let line = format!("\"$ENTRAQL\" -c \"$SQL\" --format {format} >/dev/full");
        let program = Program::shell(&line, &[]).connected(&simulator).env("SQL", SQL);
        let mut terminal = program.start(SIZE);
        assert_eq!(terminal.exit(), 9, "{format}: {}", terminal.text());
        assert!(terminal.text().contains("No space left"), "{format}: {}", terminal.text());
    }
}

#[test]
fn a_closed_stderr_is_no_crash() {
    let output = Command::new("/bin/sh")
        .args(["-c", "\"$0\" --demo -c 'SELECT 7 AS seven' --format csv 2>&-", BINARY])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stdout), "seven\n7\n");
}
