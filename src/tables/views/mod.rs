//! What a review of a tenant starts from: views over the tables, a file each.
//!
//! A view stands for a statement, so a filter on it reaches Graph as if it were written
//! there, and a column nobody reads costs nothing. Collections are read whole; members come
//! group by group, because Graph tells them no other way.

mod app_permissions;
mod application_credentials;
mod expiring_credentials;
mod group_membership_counts;
mod guests;
mod mfa_coverage;
mod privileged_roles;
mod stale_accounts;
mod user_managers;

use crate::spec::ViewSpec;

/// Every view, by name. One may read those above it.
pub static VIEWS: &[&ViewSpec] = &[
    &app_permissions::VIEW,
    &application_credentials::VIEW,
    &expiring_credentials::VIEW,
    &group_membership_counts::VIEW,
    &guests::VIEW,
    &mfa_coverage::VIEW,
    &privileged_roles::VIEW,
    &stale_accounts::VIEW,
    &user_managers::VIEW,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables;

    fn is_description(about: &str) -> bool {
        let words = about.split_whitespace().count();
        (1..=15).contains(&words) && about.ends_with('.') && about.trim() == about
    }

    #[test]
    fn views_are_listed_by_a_name_of_their_own() {
        assert!(VIEWS.is_sorted_by_key(|view| view.name));
        for view in VIEWS {
            assert!(tables::find(view.name).is_none(), "{} is a table", view.name);
        }
    }

    #[test]
    fn a_view_says_what_it_is_and_has_an_example() {
        for view in VIEWS {
            assert!(is_description(view.about), "{}", view.name);
            assert!(!view.examples.is_empty(), "{}", view.name);
            for (name, about) in view.columns {
                assert!(is_description(about), "{}.{name}", view.name);
            }
            for (title, sql) in view.examples {
                assert!(!title.ends_with('.') && sql.contains(view.name), "{}", view.name);
            }
        }
    }
}
