//! Every exit code, through the binary.

use entraql::sim::{Edition, Options, Simulator, WorldName};

use crate::pty::program::Program;
use crate::pty::tenant::{failing, now, requests, simulator, tiny};
use crate::pty::terminal::{Size, WIDTHS};

/// Runs it and returns its code and what the terminal shows.
fn run(program: Program, width: u16) -> (u32, String) {
    let mut terminal = program.start(Size::new(width, 24));
    let code = terminal.exit();
    (code, terminal.unwrapped())
}

/// Runs it once at each width, with one code; returns what the terminals show.
#[track_caller]
fn ends(simulator: &Simulator, arguments: &[&str], code: u32) -> [String; 3] {
    WIDTHS.map(|width| {
        let (ended, shown) = run(Program::on(simulator, arguments), width);
        assert_eq!(ended, code, "{arguments:?} at {width}\n{shown}");
        shown
    })
}

#[track_caller]
fn all_show(screens: &[String; 3], text: &str) {
    assert!(screens.iter().all(|screen| screen.contains(text)), "{text}: {screens:#?}");
}

/// The requests of each of the runs of [`ends`].
#[track_caller]
fn each_asked(simulator: &Simulator, count: usize) {
    assert_eq!(requests(simulator), count * WIDTHS.len(), "{:#?}", simulator.seen());
}

#[test]
fn success_is_0_with_rows_and_without() {
    let tiny = tiny();
    ends(&tiny, &["-c", "SELECT id FROM users"], 0);
    ends(&tiny, &["-c", "SELECT id FROM users WHERE false"], 0);
}

#[test]
fn a_wrong_query_is_1_and_wrong_usage_2() {
    let tiny = tiny();
    ends(&tiny, &["-c", "SELEC 1"], 1);
    ends(&tiny, &["-c", "SELECT nope FROM users"], 1);
    ends(&tiny, &["-c", "SELECT 1/0"], 1);
    ends(&tiny, &["--nope"], 2);
    ends(&tiny, &["-f", "missing.sql"], 2);
}

#[test]
fn refused_credentials_are_3() {
    let tiny = tiny();
    let wrong = Program::on(&tiny, &["-c", "SELECT id FROM users"]);
    assert_eq!(run(wrong.env("AZURE_CLIENT_SECRET", "wrong"), 80).0, 3);
    assert_eq!(run(Program::new(&["-c", "SELECT id FROM users"]), 80).0, 3);
}

#[test]
fn a_missing_license_is_4() {
    let world = WorldName::Tiny;
    let free =
        simulator(Options { world, edition: Edition::Free, now: now(), ..Options::default() });
    ends(&free, &["-c", "SELECT id FROM sign_ins"], 4);
}

#[test]
fn throttled_beyond_patience_is_5() {
    let day = r#"[{"when": {"times": 0}, "do": {"reply": {"status": 429, "code": "TooManyRequests",
        "message": "later", "headers": {"retry-after": "86400"}}}}]"#;
    let simulator = failing(day);
    let shown = ends(&simulator, &["-c", "SELECT id FROM users"], 5);
    all_show(&shown, "try again at");
    each_asked(&simulator, 1);
}

#[test]
fn a_spent_budget_is_7() {
    let sql = "SET entra.page_size = 5; SET entra.max_requests = 2; SELECT id FROM users";
    let simulator = tiny();
    ends(&simulator, &["-c", sql], 7);
    each_asked(&simulator, 2);
}

/// Graph asks for a minute, and half of that is what the user has.
#[test]
fn a_wait_beyond_max_wait_is_5_at_once() {
    let minute = r#"[{"when": {"times": 0}, "do": {"reply": {"status": 429,
        "code": "TooManyRequests", "message": "later", "headers": {"retry-after": "60"}}}}]"#;
    let simulator = failing(minute);
    let shown = ends(&simulator, &["--max-wait", "30s", "-c", "SELECT id FROM users"], 5);
    for text in ["asks for 6", "`--max-wait`"] {
        all_show(&shown, text);
    }
    each_asked(&simulator, 1);
}

#[test]
fn a_result_cut_short_with_permission_is_6() {
    let simulator = tiny();
    let sql = "SET entra.page_size = 5; SELECT id FROM users";
    let arguments = ["--allow-partial", "--max-requests", "2", "--format", "csv", "-c", sql];
    let shown = ends(&simulator, &arguments, 6);
    for text in ["1 result is incomplete", "10 rows"] {
        all_show(&shown, text);
    }
    each_asked(&simulator, 2);
}

#[test]
fn a_guard_that_ends_a_query_is_7() {
    let simulator = tiny();
    let sql = "SET entra.page_size = 5; SELECT id FROM users";
    ends(&simulator, &["--max-requests", "1", "-c", sql], 7);
    each_asked(&simulator, 1);
    let never = failing(r#"[{"when": {"times": 0}, "do": {"delay": {"ms": 600000}}}]"#);
    let shown = ends(&never, &["--timeout", "1s", "-c", "SELECT id FROM users"], 7);
    all_show(&shown, "limit of 1s");
    each_asked(&never, 1);
}

#[test]
fn rows_that_should_not_be_there_are_8() {
    let simulator = tiny();
    ends(&simulator, &["--fail-on-rows", "-c", "SELECT id FROM users LIMIT 1"], 8);
    ends(&simulator, &["--fail-on-rows", "-c", "SELECT id FROM users WHERE false"], 0);
}

#[test]
fn a_file_that_cannot_be_written_is_9() {
    let simulator = tiny();
    ends(&simulator, &["-c", "SELECT id FROM users", "-o", "missing/rows.csv"], 9);
    each_asked(&simulator, 0);
}

/// The middle one fails: the first has run, the third has not.
#[test]
fn a_file_stops_at_its_first_failure_with_1() {
    let simulator = tiny();
    let program = Program::on(&simulator, &["-f", "three.sql", "--format", "csv"]);
    let text = "SELECT 'first' AS a;\nSELECT nope FROM users;\nSELECT id FROM users;\n";
    std::fs::write(program.path("three.sql"), text).unwrap();
    let (code, shown) = run(program, 80);
    assert_eq!(code, 1, "{shown}");
    assert!(shown.contains("first") && shown.contains("three.sql:2"), "{shown}");
    assert_eq!(requests(&simulator), 0, "the third statement ran");
}
