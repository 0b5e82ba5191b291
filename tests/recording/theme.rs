//! The colors of the picture: the 16 of a terminal, on a dark ground.

use crate::recording::frame::Tint;

pub const GROUND: &str = "#0d1117";
pub const BAR: &str = "#161b22";
pub const EDGE: &str = "#30363d";
pub const LINE: &str = "#484f58";
pub const TEXT: &str = "#d1d7e0";
pub const FAINT: &str = "#6e7681";
pub const CURSOR: &str = "#58a6ff";

const PALETTE: [&str; 16] = [
    "#484f58", "#ff7b72", "#56d364", "#e3b341", "#58a6ff", "#bc8cff", "#39c5cf", "#b1bac4",
    "#6e7681", "#ffa198", "#7ee787", "#f2cc60", "#79c0ff", "#d2a8ff", "#56d4dd", "#ffffff",
];

/// Levels of the 6x6x6 cube.
const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The color as SVG writes it.
pub fn color(tint: Tint, usual: &str) -> String {
    match tint {
        Tint::Usual => usual.to_owned(),
        Tint::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
        Tint::Indexed(index) => indexed(index),
    }
}

fn indexed(index: u8) -> String {
    match index {
        0..16 => PALETTE[usize::from(index)].to_owned(),
        16..232 => {
            let level = |unit: u8| LEVELS[usize::from((index - 16) / unit % 6)];
            format!("#{:02x}{:02x}{:02x}", level(36), level(6), level(1))
        }
        232.. => {
            let gray = 8 + (index - 232) * 10;
            format!("#{gray:02x}{gray:02x}{gray:02x}")
        }
    }
}
