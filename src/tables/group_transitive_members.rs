//! `group_transitive_members`: who is in which group, directly or through groups inside it.
//!
//! The nested groups are rows as well. Graph tells it group by group, like `group_members`.

use crate::spec::{Column, TableSpec, parent, text};
use crate::tables::directory_shapes::{
    APP_ID, DELETED, ENABLED, MAIL, NAME, OBJECT_TYPE, USER_NAME, USER_TYPE,
};
use crate::tables::groups;

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("group_transitive_members", "/groups/{group_id}/transitiveMembers")
        .per(&groups::TABLE)
        .about("Members of groups, those of nested groups included.")
        .page("https://learn.microsoft.com/graph/api/group-list-transitivemembers")
        .permissions(&["GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"])
        .directory(5)
        .rows_guess(50000)
        .columns(COLUMNS)
        .examples(&[
            (
                "Everybody a group reaches",
                "SELECT m.display_name, m.user_principal_name
                   FROM groups g
                   JOIN group_transitive_members m ON m.group_id = g.id
                  WHERE g.display_name = 'VPN Users' AND m.object_type = '#microsoft.graph.user'
                  ORDER BY m.display_name",
            ),
            (
                "How many people each role group really has",
                "SELECT g.display_name, count(*) AS people
                   FROM groups g
                   JOIN group_transitive_members m ON m.group_id = g.id
                  WHERE g.is_assignable_to_role AND m.object_type = '#microsoft.graph.user'
                  GROUP BY g.display_name",
            ),
        ]);

// Graph filters the kinds of objects apart, and only in advanced queries: nothing is sent.
const COLUMNS: &[Column] = &[
    parent("group_id", "Object id of the group."),
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
