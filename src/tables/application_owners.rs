//! `application_owners`: who may change which app registration, its secrets included.
//!
//! Graph tells it app by app: name the app, or every app is asked, twenty to a request.

use crate::spec::{Column, TableSpec, parent, text};
use crate::tables::applications;
use crate::tables::directory_shapes::{
    APP_ID, DELETED, NAME, OBJECT_TYPE, SIGN_IN_ENABLED, USER_MAIL, USER_NAME, USER_TYPE,
};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("application_owners", "/applications/{application_id}/owners")
        .per(&applications::TABLE)
        .about("Owners of app registrations, who can add secrets to them.")
        .page("https://learn.microsoft.com/graph/api/application-list-owners")
        .permissions(&["Application.Read.All", "Directory.Read.All"])
        .directory(1)
        .rows_guess(2000)
        .columns(COLUMNS)
        .examples(&[
            (
                "Apps a disabled account still owns",
                "SELECT a.display_name AS application, o.user_principal_name
                   FROM applications a
                   JOIN application_owners o ON o.application_id = a.id
                  WHERE NOT o.account_enabled",
            ),
            (
                "Apps with secrets that nobody owns",
                "SELECT a.display_name, cardinality(a.password_credentials) AS secrets
                   FROM applications a
                   LEFT JOIN application_owners o ON o.application_id = a.id
                  WHERE o.id IS NULL AND cardinality(a.password_credentials) > 0
                  ORDER BY a.display_name",
            ),
        ]);

// Graph filters the kinds of objects apart, and only in advanced queries: nothing is sent.
const COLUMNS: &[Column] = &[
    parent("application_id", "Object id of the application, which is not its app id."),
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
