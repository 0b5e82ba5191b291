//! `user_member_of`: which groups a user is a direct member of, and which roles and
//! administrative units.
//!
//! Graph tells it user by user: name the user. For many users `group_members` is the cheaper
//! side, as tenants have fewer groups than users.

use crate::spec::{Column, TableSpec, choice, flag, parent, text, texts, time};
use crate::tables::directory_shapes::KINDS;
use crate::tables::{group_members, users};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("user_member_of", "/users/{user_id}/memberOf")
        .per(&users::TABLE)
        .about("Groups, roles and administrative units a user is directly in.")
        .page("https://learn.microsoft.com/graph/api/user-list-memberof")
        .permissions(&["Directory.Read.All"])
        .directory(2)
        .rows_guess(50_000)
        .other_side(&group_members::TABLE)
        .columns(COLUMNS)
        .examples(&[
            (
                "What one user is in",
                "SELECT m.display_name, m.object_type, m.is_assignable_to_role
                   FROM users u
                   JOIN user_member_of m ON m.user_id = u.id
                  WHERE u.user_principal_name = 'lena.fischer@haldenvoss.example'
                  ORDER BY m.display_name",
            ),
            (
                "Role groups the risky users are in",
                "SELECT r.user_principal_name, m.display_name AS group_name
                   FROM risky_users r
                   JOIN user_member_of m ON m.user_id = r.id
                  WHERE r.risk_state = 'atRisk' AND m.is_assignable_to_role",
            ),
        ]);

const COLUMNS: &[Column] = &[
    parent("user_id", "Object id of the user."),
    text("id", "Object id of the group, role or unit.").required(),
    choice("object_type", KINDS, "Kind of object, e.g. `#microsoft.graph.group`.")
        .property("@odata.type"),
    text("display_name", "Name; null where the app may not read the kind of object."),
    text("description", "What it is for."),
    text("mail", "Mail address; groups only."),
    flag("security_enabled", "Whether it opens doors; groups only."),
    texts("group_types", "`Unified` for Microsoft 365, `DynamicMembership`; groups only."),
    flag("is_assignable_to_role", "Whether it can hold roles; groups only."),
    text("role_template_id", "The built-in role, the same everywhere; roles only."),
    time("deleted_date_time", "When it was deleted; null while it exists."),
];
