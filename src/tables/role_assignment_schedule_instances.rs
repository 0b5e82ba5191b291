//! `role_assignment_schedule_instances`: who holds which directory role, and whether PIM
//! has given it for a while.
//!
//! `role_assignments` has the same holders; only this table tells an activated role from a
//! permanent one. It needs a license that table does not need.

use crate::spec::{Column, EQ, License, NULL, TableSpec, choice, text, time};
use crate::tables::role_schedule::MEMBER_TYPES;

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "role_assignment_schedule_instances",
    "/roleManagement/directory/roleAssignmentScheduleInstances",
)
.about("Directory roles held now, permanently or activated (PIM).")
.page("https://learn.microsoft.com/graph/api/resources/unifiedroleassignmentscheduleinstance")
.permissions(&[
    "RoleAssignmentSchedule.Read.Directory",
    "RoleManagement.Read.Directory",
    "RoleManagement.Read.All",
])
.license(License::Governance)
.no_top()
.rows_guess(100)
.columns(COLUMNS)
.examples(&[
    (
        "Roles that are activated right now, and until when",
        "SELECT u.user_principal_name, r.display_name AS role, a.end_date_time
           FROM role_assignment_schedule_instances a
           JOIN users u ON u.id = a.principal_id
           JOIN role_definitions r ON r.id = a.role_definition_id
          WHERE a.assignment_type = 'Activated'
          ORDER BY a.end_date_time",
    ),
    (
        "Global Administrators who hold the role for good",
        "SELECT principal_id, start_date_time
           FROM role_assignment_schedule_instances
          WHERE role_definition_id = '62e90394-69f5-4237-9190-012177145e10'
            AND assignment_type = 'Assigned' AND end_date_time IS NULL",
    ),
]);

const COLUMNS: &[Column] = &[
    // Upper and lower case matter in it, unlike in object ids: no direct get by key.
    text("id", "Instance id.").required(),
    text("principal_id", "Object id of the user, group or service principal.").filter(EQ),
    text("role_definition_id", "The role, as in `role_definitions`.").filter(EQ),
    text("directory_scope_id", "`/` for the tenant, else an administrative unit or object.")
        .filter(EQ.and(NULL)),
    text("app_scope_id", "Scope inside one application, e.g. a catalog.").filter(EQ.and(NULL)),
    choice("assignment_type", ASSIGNMENTS, "`Assigned`, or `Activated` from an eligibility.")
        .filter(EQ),
    choice("member_type", MEMBER_TYPES, "`Direct`, or through a `Group`.").filter(EQ),
    // Neither time is documented as filterable.
    time("start_date_time", "From when on; null if PIM did not give it."),
    time("end_date_time", "Until when; null is forever."),
    text("role_assignment_origin_id", "The assignment it stands for, as in `role_assignments`.")
        .filter(EQ),
    text("role_assignment_schedule_id", "The schedule it comes from.").filter(EQ),
];

const ASSIGNMENTS: &[&str] = &["Assigned", "Activated"];
