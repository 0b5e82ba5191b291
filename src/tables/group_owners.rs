//! `group_owners`: who may change which group.
//!
//! Graph tells it group by group: name the group, or every group is asked, twenty to a request.

use crate::spec::{Column, TableSpec, parent, text};
use crate::tables::directory_shapes::{
    APP_ID, DELETED, ENABLED, MAIL, NAME, OBJECT_TYPE, USER_NAME, USER_TYPE,
};
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
    OBJECT_TYPE,
    NAME,
    USER_NAME,
    MAIL,
    USER_TYPE,
    ENABLED,
    APP_ID,
    DELETED,
];
