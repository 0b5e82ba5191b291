//! `role_eligibility_schedule_instances`: who may activate which directory role through PIM.
//!
//! Whoever is in here holds nothing until the role is activated; from then on a row of
//! `role_assignment_schedule_instances` says so.

use crate::spec::{Column, EQ, License, NULL, TableSpec, choice, text, time};
use crate::tables::role_schedule::MEMBER_TYPES;

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "role_eligibility_schedule_instances",
    "/roleManagement/directory/roleEligibilityScheduleInstances",
)
.about("Directory roles somebody is eligible for (PIM).")
.page("https://learn.microsoft.com/graph/api/resources/unifiedroleeligibilityscheduleinstance")
.permissions(&[
    "RoleEligibilitySchedule.Read.Directory",
    "RoleManagement.Read.Directory",
    "RoleManagement.Read.All",
])
.license(License::Governance)
.no_top()
.rows_guess(100)
.columns(COLUMNS)
.examples(&[
    (
        "Users who can make themselves Global Administrator",
        "SELECT u.user_principal_name, e.start_date_time, e.end_date_time
           FROM role_eligibility_schedule_instances e
           JOIN users u ON u.id = e.principal_id
          WHERE e.role_definition_id = '62e90394-69f5-4237-9190-012177145e10'",
    ),
    (
        "Eligibility that never ends, by role",
        "SELECT r.display_name, count(*) AS eligible
           FROM role_eligibility_schedule_instances e
           JOIN role_definitions r ON r.id = e.role_definition_id
          WHERE e.end_date_time IS NULL
          GROUP BY r.display_name
          ORDER BY eligible DESC",
    ),
    (
        "Eligible users without multifactor authentication",
        "SELECT DISTINCT d.user_principal_name
           FROM role_eligibility_schedule_instances e
           JOIN user_registration_details d ON d.id = e.principal_id
          WHERE NOT d.is_mfa_registered",
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
    choice("member_type", MEMBER_TYPES, "`Direct`, or through a `Group`.").filter(EQ),
    // Neither time is documented as filterable.
    time("start_date_time", "From when on."),
    time("end_date_time", "Until when; null is forever."),
    text("role_eligibility_schedule_id", "The schedule it comes from.").filter(EQ),
];
