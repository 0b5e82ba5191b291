//! Every command of the shell against the hostile tenant: by the bytes, and by screens that must
//! equal those of a tenant that writes the visible escapes out.

use crate::hostile::tenant::{ATTACKS, all_attacks, inert, tenant};
use crate::hostile::verdict::own_sequences_only;
use crate::pty::{ENTER, Program, Session, Size, TAB, still};

/// A line for every command, in an order that makes sense. Leaving is tested by every session.
const LINES: [&str; 39] = [
    "SELECT id, display_name FROM users;",
    ".last",
    ".last csv",
    ".last json",
    ".last markdown",
    ".last html",
    ".last quote",
    ".export rows.csv",
    ".maxrows 3",
    "SELECT display_name, mail FROM users;",
    ".more 2",
    ".more 0",
    ".maxrows 0",
    ".tables",
    ".schema users",
    ".inspect users",
    ".queries",
    ".functions arn",
    ".explain SELECT id FROM users WHERE display_name = 'x'",
    "EXPLAIN SELECT id FROM users WHERE display_name = 'x';",
    ".timer off",
    ".nullvalue nothing",
    ".maxwidth 30",
    "SELECT display_name, job_title FROM users;",
    ".maxwidth 0",
    ".expanded on",
    "SELECT display_name FROM users LIMIT 3;",
    ".expanded off",
    ".mode table",
    ".pager off",
    ".echo on",
    ".print text",
    ".show",
    ".pset null x",
    ".keys emacs",
    ".cache",
    ".cache off",
    ".help",
    "SELECT table_name, target FROM meta.requests;",
];

/// Those a screen of its own is no use for: they write files, start programs or end the shell.
const ELSEWHERE: [&str; 6] = [".run", ".read", ".edit", ".output", ".once", ".quit"];

#[test]
fn every_command_of_the_shell_is_in_a_list() {
    let simulator = tenant(inert);
    let mut session = Session::on(&simulator, Size::new(120, 80));
    let help = session.run(".help");
    let named = help.lines().filter_map(|line| line.split_whitespace().next());
    let named: Vec<_> = named.filter(|word| word.starts_with('.')).collect();
    assert!(named.len() > 25, "{help}");
    for name in named {
        let is_here = LINES.iter().any(|line| line.split(' ').next() == Some(name));
        assert!(is_here || ELSEWHERE.contains(&name), "{name} has no hostile test");
    }
    session.leave();
}

#[test]
fn every_command_shows_what_it_would_show_if_the_escapes_were_written_out() {
    let (hostile, harmless) = (tenant(str::to_owned), tenant(inert));
    for columns in [40, 80, 200] {
        let size = Size::new(columns, 400);
        let mut attacked = Session::on(&hostile, size);
        let mut quiet = Session::on(&harmless, size);
        for line in LINES {
            let (left, right) = (still(&attacked.run(line)), still(&quiet.run(line)));
            // Sizes of pages differ, as do the escapes of JSON and of quotes.
            if !["json", "html", "quote", "csv"].iter().any(|format| line.ends_with(format)) {
                assert_eq!(left, right, "{line} at {columns} columns");
            }
        }
        own_sequences_only(attacked.terminal.bytes(), "the session");
        attacked.leave();
        quiet.leave();
    }
}

/// Commands of a file somebody else wrote.
#[test]
fn a_hostile_file_of_commands_is_read_harmlessly() {
    let simulator = tenant(str::to_owned);
    for color in [&[][..], &["NO_COLOR"]] {
        let program = Program::on(&simulator, &[]);
        let program = color.iter().fold(program, |program, name| program.env(name, "1"));
        let home = program.path("");
        let mut session = Session::start(program, Size::new(100, 200));
        for attack in ATTACKS {
            let line = attack.replace(['\n', '\r', '\0', '\u{b}', '\u{c}', '\u{85}'], " ");
            for text in [
                format!(".print {line}\n.nullvalue '{line}'\n.show\nSELECT NULL AS a;\n"),
                format!(".{line}\n"),
                format!(".schema {line}\n"),
                format!(".inspect {line}\n"),
                format!(".functions {line}\n"),
                format!(".queries {line}\n"),
                format!(".run {line}\n"),
                format!(".run {line} {line}={line}\n"),
                format!(".mode {line}\n"),
                format!(".maxrows {line}\n"),
                format!(".pset {line} {line}\n"),
                format!(".keys {line}\n"),
                format!(".read {line}\n"),
                format!(".explain SELECT {line}\n"),
                format!(".explain SELECT id FROM users WHERE display_name = '{line}'\n"),
                format!(
                    "SELECT 1 AS a;\n.export {line}\n.export {line}.csv\n.export no/{line}.csv\n"
                ),
                format!(".once {line}.csv\nSELECT 1 AS a;\n"),
                format!(".output {line}.csv\nSELECT 1 AS a;\n.show\n"),
                format!(".output\n.echo on\nSELECT '{line}' AS \"{line}\";\n.echo off\n"),
            ] {
                std::fs::write(home.join("a.sql"), &text).unwrap();
                session.run(".read a.sql");
                session.run(".output");
                own_sequences_only(session.terminal.bytes(), &text);
            }
        }
        assert!(session.run("SELECT 7 AS seven;").contains("seven"));
        session.leave();
    }
}

/// From a page on the web, or from a chat: nothing is sent before a person presses Enter, and
/// nothing is obeyed.
#[test]
fn pasted_text_is_drawn_harmlessly() {
    let simulator = tenant(str::to_owned);
    for color in [&[][..], &["NO_COLOR"]] {
        let program = Program::on(&simulator, &[]);
        let program = color.iter().fold(program, |program, name| program.env(name, "1"));
        let mut session = Session::start(program, Size::new(100, 60));
        for attack in ATTACKS {
            session.clear();
            let attack = attack.replace(['\0', '\''], "");
            session.terminal.paste(&format!("SELECT 'begin {attack} end' AS a;"));
            session.terminal.wait_for("' AS a;");
            let from = session.terminal.bytes().len();
            session.terminal.press(ENTER);
            session.wait_for_prompt_after(from);
            own_sequences_only(session.terminal.bytes(), &attack);
        }
        // What is kept is drawn again when it is recalled.
        session.clear();
        for word in ["tags", "separators", "zero", "isolate"] {
            session.terminal.press("\x1b[A");
            session.terminal.wait_for(&format!("begin {word}"));
        }
        session.cancel();
        own_sequences_only(session.terminal.bytes(), "the history");
        session.leave();
    }
}

#[test]
fn names_of_files_and_views_are_offered_harmlessly() {
    let simulator = tenant(str::to_owned);
    let program = Program::on(&simulator, &[]);
    for (number, attack) in ATTACKS.iter().enumerate() {
        let name = attack.replace(['/', '\0'], "");
        std::fs::write(program.path(&format!("zz{number}{name}.sql")), "SELECT 1;").unwrap();
    }
    let home = program.path("");
    let words = all_attacks().replace(['\0', '"'], "");
    let views = format!(
        "CREATE VIEW \"zz{words}\" AS SELECT 1 AS \"zz{words}\"; CREATE VIEW zzz AS SELECT 1 AS a;"
    );
    std::fs::write(home.join("views.sql"), views).unwrap();
    let mut session = Session::start(program, Size::new(100, 120));
    session.run(".read views.sql");
    for typed in [".read zz", "SELECT * FROM zz"] {
        session.clear();
        session.type_in(typed);
        session.terminal.press(TAB);
        session.terminal.press(TAB);
        session.terminal.wait_until("offer", |screen| screen.contents().matches("zz").count() > 1);
        session.cancel();
    }
    // The editor rings when a Tab is not enough.
    let bytes = session.terminal.bytes();
    let quiet: Vec<_> = bytes.iter().copied().filter(|byte| *byte != 7).collect();
    assert!(bytes.len() - quiet.len() <= 4, "more rings than Tabs");
    own_sequences_only(&quiet, "what Tab offers");
    session.leave();
}
