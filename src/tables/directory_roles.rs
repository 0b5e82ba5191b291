//! `directory_roles`: roles somebody has held at least once, as directory objects.
//!
//! All come in one reply. `role_definitions` has the full catalogue; the ids here differ from
//! tenant to tenant, so compare `role_template_id`.

use crate::spec::{Column, EQ, License, TableSpec, text, time};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection("directory_roles", "/directoryRoles")
    .about("Directory roles that have been used in this tenant.")
    .page("https://learn.microsoft.com/graph/api/resources/directoryrole")
    .permissions(&["RoleManagement.Read.Directory", "Directory.Read.All"])
    .license(License::Any)
    .takes_in()
    .page_size(100, 100)
    .no_top()
    .get_by_key()
    .rows_guess(50)
    .columns(COLUMNS)
    .examples(&[
        (
            "Roles that are in use here",
            "SELECT display_name, description FROM directory_roles ORDER BY display_name",
        ),
        (
            "The object behind a role an audit names",
            "SELECT id, display_name FROM directory_roles
              WHERE role_template_id = '62e90394-69f5-4237-9190-012177145e10'",
        ),
    ]);

// The rest of what Graph filters by needs an advanced query, which saves nothing where all
// rows come at once.
const COLUMNS: &[Column] = &[
    text("id", "Object id, another one in every tenant.").required(),
    text("display_name", "Name, e.g. `Global Administrator`.").filter(EQ),
    text("description", "What the role allows."),
    text("role_template_id", "Template of the role, the same everywhere.").filter(EQ),
    time("deleted_date_time", "Always null: roles are not deleted."),
];
