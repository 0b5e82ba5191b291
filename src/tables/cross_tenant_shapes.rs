//! What cross-tenant access is made of: targets that are let through or not, and trust.

use crate::spec::{Column, Kind, choice, flag, list, record, text, texts};

pub(super) const B2B: &[Column] = &[
    record("users_and_groups", TARGETS, "Who."),
    record("applications", TARGETS, "To which applications."),
];

const TARGETS: &[Column] = &[
    choice("access_type", ACCESS, "Those listed are `allowed` or `blocked`."),
    list("targets", &Kind::Record(TARGET), "The list."),
];

const TARGET: &[Column] = &[
    text("target", "An id, or `AllUsers`, `AllApplications`, `Office365`."),
    choice("target_type", &["user", "group", "application"], "What the id is of."),
];

pub(super) const TRUST: &[Column] = &[
    flag("is_mfa_accepted", "MFA done at home counts here."),
    flag("is_compliant_device_accepted", "A compliant device at home counts here."),
    flag("is_hybrid_azure_ad_joined_device_accepted", "A hybrid joined device counts here.")
        .property("isHybridAzureADJoinedDeviceAccepted"),
];

pub(super) const CONSENT: &[Column] = &[
    flag("inbound_allowed", "Not for those who come here."),
    flag("outbound_allowed", "Not for own users elsewhere."),
];

pub(super) const APP_SERVICE: &[Column] = &[record("applications", TARGETS, "Which.")];

pub(super) const INBOUND_365: &[Column] = &[record("users", TARGETS, "Who.")];

pub(super) const OUTBOUND_365: &[Column] = &[record("users_and_groups", TARGETS, "Who.")];

pub(super) const RESTRICTIONS: &[Column] = &[
    record("users_and_groups", TARGETS, "Which foreign accounts."),
    record("applications", TARGETS, "To which applications."),
    record("devices", DEVICES, "On which devices."),
];

const DEVICES: &[Column] = &[
    choice("mode", ACCESS, "Those of the rule are `allowed` or `blocked`."),
    text("rule", "The rule."),
];

pub(super) const REDEMPTION: &[Column] = &[
    texts("primary_identity_provider_precedence_order", "Ways to prove who one is, best first.")
        .members(PROVIDERS),
    choice("fallback_identity_provider", PROVIDERS, "The way for everybody else."),
];

const ACCESS: &[&str] = &["allowed", "blocked"];

const PROVIDERS: &[&str] = &[
    "azureActiveDirectory",
    "externalFederation",
    "socialIdentityProviders",
    "emailOneTimePasscode",
    "microsoftAccount",
    "defaultConfiguredIdp",
];
