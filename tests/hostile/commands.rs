//! Every command that shows something, on a terminal, against the hostile tenant.

use entraql::sim::Simulator;

use crate::hostile::tenant::{ATTACKS, all_attacks, tenant};
use crate::hostile::verdict::harmless;
use crate::pty::{Program, Size, formats};

const SIZE: Size = Size::new(100, 40);

const QUERIES: [&str; 6] = [
    "SELECT * FROM users",
    "SELECT raw FROM users",
    "SELECT * FROM sign_ins",
    "SELECT * FROM audits",
    "SELECT * FROM groups",
    "SELECT * FROM risky_users",
];

/// Runs it with rows on the terminal and remarks in a file: what progress draws may steer, text
/// may not. Returns the exit code.
#[track_caller]
fn shows_nothing_hostile(simulator: &Simulator, arguments: &[&str]) -> u32 {
    let program = Program::shell("\"$ENTRAQL\" \"$@\" 2>err", arguments).connected(simulator);
    let mut terminal = program.env("NO_COLOR", "1").start(SIZE);
    let code = terminal.exit();
    let what = format!("{arguments:?}");
    harmless(terminal.bytes(), &what);
    harmless(&std::fs::read(terminal.home().join("err")).unwrap(), &format!("stderr of {what}"));
    code
}

#[test]
fn rows_are_harmless_in_every_format() {
    let simulator = tenant(str::to_owned);
    for format in formats() {
        for sql in QUERIES {
            let arguments = ["-v", "--format", &format, "-c", sql];
            assert_eq!(shows_nothing_hostile(&simulator, &arguments), 0, "{format}: {sql}");
        }
    }
}

/// Statements come from files and other people, too.
#[test]
fn names_from_the_statement_are_harmless() {
    let simulator = tenant(str::to_owned);
    for attack in ATTACKS.iter().filter(|attack| !attack.contains('\0')) {
        let name = attack.replace('"', "");
        for sql in [
            format!("SELECT 1 AS \"{name}\""),
            format!("SELECT id AS \"{name}\" FROM users AS \"{name}\" LIMIT 1"),
            format!(
                "CREATE VIEW \"{name}\" AS SELECT 1 AS a; SELECT * FROM \"{name}\"; SHOW TABLES"
            ),
            format!("SELECT '{name}' AS a"),
            format!("SELECT \"{name}\" FROM users"),
            format!("SELECT * FROM \"{name}\""),
            format!("SELECT {name} FROM users"),
            format!("EXPLAIN SELECT id FROM users WHERE display_name = '{name}'"),
            format!(
                "SELECT id FROM users WHERE display_name = '{name}'; SELECT * FROM meta.requests"
            ),
            format!("SET entra.page_size = '{name}'"),
            format!("SET \"{name}\" = 1"),
            format!("SELECT id FROM risky_users WHERE risk_level = '{name}'"),
        ] {
            shows_nothing_hostile(&simulator, &["-v", "-c", &sql]);
        }
    }
}

#[test]
fn arguments_are_harmless() {
    let simulator = tenant(str::to_owned);
    let attacks = all_attacks().replace('\0', "");
    let path = format!("{attacks}.csv");
    for arguments in [
        vec!["describe", &attacks],
        vec!["--format", &attacks],
        vec![attacks.as_str()],
        vec!["-f", &attacks],
        vec!["-c", "SELECT 1", "-o", &attacks],
        vec!["-c", "SELECT id FROM users", "-o", &path],
        vec!["--max-rows", &attacks, "-c", "SELECT 1"],
    ] {
        shows_nothing_hostile(&simulator, &arguments);
    }
}

#[test]
fn commands_without_a_query_are_harmless() {
    let simulator = tenant(str::to_owned);
    for arguments in [&["tables"][..], &["describe", "users"], &["--help"]] {
        assert_eq!(shows_nothing_hostile(&simulator, arguments), 0);
    }
}

#[test]
fn settings_are_harmless() {
    let simulator = tenant(str::to_owned);
    let attacks = all_attacks().replace('\0', "");
    for name in ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_AUTHORITY_HOST", "ENTRAQL_GRAPH_URL"]
    {
        let program = Program::new(&["-v", "-c", "SELECT id FROM users"]).connected(&simulator);
        let mut terminal = program.env("NO_COLOR", "1").env(name, &attacks).start(SIZE);
        assert_ne!(terminal.exit(), 0, "{name}");
        harmless(terminal.bytes(), name);
    }
}
