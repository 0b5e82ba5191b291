//! `oauth2_permission_grants`: which apps may act for users, and with which scopes.
//!
//! One row per app, API and user, or per app and API when an administrator consented for
//! everybody. Permissions an app holds itself are not here.

use crate::spec::{Column, EQ, TableSpec, choice, text, time};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("oauth2_permission_grants", "/oauth2PermissionGrants")
        .about("Delegated permissions users and administrators have consented to.")
        .page("https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant")
        .permissions(&["Directory.Read.All"])
        .units(2)
        .no_top()
        .no_select()
        .rows_guess(1_000)
        .columns(COLUMNS)
        .examples(&[
            (
                "Apps that may read or send somebody's mail",
                "SELECT p.display_name AS app, g.consent_type, g.principal_id, g.scope
                   FROM oauth2_permission_grants g
                   JOIN service_principals p ON p.id = g.client_id
                  WHERE g.scope LIKE '%Mail.%'
                  ORDER BY app",
            ),
            (
                "Scopes an administrator has consented to for everybody",
                "SELECT p.display_name AS app, r.display_name AS api, trim(g.scope) AS scopes
                   FROM oauth2_permission_grants g
                   JOIN service_principals p ON p.id = g.client_id
                   JOIN service_principals r ON r.id = g.resource_id
                  WHERE g.consent_type = 'AllPrincipals'
                  ORDER BY app, api",
            ),
            (
                "Who has consented to an app that is not verified",
                "SELECT u.user_principal_name, p.display_name AS app, g.scope
                   FROM oauth2_permission_grants g
                   JOIN service_principals p ON p.id = g.client_id
                   JOIN users u ON u.id = g.principal_id
                  WHERE g.consent_type = 'Principal'
                    AND p.verified_publisher['display_name'] IS NULL",
            ),
        ]);

// `eq` is the one option Microsoft documents:
// https://learn.microsoft.com/graph/api/oauth2permissiongrant-list
const COLUMNS: &[Column] = &[
    // Upper and lower case matter in it, unlike in object ids: no direct get by key.
    text("id", "Grant id.").required(),
    text("client_id", "Object id of the app, as in `service_principals`.").filter(EQ),
    choice("consent_type", CONSENTS, "`AllPrincipals` for everybody, `Principal` for one user.")
        .filter(EQ),
    text("principal_id", "Object id of that user; null for everybody.").filter(EQ),
    text("resource_id", "Object id of the API, as in `service_principals`.").filter(EQ),
    text("scope", "Scopes with spaces between; may begin with one."),
    time("start_time", "Beginning; not enforced.").beta(),
    time("expiry_time", "End; not enforced.").beta(),
];

const CONSENTS: &[&str] = &["AllPrincipals", "Principal"];
