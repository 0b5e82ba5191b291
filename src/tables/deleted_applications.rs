//! `deleted_applications`: app registrations that were deleted in the last 30 days.
//!
//! Its secrets are listed as before; they work again once it is restored.

use crate::spec::{License, TableSpec};
use crate::tables::applications::COLUMNS;

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "deleted_applications",
    "/directory/deletedItems/microsoft.graph.application",
)
.about("App registrations that were deleted and can still be restored.")
.page("https://learn.microsoft.com/graph/api/directory-deleteditems-list")
.permissions(&["Application.Read.All"])
.license(License::Any)
.directory(1)
.page_size(100, 999)
.retention_days(30)
.rows_guess(50)
.cast()
.columns(COLUMNS)
.examples(&[
    (
        "Apps that lived for a week or less",
        "SELECT display_name, app_id, created_date_time, deleted_date_time
                   FROM deleted_applications
                  WHERE deleted_date_time - created_date_time < interval '7 days'
                  ORDER BY deleted_date_time DESC",
    ),
    (
        "Deleted apps with a secret that would still work if they came back",
        "SELECT display_name, secret['display_name'] AS secret, secret['end_date_time'] AS ends
                   FROM (SELECT display_name, unnest(password_credentials) AS secret
                           FROM deleted_applications)
                  WHERE secret['end_date_time'] > now()",
    ),
]);
