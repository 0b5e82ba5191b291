//! The window around the terminal: ground, title bar and its three buttons.

use crate::recording::svg::coordinate;
use crate::recording::theme::{BAR, EDGE, FAINT, GROUND};

/// Height of the title bar.
pub const BAR_HEIGHT: f64 = 36.0;
/// Close, minimize, zoom: where they are and how they look.
const BUTTONS: [(u8, &str); 3] = [(20, "#ff5f57"), (40, "#febc2e"), (60, "#28c840")];

/// Draws the window; its size is that of the picture.
pub fn draw(width: f64, height: f64) -> String {
    let (inner, right) = (coordinate(width - 1.0), coordinate(width - 10.0));
    let (middle, baseline) = (BAR_HEIGHT / 2.0, BAR_HEIGHT / 2.0 + 4.5);
    let mut window = format!(
        "<rect x=\".5\" y=\".5\" width=\"{inner}\" height=\"{}\" rx=\"9.5\" fill=\"{GROUND}\" \
         stroke=\"{EDGE}\"/>\n<path style=\"fill:{BAR}\" \
         d=\"M1 {BAR_HEIGHT}V10a9 9 0 0 1 9-9H{right}a9 9 0 0 1 9 9V{BAR_HEIGHT}z\"/>\n",
        coordinate(height - 1.0)
    );
    for (x, fill) in BUTTONS {
        window.push_str(&format!("<circle cx=\"{x}\" cy=\"{middle}\" r=\"6\" fill=\"{fill}\"/>"));
    }
    window
        + &format!(
            "\n<text x=\"50%\" y=\"{baseline}\" text-anchor=\"middle\" \
             style=\"fill:{FAINT};font-size:13px\">entraql --demo</text>\n"
        )
}
