//! `group_membership_counts`: how large every group is, and what it is made of.
//!
//! Graph tells members group by group, twenty groups to a request; a group that is named is
//! one request. Members of nested groups are not counted.

use crate::spec::ViewSpec;

/// The view.
pub(super) static VIEW: ViewSpec = ViewSpec::new("group_membership_counts", SQL)
    .about("Groups and how many direct members of each kind they have.")
    .columns(&[
        ("group_id", "Object id of the group."),
        ("display_name", "Name of the group."),
        ("security_enabled", "Can be given access."),
        ("is_assignable_to_role", "Can hold directory roles."),
        ("members", "Direct members of every kind."),
        ("users", "Users among them, guests included."),
        ("guests", "Guests among them."),
        ("disabled_users", "Users among them who cannot sign in."),
        ("groups", "Groups among them; their members are not counted."),
        ("devices", "Devices among them."),
        ("service_principals", "Service principals among them."),
    ])
    .examples(&[
        (
            "Groups without a member",
            "SELECT display_name, group_id
               FROM group_membership_counts
              WHERE members = 0
              ORDER BY display_name",
        ),
        (
            "Groups that hold roles, and who could misuse them",
            "SELECT display_name, members, guests, service_principals
               FROM group_membership_counts
              WHERE is_assignable_to_role
              ORDER BY members DESC",
        ),
    ]);

const SQL: &str = "\
SELECT g.id AS group_id, g.display_name, g.security_enabled, g.is_assignable_to_role,
       count(m.id) AS members,
       count(*) FILTER (WHERE m.object_type = '#microsoft.graph.user') AS users,
       count(*) FILTER (WHERE m.object_type = '#microsoft.graph.user'
                          AND m.user_type IN ('Guest', 'guest')) AS guests,
       count(*) FILTER (WHERE m.object_type = '#microsoft.graph.user'
                          AND NOT m.account_enabled) AS disabled_users,
       count(*) FILTER (WHERE m.object_type = '#microsoft.graph.group') AS groups,
       count(*) FILTER (WHERE m.object_type = '#microsoft.graph.device') AS devices,
       count(*) FILTER (WHERE m.object_type = '#microsoft.graph.servicePrincipal') AS service_principals
  FROM groups AS g
  LEFT JOIN group_members AS m ON m.group_id = g.id
 GROUP BY g.id, g.display_name, g.security_enabled, g.is_assignable_to_role";
