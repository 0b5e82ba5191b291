//! The caret under an error, where the screen shows it.

use vt100::Screen;

use crate::pty::session::Session;
use crate::pty::tenant::tiny;
use crate::pty::terminal::{Size, Terminal, rows};

/// Statements with one wrong name each, behind lines and letters of every width.
const WRONG: [&str; 5] = [
    "SELECT nope FROM users;",
    "SELECT id,\n  display_name,\n  nope\nFROM users;",
    "SELECT 'żółć' AS a, nope FROM users;",
    "SELECT '漢字' AS a, 1 AS b,\n       '漢字' AS c, nope FROM users;",
    "SELECT id FROM users u\nWHERE u.city = 'é' AND u.nope = 1;",
];

#[test]
fn the_caret_stands_under_the_wrong_name_at_every_width() {
    let simulator = tiny();
    for columns in [40, 80, 200] {
        let mut session = Session::on(&simulator, Size::new(columns, 40));
        for sql in WRONG {
            session.clear();
            session.terminal.paste(sql);
            session.terminal.wait_for(sql.lines().last().unwrap().trim());
            session.send();
            session.wait_for_prompt();
            let (row, column) = caret(&session.terminal);
            let marked = text_at(session.terminal.screen(), row - 1, column, 4);
            assert_eq!(marked, "nope", "{}", session.terminal.text());
        }
        session.leave();
    }
}

/// The cell of the first caret of the last error.
fn caret(terminal: &Terminal) -> (u16, u16) {
    let screen = terminal.screen();
    let is_caret =
        |row: u16, column: u16| screen.cell(row, column).is_some_and(|cell| cell.contents() == "^");
    let (height, width) = (rows(screen).len(), screen.size().1.get());
    let mut cells = (0..u16::try_from(height).unwrap())
        .flat_map(|row| (0..width).map(move |column| (row, column)));
    cells
        .find(|(row, column)| is_caret(*row, *column))
        .unwrap_or_else(|| panic!("no caret: {}", terminal.text()))
}

fn text_at(screen: &Screen, row: u16, column: u16, cells: u16) -> String {
    let contents = |column| screen.cell(row, column).map_or("", |cell| cell.contents());
    (column..column + cells).map(contents).collect()
}
