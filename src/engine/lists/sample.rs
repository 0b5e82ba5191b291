//! The lists of the demo: what an identity provider beside Entra exports, and a watch list.
//!
//! Their columns are what the saved queries over several providers read.

use crate::engine::lists::{Rows, csv};

/// The names of the sample lists.
pub(super) const NAMES: &[&str] = &["okta_factors", "okta_users", "watch_list"];

/// Name, what it is, and the file.
const ALL: &[(&str, &str, &str)] = &[
    (
        "okta_factors",
        "The factors people have enrolled at Okta, by `user_id`.",
        include_str!("../../../fixtures/lists/okta_factors.csv"),
    ),
    (
        "okta_users",
        "The accounts of an Okta organization, with their administrator roles.",
        include_str!("../../../fixtures/lists/okta_users.csv"),
    ),
    (
        "watch_list",
        "Networks, users and apps somebody wants to hear of, by `kind`.",
        include_str!("../../../fixtures/lists/watch_list.csv"),
    ),
];

/// Returns what a sample list is.
pub(super) fn about(name: &str) -> Option<&'static str> {
    ALL.iter().find(|(known, ..)| *known == name).map(|(_, about, _)| *about)
}

/// Returns the rows of a sample list.
pub(super) fn rows(name: &str) -> Option<Rows> {
    let (_, _, text) = ALL.iter().find(|(known, ..)| *known == name)?;
    csv::read(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_has_a_name_and_rows() {
        let names: Vec<_> = ALL.iter().map(|(name, ..)| *name).collect();
        assert_eq!(names, NAMES);
        for name in NAMES {
            assert!(rows(name).unwrap().batches[0].num_rows() > 0, "{name}");
        }
    }
}
