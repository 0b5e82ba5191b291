//! `device_users`: who is registered as a user of which device.
//!
//! Graph tells it device by device: name the device, or every device is asked, twenty to a
//! request.

use crate::spec::{Column, TableSpec, choice, flag, parent, text, time};
use crate::tables::devices;
use crate::tables::directory_shapes::KINDS;

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("device_users", "/devices/{device_object_id}/registeredUsers")
        .per(&devices::TABLE)
        .about("Who is registered as a user of which device.")
        .page("https://learn.microsoft.com/graph/api/device-list-registeredusers")
        .permissions(&["Device.Read.All", "Directory.Read.All"])
        .directory(1)
        .rows_guess(10000)
        .columns(COLUMNS)
        .examples(&[
            (
                "Users of one device",
                "SELECT u.user_principal_name, u.account_enabled
                   FROM devices d
                   JOIN device_users u ON u.device_object_id = d.id
                  WHERE d.display_name = 'HV-00001'",
            ),
            (
                "Devices several people use",
                "SELECT d.display_name, count(*) AS people
                   FROM devices d
                   JOIN device_users u ON u.device_object_id = d.id
                  GROUP BY d.display_name
                 HAVING count(*) > 1
                  ORDER BY people DESC",
            ),
        ]);

// Graph filters the kinds of objects apart, and only in advanced queries: nothing is sent.
const COLUMNS: &[Column] = &[
    parent("device_object_id", "Object id of the device: `id`, not `device_id`, in `devices`."),
    text("id", "Object id of the user.").required(),
    choice("object_type", KINDS, "Kind of object, e.g. `#microsoft.graph.user`.")
        .property("@odata.type"),
    text("display_name", "Name; null where the app may not read the kind of object."),
    text("user_principal_name", "Sign-in name; users only."),
    text("mail", "Mail address; users only."),
    text("user_type", "`Member` or `Guest`; users only."),
    flag("account_enabled", "Whether it can sign in; users and service principals."),
    text("app_id", "Application id; service principals only."),
    time("deleted_date_time", "When it was deleted; null while it exists."),
];
