//! What is typed in the recording, as data: `docs/demo.toml`.

use serde::Deserialize;

/// The whole recording.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// Columns of the terminal.
    pub columns: u16,
    /// Rows of the terminal.
    pub rows: u16,
    /// Arguments of the program.
    pub arguments: Vec<String>,
    pub step: Vec<Step>,
}

/// Something typed, and how long one looks at what came of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Text, letter by letter; a tab asks for completion.
    #[serde(rename = "type")]
    pub text: String,
    /// Whether Enter follows, and the prompt is waited for.
    #[serde(default = "yes")]
    pub enter: bool,
    /// Whether the screen is cleared first.
    #[serde(default)]
    pub clear: bool,
    /// Seconds of looking.
    pub pause: f64,
}

fn yes() -> bool {
    true
}

impl Script {
    pub fn load() -> Self {
        let text = include_str!("../../docs/demo.toml");
        toml::from_str(text).unwrap_or_else(|error| panic!("docs/demo.toml: {error}"))
    }

    /// What is typed between two presses of Enter.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![String::new()];
        for step in &self.step {
            lines.last_mut().unwrap().push_str(&step.text);
            if step.enter {
                lines.push(String::new());
            }
        }
        lines.retain(|line| !line.is_empty());
        lines
    }
}
