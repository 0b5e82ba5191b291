//! What can be set in the shell, and how it is shown.

use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;

use crate::output::{Format, Looks, Style};
use crate::repl::Ticker;
use crate::repl::command::Setting;
use crate::repl::program::Programs;
use crate::saved::Library;

/// How the shell begins; most of it can be changed while it runs.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the user's")]
pub(crate) struct Settings {
    /// The format of results.
    pub format: Format,
    /// How values are written.
    pub looks: Looks,
    /// Rows on the screen after which a query is stopped.
    pub max_rows: Option<u64>,
    /// Width of tables, if not that of the terminal.
    pub max_width: Option<usize>,
    /// What a query cost is told.
    pub timer: bool,
    /// Statements are repeated before their results.
    pub echo: bool,
    /// What is longer than the screen goes to a pager.
    pub pager: bool,
    /// Causes below errors.
    pub verbose: bool,
    /// Where statements are kept, if anywhere.
    pub history: Option<PathBuf>,
    /// How the terminal looks when a result begins: it may have been resized.
    pub style: fn() -> Style,
    /// How errors look on stderr.
    pub error_style: fn() -> Style,
    /// Lines of the terminal.
    pub height: fn() -> Option<usize>,
    /// The saved queries, for `.run`.
    pub saved: Arc<Library>,
    /// Where progress is drawn, if anywhere.
    pub ticker: Option<Ticker>,
    /// Programs of the user's choice.
    pub programs: Programs,
}

impl Settings {
    /// Changes one setting.
    pub(super) fn change(&mut self, setting: Setting) {
        match setting {
            Setting::Mode(format) => self.format = format,
            Setting::Expanded(wish) => {
                let on = wish.unwrap_or(self.format != Format::Line);
                self.format = if on { Format::Line } else { Format::Table };
            }
            Setting::Null(text) => self.looks.null = Some(text),
            Setting::Timer(wish) => self.timer = wish.unwrap_or(!self.timer),
            Setting::MaxRows(rows) => self.max_rows = rows,
            Setting::MaxWidth(width) => self.max_width = width,
            Setting::Echo(on) => self.echo = on,
            Setting::Pager(on) => self.pager = on,
        }
    }

    /// Returns how results look now.
    pub(super) fn style(&self) -> Style {
        let style = (self.style)();
        Style { width: self.max_width.or(style.width), ..style }
    }

    /// Lists the settings as the commands that make them.
    pub(super) fn text(&self, target: &str) -> String {
        let rows = self.max_rows.unwrap_or(0);
        let width = self.max_width.unwrap_or(0);
        let null = self.looks.null.as_deref().unwrap_or("NULL");
        let pairs = [
            (".mode", self.format.name().to_owned()),
            (".nullvalue", format!("'{null}'")),
            (".maxrows", rows.to_string()),
            (".maxwidth", width.to_string()),
            (".timer", switch(self.timer)),
            (".pager", switch(self.pager)),
            (".echo", switch(self.echo)),
            (".output", target.to_owned()),
        ];
        pairs.iter().fold(String::new(), |mut text, (name, value)| {
            let _ = writeln!(text, "{name:<11} {value}");
            text
        })
    }
}

fn switch(on: bool) -> String {
    if on { "on" } else { "off" }.to_owned()
}
