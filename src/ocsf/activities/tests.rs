//! The table is one table: no name twice, and only what the schema has.

use std::collections::BTreeSet;

use crate::ocsf::activities::{BY_NAME, TABLE, by_category, by_operation, find, name};
use crate::ocsf::schema::{self, Schema};

#[test]
fn no_name_is_in_two_rows() {
    let names = TABLE.iter().map(|activity| activity.names.len()).sum::<usize>();
    assert_eq!(BY_NAME.len(), names);
}

#[test]
fn every_row_is_an_activity_of_its_class_in_every_version() {
    for schema in schema::versions().filter_map(Schema::of) {
        for activity in TABLE {
            let caption = schema
                .attribute(activity.class, "activity_id")
                .and_then(|ids| ids.captions.get(&i64::from(activity.id)));
            assert!(caption.is_some(), "{activity:?}");
        }
    }
}

#[test]
fn a_name_is_found_however_it_is_written() {
    for written in [
        "Update application - Certificates and secrets management",
        "Update application \u{2013} Certificates and secrets management ",
        "UPDATE  application \u{2014} certificates\u{a0}and secrets management",
    ] {
        let found = find(written).expect("is listed");
        assert_eq!((found.class, found.id), (3004, 3), "{written}");
        assert!(found.severe.is_some());
    }
    assert_eq!(name::normal(""), "");
    assert!(find("").is_none() && find("Update applications").is_none());
}

#[test]
fn steps_are_steps_of_roles() {
    let step = |name| find(name).map(|activity| activity.id);
    assert_eq!(step("Add member to role requested (PIM activation)"), Some(99));
    assert_eq!(step("Remove member from role request denied"), Some(99));
    assert_eq!(step("Access package requested"), None);
    assert_eq!(step("Add member to role"), Some(1));
}

#[test]
fn whatever_is_not_listed_has_a_class() {
    let classes: BTreeSet<_> = ["UserManagement", "GroupManagement", "RoleManagement", "x"]
        .map(|category| by_category(Some(category)).class)
        .into();
    assert_eq!(classes.into_iter().collect::<Vec<_>>(), [3001, 3004, 3005, 3006]);
    assert_eq!(by_category(None).class, 3004);
    assert_eq!([None, Some(" add "), Some("x")].map(by_operation), [99, 1, 99]);
}
