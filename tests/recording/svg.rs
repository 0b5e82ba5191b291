//! Frames as one animated SVG.
//!
//! A row of the screen is drawn once for every text it ever shows, and style sheet animations
//! say when. Without animations, or where they are not wanted, the last frame is seen.

use std::collections::HashMap;
use std::fmt::Write;

use crate::recording::frame::{Frame, Look, Row, Run, Tint};
use crate::recording::lines;
use crate::recording::theme::{CURSOR, GROUND, LINE, TEXT, color};
use crate::recording::window::{self, BAR_HEIGHT};

/// Width and height of a cell, in pixels; the size of the letters in it.
pub const CELL: (f64, f64) = (8.4, 18.0);
const LETTER: f64 = 14.0;
/// Room around the text.
const PADDING: f64 = 18.0;

/// When something is shown, in seconds from the beginning.
type Spans = Vec<(f64, f64)>;

/// A picture under construction.
struct Picture {
    seconds: f64,
    /// Sets of spans, each with the number of its animation.
    animations: Vec<Spans>,
    looks: Vec<Look>,
    body: String,
}

/// Draws the frames; `typed` is what was typed, for those who cannot see the picture.
pub fn draw(frames: &[Frame], typed: &[String]) -> String {
    let seconds = frames.iter().map(|frame| frame.seconds).sum();
    let mut picture =
        Picture { seconds, animations: Vec::new(), looks: Vec::new(), body: String::new() };
    for (row, spans) in rows(frames) {
        picture.row(row, &spans);
    }
    let cursor = picture.cursor(frames);
    picture.finish(frames, typed, &cursor)
}

/// Text inside of an element.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Every row that is ever shown, with its place and its spans, in order of appearance.
fn rows(frames: &[Frame]) -> Vec<((usize, &Row), Spans)> {
    let mut places: HashMap<(usize, &Row), usize> = HashMap::new();
    let mut shown: Vec<((usize, &Row), Spans)> = Vec::new();
    let mut begin = 0.0;
    for frame in frames {
        let end = begin + frame.seconds;
        for row in frame.rows.iter().enumerate().filter(|(_, row)| !row.is_empty()) {
            let place = *places.entry(row).or_insert(shown.len());
            if place == shown.len() {
                shown.push((row, Vec::new()));
            }
            extend(&mut shown[place].1, begin, end);
        }
        begin = end;
    }
    shown
}

/// Adds a span, or lengthens the last one if there is nothing in between.
fn extend(spans: &mut Spans, begin: f64, end: f64) {
    match spans.last_mut().filter(|last| (last.1 - begin).abs() < 1e-9) {
        Some(last) => last.1 = end,
        None => spans.push((begin, end)),
    }
}

impl Picture {
    fn row(&mut self, (row, runs): (usize, &Row), spans: &Spans) {
        let class = self.class(spans);
        let mut text = String::new();
        for run in runs {
            self.run(&mut text, run);
        }
        let top = coordinate(row_top(row));
        writeln!(self.body, "<g{class} transform=\"translate({PADDING} {top})\">{text}</g>")
            .unwrap();
    }

    fn run(&mut self, text: &mut String, run: &Run) {
        let (left, width) = (f64::from(run.column) * CELL.0, f64::from(run.cells) * CELL.0);
        if run.look.background != Tint::Usual {
            let fill = color(run.look.background, TEXT);
            let (left, width, height) = (coordinate(left), coordinate(width), CELL.1);
            let _ = write!(
                text,
                "<rect x=\"{left}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\"/>"
            );
        }
        let class = self.look(run.look);
        if let Some(path) = lines::path(run) {
            let _ = write!(text, "<path class=\"l{class}\" d=\"{path}\"/>");
            return;
        }
        let length = match run.cells {
            1 => String::new(),
            _ => format!(" textLength=\"{}\"", coordinate(width)),
        };
        let (x, words) = (coordinate(left), escape(&run.text));
        let _ =
            write!(text, "<text x=\"{x}\" y=\"13.5\" class=\"t{class}\"{length}>{words}</text>");
    }

    /// The classes of an element that is shown at these times.
    fn class(&mut self, spans: &Spans) -> String {
        let is_always = spans.len() == 1 && spans[0] == (0.0, self.seconds);
        if is_always {
            return String::new();
        }
        let number = position(&mut self.animations, spans.clone());
        let is_last = spans.last().is_some_and(|last| last.1 >= self.seconds);
        format!(" class=\"f k{number}{}\"", if is_last { " z" } else { "" })
    }

    fn look(&mut self, look: Look) -> usize {
        position(&mut self.looks, look)
    }

    /// The cursor is one mark that moves.
    fn cursor(&self, frames: &[Frame]) -> String {
        let mut keys = String::new();
        let mut begin = 0.0;
        let mut before = None;
        for frame in frames {
            if before != Some(frame.cursor) {
                let _ = write!(keys, "{}{{{}}}", self.percent(begin), place(frame.cursor));
            }
            before = Some(frame.cursor);
            begin += frame.seconds;
        }
        keys
    }

    fn percent(&self, at: f64) -> String {
        let percent = format!("{:.3}", at / self.seconds * 100.0);
        format!("{}%", percent.trim_end_matches('0').trim_end_matches('.'))
    }

    fn animation(&self, number: usize, spans: &Spans) -> String {
        let mut keys = String::new();
        if spans.first().is_some_and(|first| first.0 > 0.0) {
            keys.push_str("0%{visibility:hidden}");
        }
        for (begin, end) in spans {
            let _ = write!(keys, "{}{{visibility:visible}}", self.percent(*begin));
            if *end < self.seconds {
                let _ = write!(keys, "{}{{visibility:hidden}}", self.percent(*end));
            }
        }
        format!(".k{number}{{animation-name:k{number}}}@keyframes k{number}{{{keys}}}\n")
    }

    fn style(&self, frames: &[Frame], cursor: &str) -> String {
        let seconds = coordinate(self.seconds);
        let rest = frames.last().map_or(String::new(), |frame| place(frame.cursor));
        let mut style = format!(
            "text{{font:{LETTER}px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',\
             'Liberation Mono',monospace;white-space:pre}}\n\
             path{{fill:none;stroke-width:1.1}}\n\
             .f{{visibility:hidden;animation:{seconds}s step-end infinite}}\n.z{{visibility:visible}}\n\
             .c{{fill:{CURSOR};opacity:.75;{rest};animation:{seconds}s step-end infinite c}}\n\
             @keyframes c{{{cursor}}}\n"
        );
        for (number, look) in self.looks.iter().enumerate() {
            style.push_str(&appearance(number, *look));
        }
        for (number, spans) in self.animations.iter().enumerate() {
            style.push_str(&self.animation(number, spans));
        }
        style + "@media (prefers-reduced-motion:reduce){.f,.c{animation:none}}\n"
    }

    fn finish(self, frames: &[Frame], typed: &[String], cursor: &str) -> String {
        let first = &frames[0];
        let width = f64::from(first.columns) * CELL.0 + 2.0 * PADDING;
        let height = row_top(first.rows.len()) + PADDING;
        let (cell, line) = CELL;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" role=\"img\">\n\
             <title>A session of entraql on its demo tenant</title>\n<desc>{}</desc>\n\
             <style>\n{}</style>\n{}\
             <rect class=\"c\" width=\"{cell}\" height=\"{line}\"/>\n{}</svg>\n",
            escape(&typed.join("\n")),
            self.style(frames, cursor),
            window::draw(width, height),
            self.body,
            width = coordinate(width),
            height = coordinate(height),
        )
    }
}

/// How letters and lines of a look are painted.
fn appearance(number: usize, look: Look) -> String {
    let usual = if look.background == Tint::Usual { TEXT } else { GROUND };
    let tint = color(look.foreground, usual);
    let line = color(look.foreground, LINE);
    let mut letters = format!("fill:{tint}");
    for (is_set, rule) in [
        (look.bold, ";font-weight:600"),
        (look.dim, ";opacity:.55"),
        (look.italic, ";font-style:italic"),
        (look.underline, ";text-decoration:underline"),
    ] {
        letters.push_str(if is_set { rule } else { "" });
    }
    format!(".t{number}{{{letters}}}.l{number}{{stroke:{line}}}\n")
}

fn place(cursor: Option<(u16, u16)>) -> String {
    let Some((row, column)) = cursor else { return "visibility:hidden".to_owned() };
    let left = coordinate(PADDING + f64::from(column) * CELL.0);
    let top = coordinate(row_top(usize::from(row)));
    format!("visibility:visible;transform:translate({left}px,{top}px)")
}

fn row_top(row: usize) -> f64 {
    BAR_HEIGHT + PADDING * 0.7 + f64::from(u16::try_from(row).unwrap()) * CELL.1
}

/// A number with two decimals at the most.
pub fn coordinate(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The place of a value in a list, which gets it if it has it not.
fn position<T: PartialEq>(list: &mut Vec<T>, value: T) -> usize {
    list.iter().position(|known| *known == value).unwrap_or_else(|| {
        list.push(value);
        list.len() - 1
    })
}
