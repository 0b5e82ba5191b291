//! What the shell shows costs what is shown, not what the table holds.

use entraql::sim::{FaultScript, Options, WorldName};

use crate::pty::program::Program;
use crate::pty::session::Session;
use crate::pty::tenant::{graph_of, now, requests, simulator, tiny};
use crate::pty::terminal::{Size, WIDTHS};

const USERS: usize = 50_000;

#[test]
fn fifty_thousand_users_on_a_screen_cost_one_page() {
    let world = WorldName::Bulk { sign_ins: 10, users: USERS };
    // A second page would not come before the day is over: the prompt does not wait for one.
    let second = r#"{"about": "written by a test", "steps": [
        {"when": {"path": "/v1.0/users", "page": 2, "times": 0}, "do": {"delay": {"ms": 86400000}}}]}"#;
    let faults = Some(FaultScript::from_json(second).unwrap());
    let simulator = simulator(Options { world, now: now(), faults, ..Options::default() });
    for (before, width) in WIDTHS.into_iter().enumerate() {
        let mut session = Session::on(&simulator, Size::new(width, 160));
        session.run("SELECT * FROM users;");
        let shown = session.terminal.unwrapped();
        let asked = graph_of(&simulator);
        assert_eq!(asked.len(), before + 1, "{asked:#?}");
        assert!(shown.contains("stopped after 1 request"), "{shown}");
        session.run("SELECT 1;");
        assert_eq!(requests(&simulator), before + 1, "a request followed the result");
        session.leave();
    }
}

#[test]
fn the_last_result_is_shown_and_exported_again_without_a_request() {
    for width in WIDTHS {
        let simulator = tiny();
        let mut session = Session::on(&simulator, Size::new(width, 80));
        session.run("SELECT id, department FROM users LIMIT 3;");
        assert_eq!(requests(&simulator), 1);
        session.run(".mode csv");
        session.run(".last");
        let shown = session.terminal.unwrapped();
        assert!(shown.contains("\nid,department\n"), "{shown}");
        session.run(".export users.csv");
        let exported = std::fs::read_to_string(session.terminal.home().join("users.csv")).unwrap();
        assert_eq!(exported.lines().count(), 4, "{exported}");
        assert!(exported.lines().all(|line| shown.contains(line)), "{exported}\n{shown}");
        assert_eq!(requests(&simulator), 1, "showing again asked again");
        session.leave();
    }
}

#[test]
fn a_shell_asks_for_the_same_rows_once_unless_it_was_told_not_to() {
    const COUNT: &str = "SELECT count(*) FROM users;";
    let simulator = tiny();
    let mut session = Session::on(&simulator, Size::new(120, 80));
    session.run(COUNT);
    assert_eq!(requests(&simulator), 1);
    let shown = session.run(COUNT);
    assert!(shown.contains(" rows from the cache, read "), "{shown}");
    assert_eq!(requests(&simulator), 1);
    session.leave();
    let program = Program::on(&simulator, &["--no-cache"]);
    let mut session = Session::start(program, Size::new(120, 80));
    session.run(COUNT);
    session.run(COUNT);
    assert_eq!(requests(&simulator), 3);
    session.leave();
}
