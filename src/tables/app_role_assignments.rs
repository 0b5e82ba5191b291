//! `app_role_assignments`: who holds which role of an application: its own permissions, and
//! the users and groups it is assigned to.
//!
//! Graph tells it resource by resource: name the service principal that offers the roles, or
//! every one is asked, twenty to a request. A group holds a role for its members, who are not
//! listed.

use crate::spec::{Column, EQ, PREFIX, TableSpec, choice, parent, text, time};
use crate::tables::service_principals;

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "app_role_assignments",
    "/servicePrincipals/{service_principal_id}/appRoleAssignedTo",
)
.per(&service_principals::TABLE)
.about("App roles held by users, groups and service principals.")
.page("https://learn.microsoft.com/graph/api/serviceprincipal-list-approleassignedto")
.permissions(&["Application.Read.All", "Directory.Read.All"])
.rows_guess(20_000)
.columns(COLUMNS)
.examples(&[
    (
        "Apps that may change the directory by themselves",
        "SELECT a.principal_display_name, role['value'] AS permission, a.created_date_time
           FROM (SELECT id, unnest(app_roles) AS role
                   FROM service_principals
                  WHERE app_id = '00000003-0000-0000-c000-000000000000') s
           JOIN app_role_assignments a
             ON a.service_principal_id = s.id AND a.app_role_id = role['id']
          WHERE role['value'] LIKE '%ReadWrite%'
          ORDER BY a.created_date_time DESC",
    ),
    (
        "Who may use an application",
        "SELECT a.principal_type, a.principal_display_name, a.created_date_time
           FROM service_principals s
           JOIN app_role_assignments a ON a.service_principal_id = s.id
          WHERE s.display_name = 'Halden Timesheets'
          ORDER BY a.principal_type, a.principal_display_name",
    ),
]);

// `resourceId` takes a filter, too, but that is the path already.
const COLUMNS: &[Column] = &[
    parent("service_principal_id", "Object id of the service principal that offers the role."),
    // Upper and lower case matter in it.
    text("id", "Id of the assignment.").required(),
    text("app_role_id", "The role, as in `app_roles`; all zeros for no role in particular."),
    text("principal_id", "Object id of who holds it."),
    choice("principal_type", KINDS, "What holds it."),
    text("principal_display_name", "Name of who holds it.").filter(EQ.and(PREFIX)).single_value(),
    text("resource_id", "Same as `service_principal_id`."),
    text("resource_display_name", "Name of the application."),
    time("created_date_time", "When it was given."),
    time("deleted_date_time", "When it was taken away; null while it is held."),
];

const KINDS: &[&str] = &["User", "Group", "ServicePrincipal"];
