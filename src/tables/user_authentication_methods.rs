//! `user_authentication_methods`: what a user can prove with, method by method.
//!
//! Graph tells it user by user. Who has which kinds is in `user_registration_details`, in one
//! listing for all; this table adds the devices, numbers and dates.

use crate::spec::{
    Bucket, Column, TableSpec, choice, flag, integer, json, parent, text, texts, time,
};
use crate::tables::users;

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("user_authentication_methods", "/users/{user_id}/authentication/methods")
        .per(&users::TABLE)
        .about("Registered authentication methods of users, one row each.")
        .page("https://learn.microsoft.com/graph/api/authentication-list-methods")
        .permissions(&["UserAuthenticationMethod.Read.All"])
        .bucket(Bucket::Reports)
        .no_select()
        .no_top()
        .rows_guess(30_000)
        .columns(COLUMNS)
        .examples(&[
            (
                "What one user has registered",
                "SELECT m.method_type, m.display_name, m.phone_number, m.created_date_time
                   FROM users u
                   JOIN user_authentication_methods m ON m.user_id = u.id
                  WHERE u.user_principal_name = 'lena.fischer@haldenvoss.example'",
            ),
            (
                "Methods the risky users have added this month",
                "SELECT r.user_principal_name, m.method_type, m.display_name, m.created_date_time
                   FROM risky_users r
                   JOIN user_authentication_methods m ON m.user_id = r.id
                  WHERE r.risk_state = 'atRisk'
                    AND m.created_date_time > now() - interval '30 days'",
            ),
        ]);

// One list of many kinds: the columns of the other kinds are null. What is secret in them,
// passwords and keys, Graph never sends.
const COLUMNS: &[Column] = &[
    parent("user_id", "Object id of the user."),
    text("id", "Method id; the same for every user for passwords, phones and e-mail.").required(),
    choice("method_type", TYPES, "Kind, e.g. `#microsoft.graph.fido2AuthenticationMethod`.")
        .property("@odata.type"),
    time("created_date_time", "When it was registered."),
    time("last_used_date_time", "When it was last used.").beta(),
    text("display_name", "Name of the key, phone or computer."),
    text("phone_number", "E.g. `+49 1701234567`; phones."),
    choice("phone_type", PHONES, "`mobile`, `alternateMobile` or `office`; phones."),
    choice("sms_sign_in_state", SMS, "Whether it can sign in by text message; phones."),
    text("email_address", "Address for password resets; e-mail."),
    text("aa_guid", "Model of the key as a GUID; FIDO2."),
    text("model", "Model of the key; FIDO2."),
    choice("attestation_level", ATTESTATIONS, "`attested` or `notAttested`; FIDO2."),
    texts("attestation_certificates", "Certificates of the attestation; FIDO2."),
    choice("passkey_type", PASSKEYS, "`deviceBound` or `synced`; FIDO2."),
    json("public_key_credential", "Public part of the passkey; FIDO2."),
    text("device_tag", "`SoftwareTokenActivated` and the like; Authenticator."),
    text("phone_app_version", "Version of the app; Authenticator."),
    choice("key_strength", STRENGTHS, "`normal`, `weak` or `unknown`; Windows Hello."),
    choice("platform", PLATFORMS, "Operating system; platform credentials."),
    text("configuration_id", "The external provider; external methods."),
    flag("is_usable", "Whether it works now; temporary access passes."),
    flag("is_usable_once", "Whether it works once only; temporary access passes."),
    integer("lifetime_in_minutes", "How long it works; temporary access passes."),
    text("method_usability_reason", "Why it works or not; temporary access passes."),
    time("start_date_time", "When it begins to work; temporary access passes."),
];

const TYPES: &[&str] = &[
    "#microsoft.graph.emailAuthenticationMethod",
    "#microsoft.graph.externalAuthenticationMethod",
    "#microsoft.graph.fido2AuthenticationMethod",
    "#microsoft.graph.hardwareOathAuthenticationMethod",
    "#microsoft.graph.microsoftAuthenticatorAuthenticationMethod",
    "#microsoft.graph.passwordAuthenticationMethod",
    "#microsoft.graph.passwordlessMicrosoftAuthenticatorAuthenticationMethod",
    "#microsoft.graph.phoneAuthenticationMethod",
    "#microsoft.graph.platformCredentialAuthenticationMethod",
    "#microsoft.graph.qrCodePinAuthenticationMethod",
    "#microsoft.graph.softwareOathAuthenticationMethod",
    "#microsoft.graph.temporaryAccessPassAuthenticationMethod",
    "#microsoft.graph.windowsHelloForBusinessAuthenticationMethod",
];
const PHONES: &[&str] = &["mobile", "alternateMobile", "office"];
const SMS: &[&str] = &[
    "notSupported",
    "notAllowedByPolicy",
    "notEnabled",
    "phoneNumberNotUnique",
    "ready",
    "notConfigured",
];
const ATTESTATIONS: &[&str] = &["attested", "notAttested"];
const PASSKEYS: &[&str] = &["deviceBound", "synced"];
const STRENGTHS: &[&str] = &["normal", "weak", "unknown"];
const PLATFORMS: &[&str] = &["unknown", "windows", "macOS", "iOS", "android", "linux"];
