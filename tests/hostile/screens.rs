//! The same session against the hostile tenant and against one that writes the visible escapes
//! out: the screens must be equal, at every width.

use crate::hostile::tenant::{inert, tenant};
use crate::hostile::verdict::own_sequences_only;
use crate::pty::{Session, Size, still};

const STATEMENTS: [&str; 7] = [
    "SELECT display_name, department FROM users;",
    "SELECT id, business_phones FROM users;",
    "SELECT activity_display_name, initiated_by, target_resources FROM audits;",
    "SELECT status, location FROM sign_ins LIMIT 3;",
    "SELECT display_name FROM users ORDER BY 1 DESC LIMIT 4;",
    ".mode line",
    "SELECT display_name, business_phones FROM users;",
];

#[test]
fn a_screen_shows_what_it_would_show_if_the_escapes_were_written_out() {
    let (hostile, harmless) = (tenant(str::to_owned), tenant(inert));
    for columns in [40, 80, 200] {
        let size = Size::new(columns, 300);
        let mut attacked = Session::on(&hostile, size);
        let mut quiet = Session::on(&harmless, size);
        for sql in STATEMENTS {
            let (left, right) = (still(&attacked.run(sql)), still(&quiet.run(sql)));
            assert_eq!(left, right, "{sql} at {columns} columns");
            let is_name = sql.starts_with("SELECT display_name");
            assert!(!is_name || left.contains('\\'), "no attack in {left}");
        }
        own_sequences_only(attacked.terminal.bytes(), "the session");
        attacked.leave();
        quiet.leave();
    }
}
