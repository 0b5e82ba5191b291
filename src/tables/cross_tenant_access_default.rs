//! `cross_tenant_access_default`: what holds for every tenant that is not a named partner.

use crate::spec::{Column, License, TableSpec, flag, record, text};
use crate::tables::cross_tenant_shapes::{
    APP_SERVICE, B2B, CONSENT, INBOUND_365, OUTBOUND_365, REDEMPTION, RESTRICTIONS, TRUST,
};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::single("cross_tenant_access_default", "/policies/crossTenantAccessPolicy/default")
        .about("Who comes in and goes out, unless the partner is named; one row.")
        .page(concat!(
            "https://learn.microsoft.com/graph/api/resources/",
            "crosstenantaccesspolicyconfigurationdefault",
        ))
        .permissions(&["Policy.Read.All"])
        .license(License::Any)
        .columns(COLUMNS)
        .examples(&[
            (
                "Whether guests of any tenant can come in, and what is believed of them",
                "SELECT b2b_collaboration_inbound['users_and_groups']['access_type'] AS guests,
                        inbound_trust['is_mfa_accepted'] AS their_mfa,
                        inbound_trust['is_compliant_device_accepted'] AS their_devices,
                        is_service_default
                   FROM cross_tenant_access_default",
            ),
            (
                "Where own users may be guests",
                "SELECT b2b_collaboration_outbound['users_and_groups']['access_type'] AS users,
                        b2b_collaboration_outbound['applications']['access_type'] AS apps,
                        b2b_direct_connect_outbound['users_and_groups']['access_type'] AS direct
                   FROM cross_tenant_access_default",
            ),
        ]);

const COLUMNS: &[Column] = &[
    text("id", "Id of the configuration.").required(),
    flag("is_service_default", "Nobody has changed what Microsoft ships."),
    record("b2b_collaboration_inbound", B2B, "Guests who come here."),
    record("b2b_collaboration_outbound", B2B, "Own users who are guests elsewhere."),
    record("b2b_direct_connect_inbound", B2B, "Shared channels: who comes here."),
    record("b2b_direct_connect_outbound", B2B, "Shared channels: who goes elsewhere."),
    record("inbound_trust", TRUST, "What is believed of other tenants."),
    record("automatic_user_consent_settings", CONSENT, "Guests are not asked to consent."),
    record("invitation_redemption_identity_provider_configuration", REDEMPTION, "How guests join."),
    record("app_service_connect_inbound", APP_SERVICE, "Applications of other tenants."),
    record("m365_collaboration_inbound", INBOUND_365, "Sharing in Microsoft 365: who comes here."),
    record("m365_collaboration_outbound", OUTBOUND_365, "Sharing in Microsoft 365: who goes out."),
    record("tenant_restrictions", RESTRICTIONS, "Foreign accounts on own devices and networks."),
    flag("block_service_provider_outbound_access", "Own users cannot serve other tenants.").beta(),
];
