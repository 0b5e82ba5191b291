//! `deleted_groups`: groups that were deleted in the last 30 days.
//!
//! Deleted security groups read `security_enabled` as false: tell the kind by `group_types`,
//! which is empty for them.

use crate::spec::{License, TableSpec};
use crate::tables::groups::COLUMNS;

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "deleted_groups",
    "/directory/deletedItems/microsoft.graph.group",
)
.about("Groups that were deleted and can still be restored.")
.page("https://learn.microsoft.com/graph/api/directory-deleteditems-list")
.permissions(&["Group.Read.All"])
.license(License::Any)
.directory(1)
.page_size(100, 999)
.retention_days(30)
.rows_guess(100)
.cast()
.columns(COLUMNS)
.examples(&[
    (
        "Groups deleted in the last days",
        "SELECT display_name, description, group_types, deleted_date_time
                   FROM deleted_groups
                  WHERE deleted_date_time > now() - interval '7 days'
                  ORDER BY deleted_date_time",
    ),
    (
        "Quarters of an hour in which many groups went at once",
        "SELECT date_bin(interval '15 minutes', deleted_date_time) AS quarter, count(*) AS groups
                   FROM deleted_groups
                  GROUP BY quarter
                 HAVING count(*) > 5
                  ORDER BY quarter",
    ),
]);
