//! `group_owners`: who may change which group.
//!
//! Graph tells it group by group: name the group, or every group is asked, twenty to a request.

use crate::spec::{Column, TableSpec, choice, flag, parent, text, time};
use crate::tables::directory_shapes::KINDS;
use crate::tables::groups;

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("group_owners", "/groups/{group_id}/owners")
        .per(&groups::TABLE)
        .about("Owners of groups: users and service principals.")
        .page("https://learn.microsoft.com/graph/api/group-list-owners")
        .permissions(&["GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"])
        .directory(1)
        .rows_guess(5000)
        .columns(COLUMNS)
        .examples(&[
            (
                "Groups a disabled account still owns",
                "SELECT g.display_name AS group_name, o.user_principal_name
                   FROM groups g
                   JOIN group_owners o ON o.group_id = g.id
                  WHERE NOT o.account_enabled",
            ),
            (
                "Groups without an owner",
                "SELECT g.display_name
                   FROM groups g
                   LEFT JOIN group_owners o ON o.group_id = g.id
                  WHERE o.id IS NULL
                  ORDER BY g.display_name",
            ),
        ]);

// Graph filters the kinds of objects apart, and only in advanced queries: nothing is sent.
const COLUMNS: &[Column] = &[
    parent("group_id", "Object id of the group."),
    text("id", "Object id of the owner.").required(),
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
