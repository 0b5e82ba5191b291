//! `authentication_context_class_references`: labels on data and actions that ask for more.

use crate::spec::{Bucket, Column, License, TableSpec, flag, text};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "authentication_context_class_references",
    "/identity/conditionalAccess/authenticationContextClassReferences",
)
.about("Authentication contexts: labels that applications ask Conditional Access for.")
.page("https://learn.microsoft.com/graph/api/resources/authenticationcontextclassreference")
.permissions(&["AuthenticationContext.Read.All", "Policy.Read.ConditionalAccess"])
.license(License::P1)
.bucket(Bucket::IdentityProtection)
.page_size(100, 100)
.no_select()
.no_top()
.rows_guess(10)
.columns(COLUMNS)
.examples(&[
    (
        "Contexts applications can use",
        "SELECT id, display_name, description
           FROM authentication_context_class_references
          WHERE is_available
          ORDER BY id",
    ),
    (
        "Contexts no enabled policy is for, so that they protect nothing",
        "SELECT c.id, c.display_name
           FROM authentication_context_class_references c
           LEFT JOIN (SELECT unnest(conditions['applications']
                                    ['include_authentication_context_class_references']) AS id
                        FROM conditional_access_policies
                       WHERE state = 'enabled') p
             ON p.id = c.id
          WHERE c.is_available AND p.id IS NULL
          ORDER BY c.id",
    ),
]);

// Public schemas say `isAvailable` takes `eq`; Microsoft's page on the listing names no
// option, so none is sent.
const COLUMNS: &[Column] = &[
    text("id", "`c1` to `c99`, as in policies and sign-ins.").required(),
    text("display_name", "Name."),
    text("description", "What it is for."),
    flag("is_available", "Applications can use it."),
];
