//! `deleted_administrative_units`: administrative units that were deleted in the last 30 days.
//!
//! Roles that reached the unit only reach nothing while it is deleted.

use crate::spec::{License, TableSpec};
use crate::tables::administrative_units::COLUMNS;

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "deleted_administrative_units",
    "/directory/deletedItems/microsoft.graph.administrativeUnit",
)
.about("Administrative units that were deleted and can still be restored.")
.page("https://learn.microsoft.com/graph/api/directory-deleteditems-list")
.permissions(&["AdministrativeUnit.Read.All"])
.license(License::Any)
.directory(1)
.page_size(100, 999)
.retention_days(30)
.rows_guess(10)
.cast()
.columns(COLUMNS)
.examples(&[
    (
        "Units that were deleted, and when",
        "SELECT display_name, description, deleted_date_time
                   FROM deleted_administrative_units
                  ORDER BY deleted_date_time DESC",
    ),
    (
        "Restricted units that are gone, so that others can touch what was in them",
        "SELECT display_name, deleted_date_time
                   FROM deleted_administrative_units
                  WHERE is_member_management_restricted",
    ),
]);
