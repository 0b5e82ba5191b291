//! One state of the screen: rows of text in one style, and the cursor.

use vt100::{Cell, Color, Screen};

/// How a run of text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[expect(clippy::struct_excessive_bools, reason = "attributes of a terminal cell are independent")]
pub struct Look {
    pub foreground: Tint,
    pub background: Tint,
    pub bold: bool,
    pub dim: bool,
    pub italic: bool,
    pub underline: bool,
}

/// A color, with a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tint {
    #[default]
    Usual,
    Indexed(u8),
    Rgb(u8, u8, u8),
}

impl From<Color> for Tint {
    fn from(color: Color) -> Self {
        match color {
            Color::Default => Self::Usual,
            Color::Idx(index) => Self::Indexed(index),
            Color::Rgb(red, green, blue) => Self::Rgb(red, green, blue),
        }
    }
}

/// Text in one style, and where it begins.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Run {
    pub column: u16,
    /// Cells it covers.
    pub cells: u16,
    pub text: String,
    pub look: Look,
}

pub type Row = Vec<Run>;

/// A screen, and for how long it is shown.
#[derive(Debug, Clone)]
pub struct Frame {
    pub rows: Vec<Row>,
    pub cursor: Option<(u16, u16)>,
    pub columns: u16,
    pub seconds: f64,
}

impl Frame {
    pub fn of(screen: &Screen, seconds: f64) -> Self {
        let (rows, columns) = screen.size();
        let cursor = (!screen.hide_cursor()).then(|| screen.cursor_position());
        let rows = (0..rows.get()).map(|row| runs(screen, row)).collect();
        Self { rows, cursor, columns: columns.get(), seconds }
    }
}

fn runs(screen: &Screen, row: u16) -> Row {
    let (_, columns) = screen.size();
    let mut runs: Row = Vec::new();
    for column in 0..columns.get() {
        let Some(cell) = screen.cell(row, column).filter(|cell| !cell.is_wide_continuation())
        else {
            continue;
        };
        let (text, look) = (if cell.has_contents() { cell.contents() } else { " " }, look(cell));
        let cells = if cell.is_wide() { 2 } else { 1 };
        match runs.last_mut().filter(|run| run.look == look && is_alike(&run.text, text)) {
            Some(run) => {
                run.text.push_str(text);
                run.cells += cells;
            }
            None => runs.push(Run { column, cells, text: text.to_owned(), look }),
        }
    }
    runs.retain(|run| !run.text.trim().is_empty() || run.look.background != Tint::Usual);
    runs.iter_mut().for_each(trim);
    runs
}

/// Lines are drawn, letters are written, and wide letters stand alone.
fn is_alike(run: &str, text: &str) -> bool {
    let kind = |text: &str| text.chars().next().map_or(0, kind);
    let (left, right) = (kind(run), kind(text));
    left == right && left != 2
}

fn kind(c: char) -> u8 {
    match c {
        '\u{2500}'..='\u{257f}' => 1,
        '\u{1100}'.. if !matches!(c, '\u{2000}'..='\u{2bff}') => 2,
        _ => 0,
    }
}

/// Blanks at the ends need no ink.
fn trim(run: &mut Run) {
    if run.look.background != Tint::Usual {
        return;
    }
    let blanks = |text: &str, rest: &str| u16::try_from(text.len() - rest.len()).unwrap();
    let end = blanks(&run.text, run.text.trim_end_matches(' '));
    let start = blanks(&run.text, run.text.trim_start_matches(' '));
    run.text = run.text.trim_matches(' ').to_owned();
    run.column += start;
    run.cells -= start + end;
}

fn look(cell: &Cell) -> Look {
    let (mut foreground, mut background) = (cell.fgcolor().into(), cell.bgcolor().into());
    if cell.inverse() {
        (foreground, background) = (background, foreground);
    }
    Look {
        foreground,
        background,
        bold: cell.bold(),
        dim: cell.dim(),
        italic: cell.italic(),
        underline: cell.underline(),
    }
}
