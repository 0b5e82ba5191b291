//! `deleted_devices`: devices that were deleted in the last 30 days.
//!
//! Microsoft shows deleted devices in an example only, so a tenant may refuse this.

use crate::spec::{License, TableSpec};
use crate::tables::devices::COLUMNS;

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("deleted_devices", "/directory/deletedItems/microsoft.graph.device")
        .about("Devices that were deleted and can still be restored.")
        .page("https://learn.microsoft.com/graph/api/directory-deleteditems-list")
        .permissions(&["Device.Read.All"])
        .license(License::Any)
        .directory(1)
        .page_size(100, 999)
        .retention_days(30)
        .rows_guess(100)
        .cast()
        .columns(COLUMNS)
        .examples(&[
            (
                "Devices deleted this month that were in use until then",
                "SELECT display_name, operating_system, approximate_last_sign_in_date_time,
                        deleted_date_time
                   FROM deleted_devices
                  WHERE approximate_last_sign_in_date_time > deleted_date_time - interval '30 days'",
            ),
            (
                "Deleted devices by kind of join",
                "SELECT trust_type, count(*) AS devices
                   FROM deleted_devices
                  GROUP BY trust_type",
            ),
        ]);
