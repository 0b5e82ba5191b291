//! What programs read, shown on a terminal all the same: errors and findings in JSON, the log of
//! requests, plans and costs in every format.

use serde_json::json;

use crate::hostile::tenant::{ATTACKS, all_attacks, answering, refusing, tenant, tokenless};
use crate::hostile::verdict::harmless;
use crate::pty::{Program, Size, formats};

const SIZE: Size = Size::new(100, 60);

#[track_caller]
fn shows_nothing_hostile(program: Program, what: &str) -> String {
    let mut terminal = program.env("NO_COLOR", "1").start(SIZE);
    terminal.exit();
    harmless(terminal.bytes(), what);
    let shown = String::from_utf8_lossy(terminal.bytes()).into_owned();
    assert!(!shown.is_empty() && !shown.contains("panicked"), "{what}: {shown}");
    shown
}

#[test]
fn errors_in_json_are_json_and_harmless() {
    for simulator in [refusing(400), refusing(403), tokenless("invalid_client")] {
        let arguments = ["-q", "--error-format", "json", "-c", "SELECT id FROM users"];
        let program = Program::shell("\"$ENTRAQL\" \"$@\" 2>&1", &arguments).connected(&simulator);
        let shown = shows_nothing_hostile(program, "an error in JSON");
        let error: serde_json::Value = serde_json::from_str(shown.trim()).unwrap();
        let message = error["error"].to_string();
        assert!(message.contains("clear"), "{message}");
    }
    for attack in ATTACKS.iter().filter(|attack| !attack.contains('\0')) {
        let sql = format!("SELECT \"{attack}\" FROM users");
        let program = Program::new(&["--error-format", "json", "-c", &sql]);
        shows_nothing_hostile(program, attack);
    }
}

/// The name an administrator gave the credential in use.
#[test]
fn the_name_of_a_credential_is_shown_harmlessly() {
    let secret = json!({
        "displayName": all_attacks(), "hint": entraql::sim::CLIENT_SECRET[..3],
        "endDateTime": "2030-01-01T00:00:00Z",
    });
    let app = json!({ "displayName": all_attacks(), "passwordCredentials": [secret] });
    let simulator = answering("/v1.0/applications(", 200, &app.to_string());
    for json in [&[][..], &["--json"]] {
        let arguments = [&["doctor", "--table", "users"], json].concat();
        let shown = shows_nothing_hostile(Program::on(&simulator, &arguments), "doctor");
        assert!(shown.contains("clipboard"), "the name is not shown: {shown}");
    }
}

#[test]
fn findings_of_refusals_are_shown_harmlessly() {
    for simulator in [refusing(400), refusing(403), tokenless("invalid_client")] {
        for json in [&[][..], &["--json"]] {
            let arguments = [&["doctor", "--table", "users"], json].concat();
            shows_nothing_hostile(Program::on(&simulator, &arguments), "doctor");
        }
    }
}

#[test]
fn logs_plans_and_costs_are_harmless_in_every_format() {
    let simulator = tenant(str::to_owned);
    let words = all_attacks().replace('\0', "").replace('\'', "''");
    let read = format!("SELECT id FROM users WHERE display_name = '{words}'");
    let statements = [
        format!("{read}; SELECT * FROM meta.requests; SELECT * FROM meta.receipts"),
        format!("EXPLAIN {read}"),
        format!("EXPLAIN GRAPH {read}"),
        format!("EXPLAIN GRAPH (PROBE) {read}"),
        format!("EXPLAIN ANALYZE {read}"),
    ];
    for format in formats() {
        for sql in &statements {
            let arguments = ["-vv", "--format", &format, "-c", sql];
            let shown = shows_nothing_hostile(Program::on(&simulator, &arguments), sql);
            assert!(shown.contains("clipboard"), "{format}: {sql}: {shown}");
        }
        for more in [&["--dry-run"][..], &["--dry-run", "--probe"]] {
            let program =
                Program::on(&simulator, &[&["-f", "a.sql", "--format", &format], more].concat());
            std::fs::write(program.path("a.sql"), format!("{read};\n{read} LIMIT 1;\n")).unwrap();
            shows_nothing_hostile(program, "--dry-run -f");
        }
    }
}

/// Throttled long enough for the line to be drawn.
#[test]
fn the_line_of_progress_is_harmless() {
    let slow = json!([{ "when": { "times": 0 }, "do": { "delay": { "ms": 900 } } }]);
    let simulator = crate::pty::failing(&slow.to_string());
    let words = all_attacks().replace(['\0', '"'], "");
    let sql = format!("SELECT id AS \"{words}\" FROM users AS \"{words}\" LIMIT 1");
    let arguments = ["--progress", "--format", "csv", "-c", &sql];
    let program = Program::on(&simulator, &arguments);
    let mut terminal = program.env("NO_COLOR", "1").start(SIZE);
    assert_eq!(terminal.exit(), 0, "{}", terminal.text());
    let written = String::from_utf8(terminal.bytes().to_vec()).unwrap();
    assert!(written.contains("1 request\r") || written.contains("1 request "), "{written:?}");
    // It returns to wipe itself; that is all it does.
    harmless(written.replace('\r', "").as_bytes(), "progress");
}
