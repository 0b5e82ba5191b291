//! One view: an OCSF class, where its rows come from, and its pairs.

use crate::ocsf::pair::Pair;
use crate::ocsf::schema::{self, Schema};
use crate::ocsf::write::{self, Setting};

/// A query worth trying: what it is for, and the statement.
pub type Example = (&'static str, &'static str);

/// One view, as a value.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// Snake case; in the schema `ocsf`.
    pub name: &'static str,
    /// The `class_uid` of its events.
    pub class: u32,
    /// What a row is.
    pub about: &'static str,
    /// What follows `FROM`.
    pub from: &'static str,
    /// What follows `WHERE`; nothing for all rows.
    pub filter: &'static str,
    /// Lists of pairs, so that views share what they have in common.
    pub pairs: &'static [&'static [Pair]],
    /// Paths whose values are worth a search over events of all kinds.
    pub observables: &'static [&'static str],
    /// Queries worth trying.
    pub examples: &'static [Example],
    /// Whether its events are held to the schema.
    pub strict: bool,
}

impl View {
    /// A view of events of a class.
    pub(crate) const fn new(name: &'static str, class: u32) -> Self {
        Self {
            name,
            class,
            about: "",
            from: "",
            filter: "",
            pairs: &[],
            observables: &[],
            examples: &[],
            strict: true,
        }
    }

    /// Says what a row is.
    pub(crate) const fn about(mut self, about: &'static str) -> Self {
        self.about = about;
        self
    }

    /// Says where the rows come from.
    pub(crate) const fn from(mut self, from: &'static str) -> Self {
        self.from = from;
        self
    }

    /// Takes the rows for which a predicate holds. Views that part the rows of one source among
    /// them differ in this alone, and read together they read it once.
    pub(crate) const fn filter(mut self, predicate: &'static str) -> Self {
        self.filter = predicate;
        self
    }

    /// Sets the attributes.
    pub(crate) const fn pairs(mut self, pairs: &'static [&'static [Pair]]) -> Self {
        self.pairs = pairs;
        self
    }

    /// Names the paths whose values become observables.
    pub(crate) const fn observables(mut self, paths: &'static [&'static str]) -> Self {
        self.observables = paths;
        self
    }

    /// Adds queries worth trying.
    pub(crate) const fn examples(mut self, examples: &'static [Example]) -> Self {
        self.examples = examples;
        self
    }

    /// Writes the pairs as they stand: no types, no captions, nothing of the class.
    pub(crate) const fn as_written(mut self) -> Self {
        self.strict = false;
        self
    }

    /// Returns the type of an attribute, such as `string_t`, and whether it is a list; in the
    /// newest version that is known.
    pub fn kind(&self, path: &str) -> Option<(&'static str, bool)> {
        let schema = Schema::of(schema::versions().last()?)?;
        let attribute = schema.attribute(self.class, path)?;
        Some((attribute.kind.as_str(), attribute.array))
    }

    /// Returns the caption of the class.
    pub fn caption(&self) -> &'static str {
        let class = Schema::of(schema::DEFAULT).and_then(|schema| schema.class(self.class));
        class.map_or("", |class| class.caption.as_str())
    }

    /// Returns the pairs a version of the schema has.
    pub(crate) fn pairs_in<'a>(
        &self,
        version: &'a str,
    ) -> impl Iterator<Item = &'static Pair> + 'a {
        self.pairs.iter().flat_map(|list| *list).filter(|pair| pair.is_in(version))
    }

    /// Returns the statement of the view.
    ///
    /// # Errors
    ///
    /// The path, or the caption, that the schema does not have.
    pub(crate) fn sql(&self, setting: &Setting<'_>) -> Result<String, String> {
        let version = setting.version;
        let schema = Schema::of(version).ok_or_else(|| format!("there is no OCSF {version}"))?;
        write::statement(self, schema, setting)
    }
}
