//! Plays the script in a terminal. The pace is the script's: how long the program took is not
//! in the picture.

use vt100::Screen;

use crate::pty::{Program, Session, Size};
use crate::recording::frame::Frame;
use crate::recording::script::{Script, Step};

/// Between two letters.
const LETTER: f64 = 0.045;
/// After a completion, and before Enter.
const BREATH: f64 = 0.5;
/// Before the first letter.
const START: f64 = 1.2;

/// Returns the frames of the recording.
pub fn play(script: &Script) -> Vec<Frame> {
    let arguments: Vec<_> = script.arguments.iter().map(String::as_str).collect();
    let size = Size::new(script.columns, script.rows);
    let mut session = Session::start(Program::new(&arguments), size);
    let mut frames = vec![Frame::of(session.terminal.screen(), START)];
    for step in &script.step {
        perform(step, &mut session, &mut frames);
    }
    frames
}

fn perform(step: &Step, session: &mut Session, frames: &mut Vec<Frame>) {
    if step.clear {
        session.clear();
        frames.push(Frame::of(session.terminal.screen(), BREATH));
    }
    for letter in step.text.chars() {
        let before = state(session.terminal.screen());
        session.terminal.press(&letter.to_string());
        session.terminal.wait_until("change", |screen| state(screen) != before);
        let seconds = if letter == '\t' { BREATH } else { LETTER };
        frames.push(Frame::of(session.terminal.screen(), seconds));
    }
    if let Some(last) = frames.last_mut() {
        last.seconds = BREATH;
    }
    if step.enter {
        session.terminal.press("\r");
        session.wait_for_prompt();
        frames.push(Frame::of(session.terminal.screen(), 0.0));
    }
    if let Some(last) = frames.last_mut() {
        last.seconds = step.pause;
    }
}

fn state(screen: &Screen) -> (String, (u16, u16)) {
    (screen.contents(), screen.cursor_position())
}
