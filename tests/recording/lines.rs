//! The lines of tables, drawn as lines: letters of a font leave gaps between rows.

use std::fmt::Write;

use crate::recording::frame::Run;
use crate::recording::svg::{CELL, coordinate};

/// Where a line goes from the middle of its cell.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "four directions")]
struct Ways {
    left: bool,
    right: bool,
    up: bool,
    down: bool,
}

fn ways(c: char) -> Option<Ways> {
    let written = match c {
        '─' => "lr",
        '│' => "ud",
        '┌' | '╭' => "rd",
        '┐' | '╮' => "ld",
        '└' | '╰' => "ru",
        '┘' | '╯' => "lu",
        '├' => "udr",
        '┤' => "udl",
        '┬' => "lrd",
        '┴' => "lru",
        '┼' => "lrud",
        _ => return None,
    };
    let has = |way| written.contains(way);
    Some(Ways { left: has('l'), right: has('r'), up: has('u'), down: has('d') })
}

/// Returns the path of a run of lines; `None` when it is text.
pub fn path(run: &Run) -> Option<String> {
    let cells: Vec<Ways> = run.text.chars().map(ways).collect::<Option<_>>()?;
    let mut path = String::new();
    let middle = coordinate(CELL.1 / 2.0);
    let mut begin = None;
    for (cell, column) in cells.iter().chain([&Ways::default()]).zip(run.column..) {
        let left = f64::from(column) * CELL.0;
        let center = left + CELL.0 / 2.0;
        let end = match (cell.left, cell.right) {
            (true, true) => None,
            (true, false) => Some(center),
            (false, _) => Some(left),
        };
        if let (Some(from), Some(to)) = (begin, end) {
            let _ = write!(path, "M{} {middle}H{}", coordinate(from), coordinate(to));
            begin = None;
        }
        if cell.right && begin.is_none() {
            begin = Some(if cell.left { left } else { center });
        }
        vertical(&mut path, *cell, center);
    }
    Some(path)
}

fn vertical(path: &mut String, cell: Ways, center: f64) {
    let half = CELL.1 / 2.0;
    let (from, to) = match (cell.up, cell.down) {
        (true, true) => (0.0, CELL.1),
        (true, false) => (0.0, half),
        (false, true) => (half, CELL.1),
        (false, false) => return,
    };
    let _ = write!(path, "M{} {}V{}", coordinate(center), coordinate(from), coordinate(to));
}
