//! Tab, as the screen shows it. What is offered where is tested beside the completer.

use crate::pty::session::{Session, TAB};
use crate::pty::tenant::{requests, tiny};
use crate::pty::terminal::{Size, WIDTHS};

const SIZE: Size = Size::new(80, 24);

#[test]
fn tab_completes_tables_columns_and_members_of_enumerations() {
    for width in WIDTHS {
        completes(Size::new(width, 24));
    }
}

fn completes(size: Size) {
    let simulator = tiny();
    let mut session = Session::on(&simulator, size);
    for (typed, shown) in [
        ("SELECT id FROM risk_de", "FROM risk_detections"),
        (
            "SELECT r.risk_lev FROM risky_users r\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D",
            "r.risk_level FROM",
        ),
        ("SELECT id FROM risky_users WHERE risk_level = 'hig", "= 'high'"),
        (".tab", ".tables"),
    ] {
        session.type_in(typed);
        session.terminal.press(TAB);
        session.terminal.wait_for(shown);
        session.cancel();
        session.clear();
    }
    assert_eq!(requests(&simulator), 0, "a key press asked the tenant");
    session.leave();
}

#[test]
fn a_second_tab_lists_every_member() {
    let simulator = tiny();
    let mut session = Session::on(&simulator, SIZE);
    session.type_in("SELECT id FROM risky_users WHERE risk_level = '");
    session.terminal.press(TAB);
    session.terminal.press(TAB);
    session.terminal.wait_until("list of members", |screen| {
        let text = screen.contents();
        ["low", "medium", "high", "hidden", "none"].iter().all(|member| text.contains(member))
    });
    session.cancel();
    session.leave();
}
