//! Ctrl-C, Ctrl-D and the request to terminate.

use std::time::{Duration, Instant};

use crate::pty::program::Program;
use crate::pty::session::{CTRL_C, CTRL_D, Session, has_two_prompts};
use crate::pty::tenant::{failing, requests, tiny};
use crate::pty::terminal::{Size, WIDTHS};

const SIZE: Size = Size::new(80, 24);

/// Every request for sign-ins is told to come back in a minute.
const A_MINUTE: &str = r#"[{"when": {"path": "/v1.0/auditLogs", "times": 0}, "do": {"reply": {
    "status": 429, "code": "TooManyRequests", "message": "later", "headers": {"retry-after": "60"}}}}]"#;

/// The first request for users is told to come back in two seconds.
const TWO_SECONDS: &str = r#"[{"when": {"path": "/v1.0/users"}, "do": {"reply": {
    "status": 429, "code": "TooManyRequests", "message": "later", "headers": {"retry-after": "2"}}}}]"#;

/// A person perceives less than this as at once.
const AT_ONCE: Duration = Duration::from_millis(300);

/// The best of some tries counts: a busy machine delays one of them, a shell that is late
/// is late every time.
#[test]
fn ctrl_c_in_a_throttled_wait_gives_the_prompt_back_at_once() {
    for width in WIDTHS {
        interrupted_at_once(Size::new(width, 24));
    }
}

fn interrupted_at_once(size: Size) {
    let simulator = failing(A_MINUTE);
    let mut session = Session::on(&simulator, size);
    let mut best = Duration::MAX;
    for attempt in 1..=5 {
        session.clear();
        session.enter("SELECT id FROM sign_ins;");
        if attempt == 1 {
            until_answered(&simulator, 429);
        }
        let begin = Instant::now();
        session.terminal.press(CTRL_C);
        session.wait_for_prompt();
        best = best.min(begin.elapsed());
        if best < AT_ONCE {
            break;
        }
    }
    assert!(best < AT_ONCE, "{best:?}");
    assert!(session.terminal.text().contains("interrupted"), "{}", session.terminal.text());
    let asked = requests(&simulator);
    let shown = session.run("SELECT count(*) AS users FROM users;");
    assert!(shown.contains("1 row"), "{shown}");
    assert_eq!(requests(&simulator), asked + 1, "{:#?}", simulator.seen());
    session.leave();
}

/// The wait is real here: a query that lived on would ask again when it is over.
#[test]
fn no_request_follows_an_interrupt() {
    let simulator = failing(TWO_SECONDS);
    let mut session = Session::on(&simulator, SIZE);
    session.enter("SELECT id FROM users;");
    until_answered(&simulator, 429);
    session.terminal.press(CTRL_C);
    session.wait_for_prompt();
    let shown = session.run("SELECT count(*) AS users FROM users;");
    assert!(shown.contains("1 row"), "{shown}");
    let statuses: Vec<_> =
        simulator.seen().iter().filter(|s| s.target.contains("/users")).map(|s| s.status).collect();
    assert_eq!(statuses, [429, 200]);
    session.leave();
}

/// Waits for the simulator's side of it; the program says nothing that could be waited for.
fn until_answered(simulator: &entraql::sim::Simulator, status: u16) {
    while !simulator.seen().iter().any(|seen| seen.status == status) {
        std::thread::yield_now();
    }
}

#[test]
fn ctrl_c_at_a_half_typed_statement_starts_over() {
    let simulator = tiny();
    let mut session = Session::on(&simulator, SIZE);
    session.enter("SELECT id");
    session.wait_for_next_line();
    session.enter("FROM nowhere");
    session.wait_for_next_line();
    session.type_in("WHERE");
    session.cancel();
    let shown = session.run("SELECT 7 AS seven;");
    assert!(shown.contains("seven") && !shown.contains("error"), "{shown}");
    session.leave();
}

#[test]
fn ctrl_c_at_an_empty_prompt_does_not_leave() {
    let simulator = tiny();
    let mut session = Session::on(&simulator, SIZE);
    session.terminal.press(CTRL_C);
    session.terminal.wait_until("a second prompt", has_two_prompts);
    assert!(session.run("SELECT 7 AS seven;").contains("seven"));
    session.leave();
}

#[test]
fn ctrl_d_leaves_an_empty_prompt_only() {
    let simulator = tiny();
    let mut session = Session::on(&simulator, SIZE);
    session.type_in("SELECT 8 AS eight;");
    session.terminal.press(CTRL_D);
    session.terminal.press("\r");
    session.terminal.wait_for("eight");
    session.wait_for_prompt();
    session.terminal.press(CTRL_D);
    assert_eq!(session.terminal.exit(), 0);
}

#[test]
fn every_way_to_say_quit_quits() {
    let simulator = tiny();
    for word in [".quit", ".q", ".exit", "\\q", "quit", "exit", "exit;"] {
        let mut session = Session::on(&simulator, SIZE);
        session.enter(word);
        assert_eq!(session.terminal.exit(), 0, "{word}");
    }
}

/// The reply would take ten minutes.
#[test]
fn a_request_to_terminate_ends_a_batch_like_an_interrupt() {
    let slow = r#"[{"when": {"times": 0}, "do": {"delay": {"ms": 600000}}}]"#;
    for signal in ["INT", "TERM"] {
        let simulator = failing(slow);
        let program = Program::on(&simulator, &["-c", "SELECT id FROM users", "-o", "users.csv"]);
        let mut terminal = program.start(SIZE);
        while requests(&simulator) == 0 {
            std::thread::yield_now();
        }
        terminal.signal(signal);
        assert_eq!(terminal.exit(), 130, "{}", terminal.text());
        assert_eq!(requests(&simulator), 1);
        let left: Vec<_> = std::fs::read_dir(terminal.home()).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
    }
}
