//! `administrative_units`: parts of the directory that are administered on their own.

use crate::spec::{Column, EQ, License, NULL, Ops, PREFIX, TableSpec, flag, text, time};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("administrative_units", "/directory/administrativeUnits")
        .about("Parts of the directory with administrators of their own.")
        .page("https://learn.microsoft.com/graph/api/resources/administrativeunit")
        .permissions(&["AdministrativeUnit.Read.All", "Directory.Read.All"])
        .license(License::Any)
        .directory(1)
        .page_size(100, 999)
        .get_by_key()
        .rows_guess(50)
        .columns(COLUMNS)
        .examples(&[
            (
                "Units that even Global Administrators have to join first",
                "SELECT display_name, description
                   FROM administrative_units
                  WHERE is_member_management_restricted
                  ORDER BY display_name",
            ),
            (
                "Roles that reach one unit only",
                "SELECT u.display_name AS unit, a.principal_id, a.role_definition_id
                   FROM role_assignments a
                   JOIN administrative_units u
                     ON a.directory_scope_id = '/administrativeUnits/' || u.id",
            ),
        ]);

const MATCH_NULL: Ops = EQ.and(PREFIX).and(NULL);

pub(super) const COLUMNS: &[Column] = &[
    text("id", "Object id.").filter(EQ).required(),
    text("display_name", "Name.").filter(MATCH_NULL).advanced(NULL).sortable_advanced(),
    text("description", "What the unit is for.").filter(MATCH_NULL).advanced(MATCH_NULL),
    flag("is_member_management_restricted", "Only its own administrators may change its members.")
        .filter(EQ),
    text("membership_type", "`Assigned` or `Dynamic`; null for `Assigned`."),
    text("membership_rule", "Rule that decides who is in it.").filter(EQ.and(PREFIX)),
    text("membership_rule_processing_state", "`On` or `Paused`.").filter(EQ),
    text("visibility", "`HiddenMembership` hides who is in it; null or `Public` does not."),
    time("deleted_date_time", "When it was deleted; null while it exists.").sortable_advanced(),
];
