//! `role_assignments`: who holds which directory role right now.
//!
//! Permanent assignments and those activated through PIM; who is only eligible is not here.
//! A group holds a role for its members, who are not listed.

use crate::spec::{Column, EQ, TableSpec, text};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("role_assignments", "/roleManagement/directory/roleAssignments")
        .about("Directory roles held by users, groups and service principals.")
        .page("https://learn.microsoft.com/graph/api/resources/unifiedroleassignment")
        .permissions(&["RoleManagement.Read.Directory", "Directory.Read.All"])
        .no_top()
        .rows_guess(100)
        .columns(COLUMNS)
        .examples(&[
            (
                "Users who are Global Administrators",
                "SELECT u.user_principal_name, u.account_enabled, u.user_type
                   FROM role_assignments a
                   JOIN users u ON u.id = a.principal_id
                  WHERE a.role_definition_id = '62e90394-69f5-4237-9190-012177145e10'
                  ORDER BY u.user_principal_name",
            ),
            (
                "How many hold each role",
                "SELECT r.display_name, count(DISTINCT a.principal_id) AS holders
                   FROM role_assignments a
                   JOIN role_definitions r ON r.id = a.role_definition_id
                  GROUP BY r.display_name
                  ORDER BY holders DESC",
            ),
            (
                "Roles that do not reach the whole tenant",
                "SELECT principal_id, role_definition_id, directory_scope_id
                   FROM role_assignments
                  WHERE directory_scope_id <> '/'",
            ),
        ]);

const COLUMNS: &[Column] = &[
    // Upper and lower case matter in it, unlike in object ids: no direct get by key.
    text("id", "Assignment id.").required(),
    text("principal_id", "Object id of the user, group or service principal.").filter(EQ),
    text("role_definition_id", "The role, as in `role_definitions`.").filter(EQ),
    text("directory_scope_id", "`/` for the tenant, else an administrative unit or object.")
        .filter(EQ),
    text("app_scope_id", "Scope inside one application, e.g. a catalog.").filter(EQ),
    text("condition", "When it applies; null is always."),
    text("principal_organization_id", "Tenant of the principal."),
    text("resource_scope", "Older name of the scope.").beta(),
];
