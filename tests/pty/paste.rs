//! Pasted text is taken as it stands, line ends and all.

use crate::pty::session::Session;
use crate::pty::tenant::{requests, tiny};
use crate::pty::terminal::{Size, WIDTHS};

/// A statement of many lines; each of them tries to end it early.
fn long_statement(lines: usize) -> String {
    let mut text = String::from("SELECT count(*) AS n -- ;\nFROM (VALUES /* ; */\n");
    for line in 0..lines {
        let comma = if line == 0 { "" } else { "," };
        text.push_str(&format!("  {comma}('it''s; {line}', \"left\"\";\") -- {line}; SELECT 2;\n"));
    }
    text.replace("\"left\"\";\"", "'\";'") + ") AS t(\"a;b\", c)\nWHERE \"a;b\" <> ';';"
}

#[test]
fn two_hundred_pasted_lines_with_semicolons_everywhere_are_one_statement() {
    let text = long_statement(196);
    assert_eq!(text.lines().count(), 200);
    for width in WIDTHS {
        let simulator = tiny();
        let mut session = Session::on(&simulator, Size::new(width, 24));
        session.terminal.paste(&text);
        session.terminal.wait_for("<> ';';");
        session.send();
        session.wait_for_prompt();
        let shown = session.terminal.text();
        assert!(shown.contains("196") && shown.contains("1 row"), "{shown}");
        assert!(!shown.contains("error"), "{shown}");
        assert_eq!(requests(&simulator), 0);
        session.leave();
    }
}

#[test]
fn pasting_runs_nothing_before_enter() {
    let simulator = tiny();
    let mut session = Session::on(&simulator, Size::new(80, 24));
    session.terminal.paste("SELECT id FROM users LIMIT 1;\nSELECT id FROM groups LIMIT 1;\n");
    session.terminal.wait_for("groups LIMIT 1;");
    assert_eq!(requests(&simulator), 0, "a pasted line ran by itself");
    session.send();
    session.wait_for_prompt();
    assert_eq!(requests(&simulator), 2, "{}", session.terminal.text());
    session.leave();
}

#[test]
fn the_cursor_goes_back_to_earlier_lines_of_a_statement() {
    let simulator = tiny();
    let mut session = Session::on(&simulator, Size::new(80, 24));
    session.enter("SELECT 4 AS n");
    session.wait_for_next_line();
    session.type_in("WHERE true;");
    // Up, to the end of the first line, and there one digit more.
    session.terminal.press("\x1b[A\x1b[F");
    session.terminal.press("\x05\x7f\x7f\x7f\x7f\x7f2 AS m");
    session.terminal.press("\x1b[B\x05");
    session.send();
    session.wait_for_prompt();
    let shown = session.terminal.text();
    assert!(shown.contains("42") && shown.contains("1 row"), "{shown}");
    session.leave();
}

#[test]
fn a_statement_of_many_lines_is_recalled_as_one() {
    let simulator = tiny();
    let mut session = Session::on(&simulator, Size::new(80, 24));
    session.terminal.paste("SELECT\n 4 AS four,\n ';' AS semicolon;");
    session.send();
    session.terminal.wait_for("1 row");
    session.wait_for_prompt();
    session.clear();
    session.terminal.press("\x1b[A");
    session.terminal.wait_for("AS semicolon;");
    session.send();
    session.terminal.wait_for("1 row");
    session.wait_for_prompt();
    assert!(session.terminal.text().contains("four"), "{}", session.terminal.text());
    session.leave();
}

#[test]
fn tab_completes_a_member_of_an_enumeration_and_colors_come_with_a_terminal() {
    let simulator = tiny();
    let mut session = Session::on(&simulator, Size::new(100, 24));
    session.type_in("SELECT id FROM risky_users WHERE risk_level = 'hig");
    session.terminal.press("\t");
    session.terminal.wait_for("'high'");
    session.terminal.press(" LIMIT 1;");
    session.send();
    session.wait_for_prompt();
    let written = String::from_utf8_lossy(session.terminal.bytes()).into_owned();
    assert!(written.contains("\u{1b}[1;34mSELECT\u{1b}[0m"), "{}", written.escape_debug());
    session.leave();
    assert_eq!(requests(&simulator), 1);
}
