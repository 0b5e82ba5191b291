//! `device_users`: who is registered as a user of which device.
//!
//! Graph tells it device by device: name the device, or every device is asked, twenty to a
//! request.

use crate::spec::{Column, TableSpec, parent, text};
use crate::tables::devices;
use crate::tables::directory_shapes::{
    APP_ID, DELETED, NAME, OBJECT_TYPE, SIGN_IN_ENABLED, USER_MAIL, USER_NAME, USER_TYPE,
};

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
    OBJECT_TYPE,
    NAME,
    USER_NAME,
    USER_MAIL,
    USER_TYPE,
    SIGN_IN_ENABLED,
    APP_ID,
    DELETED,
];
