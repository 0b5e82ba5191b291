//! `directory_role_members`: who holds a directory role at this moment.
//!
//! Active at tenant scope only: `role_assignments` has the rest, with their scopes, in one
//! listing. Graph tells it one by one: name the role, or every one is asked, twenty to a request.

use crate::spec::{Column, TableSpec, parent, text};
use crate::tables::directory_roles;
use crate::tables::directory_shapes::{
    APP_ID, DELETED, ENABLED, MAIL, NAME, OBJECT_TYPE, USER_NAME, USER_TYPE,
};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("directory_role_members", "/directoryRoles/{role_id}/members")
        .per(&directory_roles::TABLE)
        .about("Who holds a directory role now, for the whole tenant.")
        .page("https://learn.microsoft.com/graph/api/directoryrole-list-members")
        .permissions(&["RoleManagement.Read.Directory", "Directory.Read.All"])
        .no_top()
        .rows_guess(500)
        .columns(COLUMNS)
        .examples(&[
            (
                "Who holds Global Administrator now",
                "SELECT m.display_name, m.user_principal_name, m.object_type, m.account_enabled
                   FROM directory_roles r
                   JOIN directory_role_members m ON m.role_id = r.id
                  WHERE r.role_template_id = '62e90394-69f5-4237-9190-012177145e10'
                  ORDER BY m.display_name",
            ),
            (
                "Groups and service principals that hold roles",
                "SELECT r.display_name AS role, m.object_type, m.display_name
                   FROM directory_roles r
                   JOIN directory_role_members m ON m.role_id = r.id
                  WHERE m.object_type <> '#microsoft.graph.user'
                  ORDER BY role, m.display_name",
            ),
        ]);

// Graph filters the kinds of objects apart, and only in advanced queries: nothing is sent.
const COLUMNS: &[Column] = &[
    parent("role_id", "Object id of the role."),
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
