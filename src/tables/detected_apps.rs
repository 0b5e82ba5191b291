//! `detected_apps`: software that Intune found on managed devices.

use crate::spec::{Bucket, Column, License, TableSpec, choice, integer, long, text};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("detected_apps", "/deviceManagement/detectedApps")
        .about("Software found on devices managed by Intune.")
        .page("https://learn.microsoft.com/graph/api/resources/intune-devices-detectedapp")
        .permissions(&[
            "DeviceManagementManagedDevices.Read.All",
            "DeviceManagementConfiguration.Read.All",
        ])
        .license(License::Intune)
        .bucket(Bucket::Intune)
        .ignores_filter()
        .page_size(50, 50)
        .no_top()
        .get_by_key()
        .rows_guess(5_000)
        .columns(COLUMNS)
        .examples(&[
            (
                "Remote control software",
                "SELECT display_name, publisher, version, platform, device_count
                   FROM detected_apps
                  WHERE lower(display_name) LIKE '%anydesk%'
                     OR lower(display_name) LIKE '%teamviewer%'
                     OR lower(display_name) LIKE '%rustdesk%'
                  ORDER BY device_count DESC",
            ),
            (
                "Software found on one device only",
                "SELECT display_name, publisher, version, platform
                   FROM detected_apps
                  WHERE device_count = 1
                  ORDER BY display_name",
            ),
        ]);

const PLATFORMS: &[&str] = &[
    "unknown",
    "windows",
    "windowsMobile",
    "windowsHolographic",
    "ios",
    "macOS",
    "chromeOS",
    "androidOSP",
    "androidDeviceAdministrator",
    "androidWorkProfile",
    "androidDedicatedAndFullyManaged",
];

// No filter is documented.
const COLUMNS: &[Column] = &[
    text("id", "Id of the software in this version.").required(),
    text("display_name", "Name."),
    text("publisher", "Publisher."),
    text("version", "Version."),
    choice("platform", PLATFORMS, "Platform it was found on."),
    integer("device_count", "Devices that have it."),
    long("size_in_byte", "Size in bytes; 0 if not known."),
];
