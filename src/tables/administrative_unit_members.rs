//! `administrative_unit_members`: whom the administrators of a unit administer.
//!
//! Graph tells it one by one: name the unit, or every one is asked, twenty to a request.

use crate::spec::{Column, TableSpec, parent, text};
use crate::tables::administrative_units;
use crate::tables::directory_shapes::{
    APP_ID, DELETED, ENABLED, MAIL, NAME, OBJECT_TYPE, USER_NAME, USER_TYPE,
};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "administrative_unit_members",
    "/directory/administrativeUnits/{administrative_unit_id}/members",
)
.per(&administrative_units::TABLE)
.about("Members of administrative units: users, groups and devices.")
.page("https://learn.microsoft.com/graph/api/administrativeunit-list-members")
.permissions(&["AdministrativeUnit.Read.All", "Directory.Read.All"])
.page_size(100, 999)
.rows_guess(20_000)
.columns(COLUMNS)
.examples(&[
    (
        "Accounts only the administrators of a restricted unit may change",
        "SELECT u.display_name AS unit, m.display_name, m.user_principal_name
                   FROM administrative_units u
                   JOIN administrative_unit_members m ON m.administrative_unit_id = u.id
                  WHERE u.is_member_management_restricted
                  ORDER BY unit, m.display_name",
    ),
    (
        "How many objects of each kind the units hold",
        "SELECT u.display_name AS unit, m.object_type, count(*) AS members
                   FROM administrative_units u
                   JOIN administrative_unit_members m ON m.administrative_unit_id = u.id
                  GROUP BY u.display_name, m.object_type
                  ORDER BY unit, members DESC",
    ),
]);

// Graph filters the kinds of objects apart, and only in advanced queries: nothing is sent.
const COLUMNS: &[Column] = &[
    parent("administrative_unit_id", "Object id of the unit."),
    text("id", "Object id of the member.").required(),
    OBJECT_TYPE,
    NAME,
    USER_NAME,
    MAIL,
    USER_TYPE,
    ENABLED,
    APP_ID,
    DELETED,
];
