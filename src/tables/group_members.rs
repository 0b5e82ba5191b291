//! `group_members`: who is in which group, directly.
//!
//! Graph tells it group by group: name the group, or every group is asked, twenty to a request.
//! `user_member_of` is the same read from the other side.

use crate::spec::{Column, TableSpec, parent, text};
use crate::tables::directory_shapes::{
    APP_ID, DELETED, ENABLED, MAIL, NAME, OBJECT_TYPE, USER_NAME, USER_TYPE,
};
use crate::tables::{groups, user_member_of};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("group_members", "/groups/{group_id}/members")
        .per(&groups::TABLE)
        .about("Direct members of groups: users, groups, devices, service principals.")
        .page("https://learn.microsoft.com/graph/api/group-list-members")
        .permissions(&["GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"])
        .directory(3)
        .rows_guess(20_000)
        .other_side(&user_member_of::TABLE)
        .columns(COLUMNS)
        .examples(&[
            (
                "Members of one group",
                "SELECT m.display_name, m.user_principal_name, m.object_type
                   FROM group_members m
                   JOIN groups g ON g.id = m.group_id
                  WHERE g.display_name = 'Tier 0 Administrators'
                  ORDER BY m.display_name",
            ),
            (
                "Guests in groups that can hold roles",
                "SELECT g.display_name AS group_name, m.user_principal_name
                   FROM groups g
                   JOIN group_members m ON m.group_id = g.id
                  WHERE g.is_assignable_to_role AND m.user_type = 'Guest'",
            ),
            (
                "Groups inside one group",
                "SELECT id, display_name
                   FROM group_members
                  WHERE group_id = '5e1b1a92-7d60-4f0c-a1f5-6a3c2be0b2d1'
                    AND object_type = '#microsoft.graph.group'",
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
