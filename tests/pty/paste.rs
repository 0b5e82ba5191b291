//! Pasted text is taken as it stands, line ends and all.

use crate::pty::session::{ENTER, Session};
use crate::pty::tenant::{requests, tiny};
use crate::pty::terminal::Size;

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
    let simulator = tiny();
    let mut session = Session::on(&simulator, Size::new(80, 24));
    let text = long_statement(196);
    assert_eq!(text.lines().count(), 200);
    session.terminal.paste(&text);
    session.terminal.wait_for("<> ';';");
    session.terminal.press(ENTER);
    session.wait_for_prompt();
    let shown = session.terminal.text();
    assert!(shown.contains("196") && shown.contains("1 row"), "{shown}");
    assert!(!shown.contains("error"), "{shown}");
    assert_eq!(requests(&simulator), 0);
    session.leave();
}

#[test]
fn pasting_runs_nothing_before_enter() {
    let simulator = tiny();
    let mut session = Session::on(&simulator, Size::new(80, 24));
    session.terminal.paste("SELECT id FROM users LIMIT 1;\nSELECT id FROM groups LIMIT 1;\n");
    session.terminal.wait_for("groups LIMIT 1;");
    assert_eq!(requests(&simulator), 0, "a pasted line ran by itself");
    session.terminal.press(ENTER);
    session.wait_for_prompt();
    assert_eq!(requests(&simulator), 2, "{}", session.terminal.text());
    session.leave();
}
