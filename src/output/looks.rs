//! How values are written, as far as the user has a say in it.

use crate::output::layout;
use crate::output::{Style, visible};

/// The wishes of the user about values. The default is what the formats do by themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looks {
    /// What stands for NULL. JSON keeps its own.
    pub null: Option<String>,
    /// Cells of separated values that a spreadsheet would take for a formula get a quote
    /// in front. Programs then read another value than the tenant holds.
    pub csv_safe: bool,
    /// Separated values and JSON keep their exact bytes on a terminal, escape sequences
    /// and all.
    pub raw: bool,
    /// What is null or empty is not written into JSON, at any depth.
    pub no_nulls: bool,
    /// The column whose texts are JSON objects already, each of them all there is of its row.
    pub json_column: Option<&'static str>,
}

impl Looks {
    /// Returns what stands for NULL, made harmless.
    pub(super) fn null_or(&self, usual: &str) -> String {
        visible(self.null.as_deref().unwrap_or(usual)).into_owned()
    }
}

/// The mark for a missing value in formats for people.
pub(super) struct NullMark {
    /// With its color.
    pub(super) shown: String,
    /// Cells it takes.
    pub(super) width: usize,
}

impl NullMark {
    pub(super) fn new(looks: &Looks, style: Style) -> Self {
        let text = looks.null_or("NULL");
        Self { width: layout::width(&text), shown: style.paint(&text, DIM) }
    }
}

const DIM: &str = "2";
