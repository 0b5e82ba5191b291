//! A pair: where an attribute stands in OCSF, and the SQL expression that gives it.

/// One line of a mapping.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    /// Such as `user.name`; `[0]` after a name makes a list of one object.
    pub path: &'static str,
    /// An expression over the columns of the view's source. `{version}` and `{tenant}` are
    /// texts, `{now}` is the time of collection.
    pub sql: &'static str,
    /// Taken as it is, not fitted to the type of its attribute.
    pub(crate) verbatim: bool,
    /// There in every row.
    pub(crate) sure: bool,
    /// The first version that has it.
    pub since: Option<&'static str>,
    /// The last version it is written for.
    pub until: Option<&'static str>,
}

impl Pair {
    /// From this version of the schema on.
    pub(crate) const fn since(mut self, version: &'static str) -> Self {
        self.since = Some(version);
        self
    }

    /// Up to this version of the schema, where later ones have a better place.
    pub(crate) const fn until(mut self, version: &'static str) -> Self {
        self.until = Some(version);
        self
    }

    /// Tells whether a version has it. Versions have one digit in every part.
    pub(crate) fn is_in(&self, version: &str) -> bool {
        self.since.is_none_or(|first| first <= version)
            && self.until.is_none_or(|last| version <= last)
    }
}

/// An attribute. Its value is fitted to its type: an instant becomes milliseconds, an empty
/// text and what is no address become null.
pub(crate) const fn set(path: &'static str, sql: &'static str) -> Pair {
    Pair { path, sql, verbatim: false, sure: false, since: None, until: None }
}

/// An attribute whose value is taken as it is: an id, which joins and filters name.
pub(crate) const fn key(path: &'static str, sql: &'static str) -> Pair {
    Pair { path, sql, verbatim: true, sure: false, since: None, until: None }
}

/// A key that every row has, such as the id of a listed object: with it, its object is there in
/// every row, and a filter on another attribute of the object is pushed as it stands.
pub(crate) const fn sure(path: &'static str, sql: &'static str) -> Pair {
    Pair { sure: true, ..key(path, sql) }
}
