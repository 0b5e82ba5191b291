//! `service_principal_owners`: who may change which service principal, its secrets included.
//!
//! Graph tells it one by one: name the service principal, or every one is asked, twenty to a
//! request.

use crate::spec::{Column, TableSpec, parent, text};
use crate::tables::directory_shapes::{
    APP_ID, DELETED, NAME, OBJECT_TYPE, SIGN_IN_ENABLED, USER_MAIL, USER_NAME, USER_TYPE,
};
use crate::tables::service_principals;

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "service_principal_owners",
    "/servicePrincipals/{service_principal_id}/owners",
)
.per(&service_principals::TABLE)
.about("Owners of service principals, who can add secrets to them.")
.page("https://learn.microsoft.com/graph/api/serviceprincipal-list-owners")
.permissions(&["Application.Read.All", "Directory.Read.All"])
.directory(1)
.rows_guess(2000)
.columns(COLUMNS)
.examples(&[
    (
        "What one user owns",
        "SELECT s.display_name, s.service_principal_type
                   FROM service_principals s
                   JOIN service_principal_owners o ON o.service_principal_id = s.id
                  WHERE o.user_principal_name = 'lena.fischer@haldenvoss.example'",
    ),
    (
        "Service principals owned by another one",
        "SELECT s.display_name, o.display_name AS owner
                   FROM service_principals s
                   JOIN service_principal_owners o ON o.service_principal_id = s.id
                  WHERE o.object_type = '#microsoft.graph.servicePrincipal'",
    ),
]);

// Graph filters the kinds of objects apart, and only in advanced queries: nothing is sent.
const COLUMNS: &[Column] = &[
    parent("service_principal_id", "Object id of the service principal, which is not its app id."),
    text("id", "Object id of the owner.").required(),
    OBJECT_TYPE,
    NAME,
    USER_NAME,
    USER_MAIL,
    USER_TYPE,
    SIGN_IN_ENABLED,
    APP_ID,
    DELETED,
];
