//! `cross_tenant_access_partners`: tenants with settings of their own.
//!
//! What is null here is inherited from `cross_tenant_access_default`.

use crate::spec::{Column, License, TableSpec, flag, record, text, time};
use crate::tables::cross_tenant_shapes::{
    APP_SERVICE, B2B, CONSENT, INBOUND_365, OUTBOUND_365, RESTRICTIONS, TRUST,
};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "cross_tenant_access_partners",
    "/policies/crossTenantAccessPolicy/partners",
)
.about("Partner tenants: who comes in and goes out, and what is believed.")
.page(concat!(
    "https://learn.microsoft.com/graph/api/resources/",
    "crosstenantaccesspolicyconfigurationpartner",
))
.permissions(&["Policy.Read.All"])
.license(License::Any)
.key("tenant_id")
.page_size(100, 100)
.no_top()
.rows_guess(20)
.columns(COLUMNS)
.examples(&[
    (
        "Partners whose MFA or devices are believed",
        "SELECT tenant_id, inbound_trust['is_mfa_accepted'] AS their_mfa,
                        inbound_trust['is_compliant_device_accepted'] AS their_devices
                   FROM cross_tenant_access_partners
                  WHERE inbound_trust['is_mfa_accepted']
                     OR inbound_trust['is_compliant_device_accepted']",
    ),
    (
        "Guests in the sign-in log whose tenant is no named partner",
        "SELECT s.home_tenant_id, count(*) AS sign_ins
                   FROM sign_ins s
                   LEFT JOIN cross_tenant_access_partners p ON p.tenant_id = s.home_tenant_id
                  WHERE s.cross_tenant_access_type = 'b2bCollaboration'
                    AND s.created_date_time >= now() - INTERVAL '7 days'
                    AND p.tenant_id IS NULL
                  GROUP BY s.home_tenant_id
                  ORDER BY sign_ins DESC",
    ),
    (
        "Service providers and members of the same organization",
        "SELECT tenant_id, is_service_provider, is_in_multi_tenant_organization
                   FROM cross_tenant_access_partners
                  WHERE is_service_provider OR is_in_multi_tenant_organization",
    ),
]);

const COLUMNS: &[Column] = &[
    text("tenant_id", "The partner.").required(),
    flag("is_service_provider", "It administers this tenant for money."),
    flag("is_in_multi_tenant_organization", "It belongs to the same organization."),
    record("b2b_collaboration_inbound", B2B, "Its users as guests here."),
    record("b2b_collaboration_outbound", B2B, "Own users as guests there."),
    record("b2b_direct_connect_inbound", B2B, "Shared channels: its users here."),
    record("b2b_direct_connect_outbound", B2B, "Shared channels: own users there."),
    record("inbound_trust", TRUST, "What is believed of it; null as for others."),
    record("automatic_user_consent_settings", CONSENT, "Guests are not asked to consent."),
    record("app_service_connect_inbound", APP_SERVICE, "Its applications here."),
    record("m365_collaboration_inbound", INBOUND_365, "Sharing in Microsoft 365: its users here."),
    record(
        "m365_collaboration_outbound",
        OUTBOUND_365,
        "Sharing in Microsoft 365: own users there.",
    ),
    record("tenant_restrictions", RESTRICTIONS, "Its accounts on own devices and networks."),
    time("deleted_date_time", "When it was deleted; null while it exists.").beta(),
    flag("block_service_provider_outbound_access", "Own users cannot serve it.").beta(),
];
