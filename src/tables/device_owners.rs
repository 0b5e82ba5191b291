//! `device_owners`: who joined or registered which device.
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
    TableSpec::collection("device_owners", "/devices/{device_object_id}/registeredOwners")
        .per(&devices::TABLE)
        .about("Who joined or registered which device.")
        .page("https://learn.microsoft.com/graph/api/device-list-registeredowners")
        .permissions(&["Device.Read.All", "Directory.Read.All"])
        .directory(1)
        .rows_guess(10000)
        .columns(COLUMNS)
        .examples(&[
            (
                "Devices of one user",
                "SELECT d.display_name, d.operating_system, d.trust_type, d.is_compliant
                   FROM devices d
                   JOIN device_owners o ON o.device_object_id = d.id
                  WHERE o.user_principal_name = 'marek.novak@haldenvoss.example'",
            ),
            (
                "Working devices of disabled accounts",
                "SELECT o.user_principal_name, d.display_name, d.approximate_last_sign_in_date_time
                   FROM devices d
                   JOIN device_owners o ON o.device_object_id = d.id
                  WHERE d.account_enabled AND NOT o.account_enabled
                  ORDER BY o.user_principal_name",
            ),
        ]);

// Graph filters the kinds of objects apart, and only in advanced queries: nothing is sent.
const COLUMNS: &[Column] = &[
    parent("device_object_id", "Object id of the device: `id`, not `device_id`, in `devices`."),
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
