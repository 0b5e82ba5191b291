//! `administrative_unit_scoped_roles`: who administers a unit, and as what.
//!
//! Graph tells it unit by unit: name the unit, or every one is asked, twenty to a request.

use crate::spec::{Column, License, TableSpec, parent, record, text};
use crate::tables::administrative_units;

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "administrative_unit_scoped_roles",
    "/directory/administrativeUnits/{administrative_unit_id}/scopedRoleMembers",
)
.per(&administrative_units::TABLE)
.about("Roles held over one administrative unit only.")
.page("https://learn.microsoft.com/graph/api/resources/scopedrolemembership")
.permissions(&["RoleManagement.Read.Directory", "Directory.Read.All"])
.license(License::P1)
.no_select()
.no_top()
.rows_guess(100)
.columns(COLUMNS)
.examples(&[
    (
        "Who administers which unit",
        "SELECT u.display_name AS unit, r.display_name AS role,
                s.role_member_info['display_name'] AS who
           FROM administrative_units u
           JOIN administrative_unit_scoped_roles s ON s.administrative_unit_id = u.id
           LEFT JOIN directory_roles r ON r.id = s.role_id
          ORDER BY unit, role, who",
    ),
    (
        "Restricted units nobody administers",
        "SELECT u.display_name AS unit
           FROM administrative_units u
           LEFT JOIN administrative_unit_scoped_roles s ON s.administrative_unit_id = u.id
          WHERE u.is_member_management_restricted AND s.id IS NULL",
    ),
]);

const COLUMNS: &[Column] = &[
    parent("administrative_unit_id", "Object id of the unit."),
    // Upper and lower case matter in it.
    text("id", "Id of the assignment.").required(),
    text("role_id", "Object id of the role, as in `directory_roles`.").required(),
    record("role_member_info", MEMBER, "Who holds it."),
];

const MEMBER: &[Column] = &[
    text("id", "Object id."),
    text("display_name", "Name."),
    text("user_principal_name", "Sign-in name; users only."),
];
