//! The recording in the README: a session played in a terminal and drawn as one SVG.
//!
//! `dev/record` plays `docs/demo.toml` and writes `docs/demo.svg`. The test plays it as
//! well and compares what was typed, so that script, program and picture cannot drift apart.

mod frame;
mod lines;
mod play;
mod script;
mod svg;
mod theme;
mod window;

use crate::recording::script::Script;

const SVG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/demo.svg");
/// What a page can load without a second thought.
const LARGEST: usize = 300_000;

#[test]
fn the_recording_shows_what_its_script_types() {
    let script = Script::load();
    let frames = play::play(&script);
    if std::env::var_os("UPDATE_RECORDING").is_some() {
        std::fs::write(SVG, svg::draw(&frames, &script.lines())).unwrap();
    }
    let drawn = std::fs::read_to_string(SVG).expect("`dev/record` writes the recording");
    for line in script.lines() {
        assert!(drawn.contains(&svg::escape(&line)), "`dev/record` has not been run since: {line}");
    }
    assert!(drawn.len() < LARGEST, "{} bytes", drawn.len());
    for outside in ["http://", "https://", "<script", "url("] {
        let count = drawn.matches(outside).count();
        assert_eq!(count, usize::from(outside == "http://"), "{outside} loads from elsewhere");
    }
}
