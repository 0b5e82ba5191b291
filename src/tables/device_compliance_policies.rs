//! `device_compliance_policies`: what Intune asks of a device before it counts as compliant.
//!
//! One kind per platform in one list; what a kind asks for in particular is in `raw`.

use crate::spec::{Bucket, Column, License, TableSpec, integer, text, texts, time};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "device_compliance_policies",
    "/deviceManagement/deviceCompliancePolicies",
)
.about("Intune policies that decide which devices are compliant.")
.page("https://learn.microsoft.com/graph/api/resources/intune-deviceconfig-devicecompliancepolicy")
.permissions(&["DeviceManagementConfiguration.Read.All"])
.license(License::Intune)
.bucket(Bucket::Intune)
.ignores_filter()
.page_size(100, 100)
.no_select()
.no_top()
.get_by_key()
.rows_guess(30)
.columns(COLUMNS)
.examples(&[
    (
        "Compliance policies, the oldest first",
        "SELECT display_name, policy_type, last_modified_date_time
                   FROM device_compliance_policies
                  ORDER BY last_modified_date_time",
    ),
    (
        "Compliance policies changed in the last week",
        "SELECT display_name, policy_type, version, last_modified_date_time
                   FROM device_compliance_policies
                  WHERE last_modified_date_time > now() - interval '7 days'",
    ),
]);

// No filter is documented.
const COLUMNS: &[Column] = &[
    text("id", "Policy id.").required(),
    text("display_name", "Name."),
    text("policy_type", "Platform, e.g. `#microsoft.graph.windows10CompliancePolicy`.")
        .property("@odata.type"),
    text("description", "What the policy is for."),
    integer("version", "Counts the changes."),
    time("created_date_time", "When it was made."),
    time("last_modified_date_time", "When it was last changed."),
    texts("role_scope_tag_ids", "Scope tags.").beta(),
];
