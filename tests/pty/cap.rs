//! What the shell shows costs what is shown, not what the table holds.

use entraql::sim::{Options, WorldName};

use crate::pty::program::Program;
use crate::pty::session::Session;
use crate::pty::tenant::{graph_of, now, requests, simulator, tiny};
use crate::pty::terminal::Size;

const USERS: usize = 50_000;

#[test]
fn fifty_thousand_users_on_a_screen_cost_one_page() {
    let world = WorldName::Bulk { sign_ins: 10, users: USERS };
    let simulator = simulator(Options { world, now: now(), ..Options::default() });
    let mut session = Session::on(&simulator, Size::new(200, 160));
    let shown = session.run("SELECT * FROM users;");
    // One page, and at the most the one after it, which may have been fetched ahead.
    let asked = graph_of(&simulator);
    assert!((1..=2).contains(&asked.len()), "{asked:#?}");
    assert!(shown.contains("stopped after 1 request"), "{shown}");
    let before = requests(&simulator);
    session.run("SELECT 1;");
    assert_eq!(requests(&simulator), before, "a request followed the result");
    session.leave();
}

#[test]
fn the_last_result_is_shown_and_exported_again_without_a_request() {
    let simulator = tiny();
    let mut session = Session::on(&simulator, Size::new(120, 80));
    session.run("SELECT id, department FROM users LIMIT 3;");
    assert_eq!(requests(&simulator), 1);
    session.run(".mode csv");
    let shown = session.run(".last");
    assert!(shown.contains("\nid,department\n"), "{shown}");
    session.run(".export users.csv");
    let exported = std::fs::read_to_string(session.terminal.home().join("users.csv")).unwrap();
    assert_eq!(exported.lines().count(), 4, "{exported}");
    assert!(exported.lines().all(|line| shown.contains(line)), "{exported}\n{shown}");
    assert_eq!(requests(&simulator), 1, "showing again asked again");
    session.leave();
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
