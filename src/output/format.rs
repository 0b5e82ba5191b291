//! The text formats by name.

use crate::error::{Error, ErrorKind, Result};
use crate::output::csv::SeparatedSink;
use crate::output::html::HtmlSink;
use crate::output::json::JsonSink;
use crate::output::line::LineSink;
use crate::output::markdown::MarkdownSink;
use crate::output::out::{Guard, Out, Writer};
use crate::output::quote::QuoteSink;
use crate::output::table::TableSink;
use crate::output::{Looks, RowSink, Style};

/// How rows are written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A boxed table for people.
    Table,
    /// One `column = value` per line.
    Line,
    /// Comma-separated values.
    Csv,
    /// Tab-separated values.
    Tsv,
    /// One JSON array.
    Json,
    /// One JSON object per line.
    Ndjson,
    /// A table in GitHub's Markdown.
    Markdown,
    /// An HTML table.
    Html,
    /// SQL literals, a row per line.
    Quote,
}

impl Format {
    /// Every format with the name it is asked for by.
    pub const ALL: &[(&str, Self)] = &[
        ("table", Self::Table),
        ("line", Self::Line),
        ("csv", Self::Csv),
        ("tsv", Self::Tsv),
        ("json", Self::Json),
        ("ndjson", Self::Ndjson),
        ("markdown", Self::Markdown),
        ("html", Self::Html),
        ("quote", Self::Quote),
    ];

    /// Returns the format of a name.
    pub fn parse(name: &str) -> Result<Self> {
        let found = Self::ALL.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|&(_, format)| format).ok_or_else(|| {
            Error::new(ErrorKind::Usage, format!("`{name}` is not a format"))
                .with_hint(format!("the formats are {}", Self::names().join(", ")))
        })
    }

    /// Returns the names of all formats.
    pub fn names() -> Vec<&'static str> {
        Self::ALL.iter().map(|&(name, _)| name).collect()
    }

    /// Returns the name of this format.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|&&(_, format)| format == self).map_or("", |&(name, _)| name)
    }

    /// Returns whether a note about the result is part of it: programs want rows only.
    pub fn has_notes(self) -> bool {
        matches!(self, Self::Table | Self::Line | Self::Markdown | Self::Html)
    }

    /// Creates the sink of this format over a writer.
    pub fn sink(self, writer: Writer, style: Style, looks: &Looks) -> Box<dyn RowSink> {
        let guard = if looks.raw { Guard::Exact } else { self.guard(style) };
        let out = Out::new(writer, guard);
        match self {
            Self::Table => Box::new(TableSink::new(out, style, looks)),
            Self::Line => Box::new(LineSink::new(out, style, looks)),
            Self::Csv => Box::new(SeparatedSink::new(out, ',', looks)),
            Self::Tsv => Box::new(SeparatedSink::new(out, '\t', looks)),
            Self::Json => Box::new(JsonSink::array(out, looks)),
            Self::Ndjson => Box::new(JsonSink::lines(out, looks)),
            Self::Markdown => Box::new(MarkdownSink::new(out, looks)),
            Self::Html => Box::new(HtmlSink::new(out, looks)),
            Self::Quote => Box::new(QuoteSink::new(out)),
        }
    }

    /// Formats for people sanitize each value themselves, before they lay it out.
    fn guard(self, style: Style) -> Guard {
        match self {
            _ if !style.terminal => Guard::Exact,
            Self::Csv | Self::Tsv | Self::Quote => Guard::Separated,
            Self::Json | Self::Ndjson => Guard::Json,
            Self::Table | Self::Line | Self::Markdown | Self::Html => Guard::Exact,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_by_its_name() {
        for &(name, format) in Format::ALL {
            assert_eq!(Format::parse(name).unwrap(), format);
            assert_eq!(format.name(), name);
        }
    }

    #[test]
    fn an_unknown_format_lists_the_known_ones() {
        let error = Format::parse("xml").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert!(error.hint().unwrap().contains("ndjson"));
    }
}
