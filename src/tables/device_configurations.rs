//! `device_configurations`: settings that Intune puts on devices.
//!
//! One kind per platform and purpose in one list; the settings of a kind are in `raw`.

use crate::spec::{Bucket, Column, License, TableSpec, flag, integer, json, text, texts, time};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "device_configurations",
    "/deviceManagement/deviceConfigurations",
)
.about("Intune profiles with the settings of devices.")
.page("https://learn.microsoft.com/graph/api/resources/intune-deviceconfig-deviceconfiguration")
.permissions(&["DeviceManagementConfiguration.Read.All"])
.license(License::Intune)
.bucket(Bucket::Intune)
.ignores_filter()
.page_size(100, 100)
.no_select()
.no_top()
.get_by_key()
.rows_guess(100)
.columns(COLUMNS)
.examples(&[
    (
        "Profiles by kind",
        "SELECT profile_type, count(*) AS profiles, max(last_modified_date_time) AS newest
                   FROM device_configurations
                  GROUP BY profile_type
                  ORDER BY profiles DESC, profile_type",
    ),
    (
        "Profiles changed in the last week",
        "SELECT display_name, profile_type, version, last_modified_date_time
                   FROM device_configurations
                  WHERE last_modified_date_time > now() - interval '7 days'",
    ),
]);

// No filter is documented.
const COLUMNS: &[Column] = &[
    text("id", "Profile id.").required(),
    text("display_name", "Name."),
    text("profile_type", "Kind, e.g. `#microsoft.graph.windows10GeneralConfiguration`.")
        .property("@odata.type"),
    text("description", "What the profile is for."),
    integer("version", "Counts the changes."),
    time("created_date_time", "When it was made."),
    time("last_modified_date_time", "When it was last changed."),
    texts("role_scope_tag_ids", "Scope tags.").beta(),
    flag("supports_scope_tags", "Whether its scope tags can be changed.").beta(),
    json("device_management_applicability_rule_os_edition", "Windows editions it is for.").beta(),
    json("device_management_applicability_rule_os_version", "Windows versions it is for.").beta(),
    json("device_management_applicability_rule_device_mode", "Windows modes it is for.").beta(),
];
