//! `deleted_service_principals`: service principals that were deleted in the last 30 days.
//!
//! With the service principal went what it was granted; restoring brings it back.

use crate::spec::{License, TableSpec};
use crate::tables::service_principals::COLUMNS;

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "deleted_service_principals",
    "/directory/deletedItems/microsoft.graph.servicePrincipal",
)
.about("Service principals that were deleted and can still be restored.")
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
        "Apps that were removed, and where they came from",
        "SELECT display_name, app_id, app_owner_organization_id, deleted_date_time
                   FROM deleted_service_principals
                  ORDER BY deleted_date_time DESC",
    ),
    (
        "Sign-ins of apps that have been removed since",
        "SELECT d.display_name, count(*) AS sign_ins, max(s.created_date_time) AS last_seen
                   FROM deleted_service_principals d
                   JOIN service_principal_sign_ins s ON s.service_principal_id = d.id
                  WHERE s.created_date_time > now() - interval '30 days'
                  GROUP BY d.display_name",
    ),
]);
