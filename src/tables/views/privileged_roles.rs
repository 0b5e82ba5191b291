//! `privileged_roles`: who holds which directory role, how, and through which group.
//!
//! Roles held and roles that can be activated come from PIM, a listing each. Members are
//! asked for in the groups that can hold roles, no others; such groups do not nest.

use crate::spec::ViewSpec;

/// The view.
pub(super) static VIEW: ViewSpec = ViewSpec::new("privileged_roles", SQL)
    .about("Holders of directory roles: permanent, activated or eligible, through which group.")
    .columns(&[
        ("role", "Name of the role."),
        ("role_definition_id", "The role, as in `role_definitions`."),
        ("is_privileged", "Whether Microsoft labels the role as privileged."),
        ("state", "`permanent`, `time-bound`, `activated` or `eligible`."),
        ("holder_id", "Object id of who holds it."),
        ("holder_type", "`user`, `servicePrincipal` or `group`; null for who is gone."),
        ("holder_name", "Name of who holds it."),
        ("user_principal_name", "Sign-in name; users only."),
        ("account_enabled", "Whether the user can sign in; users only."),
        ("user_type", "`Member` or `Guest`; users only."),
        ("via_group_id", "Object id of the group it is held through; null for directly."),
        ("via_group", "Name of that group."),
        ("directory_scope_id", "`/` for the tenant, else an administrative unit or object."),
        ("start_date_time", "From when on."),
        ("end_date_time", "Until when; null is forever."),
    ])
    .examples(&[
        (
            "Everybody who is or can make themselves Global Administrator",
            "SELECT state, user_principal_name, holder_name, via_group, end_date_time
               FROM privileged_roles
              WHERE role_definition_id = '62e90394-69f5-4237-9190-012177145e10'
              ORDER BY state, holder_name",
        ),
        (
            "Privileged roles of disabled accounts and guests",
            "SELECT role, state, user_principal_name, via_group
               FROM privileged_roles
              WHERE is_privileged AND (NOT account_enabled OR user_type = 'Guest')",
        ),
    ]);

// A group without members holds the role itself, so that it is not overlooked.
const SQL: &str = "\
SELECT r.display_name AS role, h.role_definition_id, is_privileged_role(r.template_id) AS is_privileged,
       h.state, h.holder_id,
       CASE WHEN u.id IS NOT NULL THEN 'user' WHEN s.id IS NOT NULL THEN 'servicePrincipal'
            WHEN h.is_group THEN 'group' END AS holder_type,
       coalesce(u.display_name, s.display_name, h.member_name, h.group_name) AS holder_name,
       u.user_principal_name, u.account_enabled, u.user_type,
       CASE WHEN NOT h.is_group THEN h.group_id END AS via_group_id,
       CASE WHEN NOT h.is_group THEN h.group_name END AS via_group,
       h.directory_scope_id, h.start_date_time, h.end_date_time
  FROM (SELECT p.role_definition_id, p.state, p.directory_scope_id, p.start_date_time, p.end_date_time,
               coalesce(g.member_id, p.principal_id) AS holder_id, g.group_id, g.group_name,
               g.member_name, g.group_id IS NOT NULL AND g.member_id IS NULL AS is_group
          FROM (SELECT principal_id, role_definition_id, directory_scope_id, start_date_time,
                       end_date_time,
                       CASE WHEN assignment_type = 'Activated' THEN 'activated'
                            WHEN end_date_time IS NULL THEN 'permanent'
                            ELSE 'time-bound' END AS state
                  FROM role_assignment_schedule_instances
                 UNION ALL
                SELECT principal_id, role_definition_id, directory_scope_id, start_date_time,
                       end_date_time, 'eligible' AS state
                  FROM role_eligibility_schedule_instances) AS p
          LEFT JOIN (SELECT a.id AS group_id, a.display_name AS group_name, m.id AS member_id,
                            m.display_name AS member_name
                       FROM groups AS a
                       LEFT JOIN group_members AS m ON m.group_id = a.id
                      WHERE a.is_assignable_to_role) AS g ON g.group_id = p.principal_id) AS h
  LEFT JOIN role_definitions AS r ON r.id = h.role_definition_id
  LEFT JOIN users AS u ON u.id = h.holder_id
  LEFT JOIN service_principals AS s ON s.id = h.holder_id";
