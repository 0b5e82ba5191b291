//! `role_definitions`: directory roles, built in and of the tenant's own making.
//!
//! Graph documents neither `$top` nor an order here, so it decides how long a page is.

use crate::spec::{Column, EQ, Kind, TableSpec, flag, list, text, texts};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("role_definitions", "/roleManagement/directory/roleDefinitions")
        .about("Directory roles and what each allows.")
        .page("https://learn.microsoft.com/graph/api/resources/unifiedroledefinition")
        .permissions(&[
            "RoleManagement.Read.Directory",
            "RoleManagement.Read.All",
            "Directory.Read.All",
        ])
        .no_top()
        .get_by_key()
        .rows_guess(150)
        .columns(COLUMNS)
        .examples(&[
            (
                "Roles the tenant made itself",
                "SELECT display_name, is_enabled,
                        role_permissions[1]['allowed_resource_actions'] AS actions
                   FROM role_definitions
                  WHERE NOT is_built_in
                  ORDER BY display_name",
            ),
            (
                "Roles that can change the credentials of applications",
                "SELECT DISTINCT display_name
                   FROM (SELECT display_name, unnest(role_permissions) AS permission
                           FROM role_definitions)
                  WHERE array_has(permission['allowed_resource_actions'],
                                  'microsoft.directory/applications/credentials/update')",
            ),
        ]);

const COLUMNS: &[Column] = &[
    text("id", "Role id; for built-in roles the same in every tenant.").filter(EQ).required(),
    text("display_name", "Name, e.g. `Global Administrator`.").filter(EQ),
    text("description", "What the role is for."),
    flag("is_built_in", "Made by Microsoft, not by the tenant.").filter(EQ),
    flag("is_enabled", "Can be assigned; built-in roles always can."),
    list("role_permissions", &Kind::Record(PERMISSION), "What holders may do."),
    texts("resource_scopes", "Where it applies; `/` is the whole tenant."),
    text("template_id", "Same as `id` for built-in roles."),
    text("version", "Version of the definition."),
    // Documented for beta, with `eq`; the built-in roles are also known to
    // `is_privileged_role(template_id)`, without a request.
    flag("is_privileged", "Microsoft labels it as privileged.").beta().filter_on_beta(EQ),
    texts("allowed_principal_types", "Who can hold it: `user`, `servicePrincipal`, `group`.")
        .members(PRINCIPALS)
        .beta(),
];

const PRINCIPALS: &[&str] = &["user", "servicePrincipal", "group"];

const PERMISSION: &[Column] = &[
    texts("allowed_resource_actions", "E.g. `microsoft.directory/users/password/update`."),
    texts("excluded_resource_actions", "Actions taken away again; not in use."),
    text("condition", "When they apply, e.g. `$ResourceIsSelf`."),
];
