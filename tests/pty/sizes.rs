//! Terminals of every size and kind.

use crate::pty::program::Program;
use crate::pty::session::{CTRL_D, ENTER, Session, has_two_prompts};
use crate::pty::tenant::{demo, requests, tiny};
use crate::pty::terminal::{Size, Terminal, rows};
use vt100::Screen;

/// A narrow window, the classic one, and a wide one.
const SIZES: [Size; 3] = [Size::new(40, 60), Size::new(80, 60), Size::new(200, 60)];

const STATEMENTS: [&str; 3] = [
    "SELECT id, display_name, department, city FROM users LIMIT 5;",
    "SELECT status, location, device_detail FROM sign_ins LIMIT 3;",
    ".tables",
];

/// The rows that go on in the next one: text that did not fit.
fn wrapped(terminal: &Terminal) -> Vec<String> {
    let screen = terminal.screen();
    let rows = terminal.rows().into_iter().zip(0..);
    rows.filter(|(_, at)| screen.row_wrapped(*at)).map(|(row, _)| row).collect()
}

#[test]
fn no_table_is_wider_than_the_window() {
    for size in SIZES {
        let mut session = Session::on(demo(), size);
        for sql in STATEMENTS {
            let shown = session.run(sql);
            let wrapped = wrapped(&session.terminal);
            let of_table = |row: &&String| row.contains('│') || row.contains('─');
            assert!(!wrapped.iter().any(|row| of_table(&row)), "{size:?}: {wrapped:#?}");
            assert!(shown.contains("row"), "{shown}");
        }
        session.leave();
    }
}

/// A request is one line to copy: it goes on in the next row, and nothing of it is cut.
#[test]
fn the_cost_of_a_query_can_be_read_at_every_width() {
    let sql = "SELECT id, city FROM users WHERE department = 'Sales';";
    let request = "GET /v1.0/users?$select=id,department,city&$filter=department%20eq%20'Sales'";
    for size in SIZES {
        let simulator = tiny();
        let mut session = Session::on(&simulator, size);
        let graph = format!("EXPLAIN GRAPH {sql}");
        for line in [graph, format!(".explain {}", sql.trim_end_matches(';'))] {
            session.run(&line);
            assert!(unwrapped(&session.terminal).contains(request), "{}", session.terminal.text());
            let text = session.terminal.text();
            for label in ["scan 1: users", "    request ", "    permissions ", "    pushed "] {
                assert!(text.lines().any(|row| row.starts_with(label)), "{label}: {text}");
            }
        }
        assert_eq!(requests(&simulator), 0);
        session.leave();
    }
}

/// The screen as lines: what went on in the next row is put together again.
fn unwrapped(terminal: &Terminal) -> String {
    let screen = terminal.screen();
    let ends = |at| if screen.row_wrapped(at) { "" } else { "\n" };
    terminal.rows().into_iter().zip(0..).map(|(row, at)| row + ends(at)).collect()
}

#[test]
fn the_table_follows_the_window() {
    let mut session = Session::on(demo(), SIZES[1]);
    let widest = |text: &str| text.lines().map(|line| line.chars().count()).max().unwrap();
    let sql = "SELECT * FROM users LIMIT 2;";
    assert!(widest(&session.run(sql)) <= 80);
    session.terminal.resize(SIZES[2]);
    let wide = widest(&session.run(sql));
    assert!((81..=200).contains(&wide), "{wide}");
    session.terminal.resize(SIZES[0]);
    assert!(widest(&session.run(sql)) <= 40);
    session.leave();
}

#[test]
fn a_window_that_shrinks_while_a_result_arrives_breaks_nothing() {
    let mut session = Session::on(demo(), SIZES[2]);
    session.enter("SELECT * FROM users;");
    session.terminal.resize(SIZES[0]);
    session.terminal.resize(SIZES[1]);
    session.wait_for_prompt();
    assert!(session.run("SELECT 7 AS seven;").contains("seven"));
    session.leave();
}

#[test]
fn a_terminal_of_one_column_is_no_reason_to_panic() {
    let simulator = tiny();
    let mut terminal = Program::on(&simulator, &[]).start(Size::new(1, 400));
    terminal.wait_until("prompt", is_asking_downwards);
    terminal.press("SELECT id, display_name FROM users LIMIT 2;");
    terminal.wait_until("echo", |screen| !is_asking_downwards(screen));
    terminal.press(ENTER);
    // While a key is drawn, the screen may end with the prompt as well.
    terminal.wait_until("receipt", |screen| rows(screen).concat().contains("1request"));
    terminal.wait_until("prompt", is_asking_downwards);
    assert_eq!(requests(&simulator), 1);
    terminal.press(CTRL_D);
    assert_eq!(terminal.exit(), 0, "{}", terminal.text());
    let written = String::from_utf8_lossy(terminal.bytes()).into_owned();
    assert!(!written.contains("panicked"), "{written}");
}

/// The prompt, a letter per row.
fn is_asking_downwards(screen: &Screen) -> bool {
    rows(screen).concat().ends_with("entraql>")
}

/// A terminal that cannot move its cursor gets lines, and nothing but lines.
#[test]
fn a_dumb_terminal_gets_no_escape_sequences() {
    let simulator = tiny();
    let terminal = one_query(Program::on(&simulator, &[]).env("TERM", "dumb"));
    assert!(!terminal.bytes().contains(&0x1b), "{}", escaped(&terminal));
}

/// It may be able to move its cursor, but nobody promised colors.
#[test]
fn a_terminal_without_a_name_gets_no_colors() {
    let simulator = tiny();
    let terminal = one_query(Program::on(&simulator, &[]).without("TERM"));
    let written = escaped(&terminal);
    let sequences = written.split("\\u{1b}[").skip(1);
    let colors = sequences.filter(|s| {
        s.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').starts_with('m')
    });
    assert_eq!(colors.count(), 0, "{written}");
}

/// Asks one thing and leaves.
#[track_caller]
fn one_query(program: Program) -> Terminal {
    let mut terminal = program.start(SIZES[1]);
    terminal.wait_for("entraql>");
    terminal.press("SELECT id, NULL AS nothing FROM users LIMIT 1;");
    terminal.press(ENTER);
    terminal.wait_until("a second prompt", has_two_prompts);
    assert!(terminal.text().contains("1 request"), "{}", terminal.text());
    terminal.press(CTRL_D);
    assert_eq!(terminal.exit(), 0, "{}", terminal.text());
    terminal
}

fn escaped(terminal: &Terminal) -> String {
    String::from_utf8_lossy(terminal.bytes()).escape_debug().to_string()
}
