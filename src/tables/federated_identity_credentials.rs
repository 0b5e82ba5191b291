//! `federated_identity_credentials`: whose tokens open an app registration without a secret.
//!
//! Graph tells it app by app: name the app, or every app is asked, twenty to a request. An app
//! has twenty at most.

use crate::spec::{Column, TableSpec, parent, text, texts};
use crate::tables::applications;

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "federated_identity_credentials",
    "/applications/{application_id}/federatedIdentityCredentials",
)
.per(&applications::TABLE)
.about("Workloads elsewhere that sign in as an app, without a secret.")
.page("https://learn.microsoft.com/graph/api/resources/federatedidentitycredential")
.permissions(&["Application.Read.All"])
.no_top()
.rows_guess(200)
.columns(COLUMNS)
.examples(&[
    (
        "Pipelines that sign in as an app",
        "SELECT a.display_name AS application, f.name, f.issuer, f.subject
           FROM applications a
           JOIN federated_identity_credentials f ON f.application_id = a.id
          ORDER BY application, f.name",
    ),
    (
        "Repositories outside our organization",
        "SELECT a.display_name AS application, f.subject
           FROM applications a
           JOIN federated_identity_credentials f ON f.application_id = a.id
          WHERE f.issuer = 'https://token.actions.githubusercontent.com'
            AND f.subject NOT LIKE 'repo:halden-voss/%'",
    ),
]);

// That Graph filters by name and subject is not sure, and twenty rows are soon looked at.
const COLUMNS: &[Column] = &[
    parent("application_id", "Object id of the application, which is not its app id."),
    text("id", "Credential id.").required(),
    text("name", "Name, which never changes."),
    text("issuer", "Who issues the tokens, as a URL."),
    text("subject", "Whom they are about, e.g. `repo:contoso/app:environment:prod`."),
    texts("audiences", "Whom they are for, usually `api://AzureADTokenExchange`."),
    text("description", "What it is for."),
];
