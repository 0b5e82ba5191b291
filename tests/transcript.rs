//! The session in the README: played on the demo tenant, and compared with what stands there.
//!
//! Lines behind the prompt are typed, everything else is what the program answered, with times
//! and sizes elided. `UPDATE_DOCS=1 cargo test --test it transcript` writes the answers.

use std::fs;

use crate::pty::{Program, Session, Size, still};

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
const BEGIN: &str = "<!-- transcript: written by `UPDATE_DOCS=1 cargo test transcript` -->\n";
const END: &str = "<!-- end of transcript -->";
const PROMPT: &str = "entraql> ";
/// A page of the README is about as wide; no statement needs more rows.
const SIZE: Size = Size::new(100, 400);

#[test]
fn the_session_in_the_readme_is_what_the_program_answers() {
    let readme = fs::read_to_string(README).unwrap();
    let begin = readme.find(BEGIN).expect("the README has a transcript") + BEGIN.len();
    let end = begin + readme[begin..].find(END).expect("the transcript has an end");
    let written = &readme[begin..end];
    let played = play(written.lines().filter_map(|line| line.strip_prefix(PROMPT)));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(README, format!("{}{played}{}", &readme[..begin], &readme[end..])).unwrap();
        return;
    }
    assert_eq!(written, played, "`UPDATE_DOCS=1 cargo test transcript` writes what is played");
}

/// Types the lines and returns the block of the README that shows it.
fn play<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let mut session = Session::start(Program::new(&["--demo"]), SIZE);
    let mut count = 0;
    for line in lines {
        session.enter(line);
        session.wait_for_prompt();
        count += 1;
    }
    assert!(count > 3, "{count} lines are no session");
    let screen = still(session.terminal.screen().contents().trim_end());
    session.leave();
    let shown = screen.strip_suffix(PROMPT.trim_end()).expect("it ends with a prompt");
    format!("```console\n$ entraql --demo\n{shown}```\n")
}
