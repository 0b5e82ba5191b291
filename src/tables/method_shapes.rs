//! What the policy of authentication methods is made of: one record for methods of all kinds.

use crate::spec::{Column, Kind, choice, flag, integer, list, record, text, texts};

pub(super) const REGISTRATION: &[Column] = &[record(
    "authentication_methods_registration_campaign",
    CAMPAIGN,
    "The prompt to register a better method.",
)];

const CAMPAIGN: &[Column] = &[
    choice("state", STATES, "`enabled`, `disabled` or `default`."),
    integer("snooze_duration_in_days", "Days for which a user can put it off."),
    list("include_targets", &Kind::Record(CAMPAIGN_TARGET), "Who is asked, for which method."),
    list("exclude_targets", &Kind::Record(TARGET), "Who is not asked."),
];

const CAMPAIGN_TARGET: &[Column] = &[
    text("id", "User id, group id or `all_users`."),
    choice("target_type", TARGETS, "`user` or `group`."),
    text("targeted_authentication_method", "E.g. `microsoftAuthenticator`."),
];

const TARGET: &[Column] = &[
    text("id", "User id, group id or `all_users`."),
    choice("target_type", TARGETS, "`user` or `group`."),
];

/// One method: what all have in common, then what each kind adds.
pub(super) const CONFIGURATION: &[Column] = &[
    text("id", "The method, e.g. `Fido2`, `Sms`; a GUID for external ones."),
    text("odata_type", "Its kind, e.g. `#microsoft.graph.fido2AuthenticationMethodConfiguration`.")
        .property("@odata.type"),
    choice("state", &["enabled", "disabled"], "`enabled` or `disabled`."),
    list("include_targets", &Kind::Record(INCLUDED), "Who may use it."),
    list("exclude_targets", &Kind::Record(TARGET), "Who may not, though included."),
    choice("allow_external_id_to_use_email_otp", STATES, "Codes by mail for guests."),
    text("app_id", "External: application of the provider."),
    text("display_name", "External: name."),
    record("open_id_connect_setting", CONNECT, "External: how the provider is reached."),
    text("default_passkey_profile", "Passkeys: profile of those without another."),
    flag("is_attestation_enforced", "Passkeys: the maker of a key must be proven."),
    flag("is_self_service_registration_allowed", "Passkeys: users may add their own."),
    record("key_restrictions", KEYS, "Passkeys: models let in or kept out."),
    record("feature_settings", FEATURES, "Authenticator: what a prompt shows."),
    flag("is_software_oath_enabled", "Authenticator: codes may be used too."),
    integer("pin_length", "QR code: digits of the PIN."),
    integer("standard_qr_code_lifetime_in_days", "QR code: days a standard one is valid.")
        .property("standardQRCodeLifetimeInDays"),
    integer("default_length", "Temporary access pass: characters."),
    integer("default_lifetime_in_minutes", "Temporary access pass: minutes unless told."),
    integer("minimum_lifetime_in_minutes", "Temporary access pass: fewest minutes."),
    integer("maximum_lifetime_in_minutes", "Temporary access pass: most minutes."),
    flag("is_usable_once", "Temporary access pass: good for one sign-in."),
    flag("is_office_phone_allowed", "Voice: office phones may be used."),
    record("authentication_mode_configuration", MODES, "Certificates: one factor or two."),
    list("certificate_authority_scopes", &Kind::Record(SCOPE), "Certificates: authority by group."),
    list("certificate_user_bindings", &Kind::Record(BINDING), "Certificates: how a user is found."),
    record("crl_validation_configuration", REVOCATION, "Certificates: revocation must be known."),
    record("issuer_hints_configuration", HINTS, "Certificates: clients are told the issuers."),
];

const INCLUDED: &[Column] = &[
    text("id", "User id, group id or `all_users`."),
    choice("target_type", TARGETS, "`user` or `group`."),
    flag("is_registration_required", "They have to register it."),
    text("authentication_mode", "Authenticator: `any`, `push` or `deviceBasedPush`."),
    flag("is_usable_for_sign_in", "Text message: it is a first factor too."),
];

const CONNECT: &[Column] = &[
    text("client_id", "Client id at the provider."),
    text("discovery_url", "Where the provider describes itself."),
];

const KEYS: &[Column] = &[
    flag("is_enforced", "The list counts."),
    choice("enforcement_type", &["allow", "block"], "`allow` or `block` those listed."),
    texts("aa_guids", "Models, by AAGUID."),
];

const FEATURES: &[Column] = &[
    record("display_app_information_required_state", FEATURE, "The application is named."),
    record("display_location_information_required_state", FEATURE, "The place is named."),
];

const FEATURE: &[Column] = &[
    choice("state", STATES, "`enabled`, `disabled` or `default`."),
    record("include_target", FEATURE_TARGET, "For whom."),
    record("exclude_target", FEATURE_TARGET, "For whom not."),
];

const FEATURE_TARGET: &[Column] = &[
    text("id", "Object id or `all_users`."),
    choice("target_type", FEATURE_TARGETS, "`group`, `administrativeUnit` or `role`."),
];

const MODES: &[Column] = &[
    choice("x509_certificate_authentication_default_mode", FACTORS, "Unless a rule says more."),
    choice("x509_certificate_default_required_affinity_level", LEVELS, "`low` or `high`."),
    list("rules", &Kind::Record(RULE), "Rules by issuer or policy."),
];

const RULE: &[Column] = &[
    text("identifier", "What it matches."),
    text("issuer_subject_identifier", "Issuer it matches."),
    text("policy_oid_identifier", "Policy it matches."),
    choice("x509_certificate_authentication_mode", FACTORS, "Factors such a certificate is."),
    choice("x509_certificate_required_affinity_level", LEVELS, "`low` or `high`."),
    choice("x509_certificate_rule_type", RULES, "What it looks at."),
];

const SCOPE: &[Column] = &[
    list("include_targets", &Kind::Record(TARGET), "For whom."),
    text("public_key_infrastructure_identifier", "Public key infrastructure."),
    text("subject_key_identifier", "Authority, by its key."),
];

const BINDING: &[Column] = &[
    integer("priority", "Order in which they are tried."),
    text("x509_certificate_field", "Field of the certificate, e.g. `PrincipalName`."),
    text("user_property", "Property of the user it must equal."),
    choice("trust_affinity_level", LEVELS, "`low` or `high`."),
];

const REVOCATION: &[Column] = &[
    choice("state", SWITCH, "`enabled` or `disabled`."),
    texts("exempted_certificate_authorities_subject_key_identifiers", "Authorities left out."),
];

const HINTS: &[Column] = &[choice("state", SWITCH, "`enabled` or `disabled`.")];

const STATES: &[&str] = &["default", "enabled", "disabled"];
const SWITCH: &[&str] = &["disabled", "enabled"];
const TARGETS: &[&str] = &["user", "group"];
const FEATURE_TARGETS: &[&str] = &["group", "administrativeUnit", "role"];
const FACTORS: &[&str] = &["x509CertificateSingleFactor", "x509CertificateMultiFactor"];
const LEVELS: &[&str] = &["low", "high"];
const RULES: &[&str] = &["issuerSubject", "policyOID", "issuerSubjectAndPolicyOID"];
