//! Refusals with hostile words, and what the shell and a batch say about them.

use crate::hostile::tenant::{refusing, tokenless};
use crate::hostile::verdict::{harmless, own_sequences_only};
use crate::pty::{Program, Session, Size};

const SIZE: Size = Size::new(100, 60);

#[test]
fn refusals_are_harmless() {
    for status in [400, 401, 403, 404, 410, 418] {
        let simulator = refusing(status);
        for verbose in [&[][..], &["-v"]] {
            for table in ["users", "sign_ins", "risky_users"] {
                let sql = format!("SELECT id FROM {table}");
                let arguments = [verbose, &["-c", &sql]].concat();
                let program = Program::on(&simulator, &arguments).env("NO_COLOR", "1");
                let mut terminal = program.start(SIZE);
                assert_ne!(terminal.exit(), 0, "{status}");
                harmless(terminal.bytes(), &format!("{status} for {table}"));
            }
        }
    }
}

#[test]
fn a_refused_token_is_told_harmlessly() {
    for code in ["invalid_client", "unauthorized_client", ""] {
        let simulator = tokenless(code);
        let program = Program::on(&simulator, &["-v", "-c", "SELECT id FROM users"]);
        let mut terminal = program.env("NO_COLOR", "1").start(SIZE);
        assert_ne!(terminal.exit(), 0, "{}", terminal.text());
        harmless(terminal.bytes(), code);
    }
}

#[test]
fn the_shell_survives_refusals_and_tells_them_harmlessly() {
    for simulator in [refusing(400), refusing(403), tokenless("invalid_client")] {
        let mut session = Session::on(&simulator, SIZE);
        let shown = session.run("SELECT id FROM users;");
        assert!(shown.contains("error: "), "{shown}");
        session.run("SELECT * FROM meta.requests;");
        own_sequences_only(session.terminal.bytes(), "the shell");
        assert!(session.run("SELECT 7 AS seven;").contains("seven"));
        session.leave();
    }
}
