//! `directory_role_members`: who holds a directory role at this moment.
//!
//! Active at tenant scope only: `role_assignments` has the rest, with their scopes, in one
//! listing. Graph tells it one by one: name the role, or every one is asked, twenty to a request.

use crate::spec::{Column, TableSpec, choice, flag, parent, text, time};
use crate::tables::directory_roles;
use crate::tables::directory_shapes::KINDS;

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
    choice("object_type", KINDS, "Kind of object, e.g. `#microsoft.graph.user`.")
        .property("@odata.type"),
    text("display_name", "Name; null where the app may not read the kind of object."),
    text("user_principal_name", "Sign-in name; users only."),
    text("mail", "Mail address; users and groups."),
    text("user_type", "`Member` or `Guest`; users only."),
    flag("account_enabled", "Whether it can sign in; users, devices and service principals."),
    text("app_id", "Application id; service principals only."),
    time("deleted_date_time", "When it was deleted; null while it exists."),
];
