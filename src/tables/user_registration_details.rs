//! `user_registration_details`: which sign-in methods every user has registered.
//!
//! One report for all users, where asking each user would be a request apiece. Graph takes
//! neither `$select` nor `$top` here, so every page has all columns and the length Graph likes.

use crate::spec::{
    ANY_EQ, Bucket, Column, EQ, License, PREFIX, TableSpec, choice, flag, text, texts, time,
};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "user_registration_details",
    "/reports/authenticationMethods/userRegistrationDetails",
)
.about("Sign-in methods each user has registered: MFA, passwordless, password reset.")
.page("https://learn.microsoft.com/graph/api/resources/userregistrationdetails")
.permissions(&["AuditLog.Read.All"])
.license(License::P1)
.bucket(Bucket::Reports)
.page_size(100, 100)
.no_select()
.no_top()
.columns(COLUMNS)
.examples(&[
    (
        "Administrators without MFA",
        "SELECT user_principal_name, methods_registered, last_updated_date_time
           FROM user_registration_details
          WHERE is_admin AND NOT is_mfa_registered
          ORDER BY user_principal_name",
    ),
    (
        "Members whose only second factor is a phone",
        "SELECT user_principal_name, methods_registered
           FROM user_registration_details
          WHERE is_mfa_registered
            AND user_type = 'member'
            AND array_has(methods_registered, 'mobilePhone')
            AND NOT array_has(methods_registered, 'microsoftAuthenticatorPush')
            AND NOT is_passwordless_capable
          ORDER BY user_principal_name",
    ),
    (
        "How many users have each method",
        "SELECT method, count(*) AS users
           FROM (SELECT unnest(methods_registered) AS method FROM user_registration_details)
          GROUP BY method
          ORDER BY users DESC",
    ),
]);

// Equality on `is_admin` is missing from Microsoft's page. It is accepted: public clients
// were seen to send it (2026).
const COLUMNS: &[Column] = &[
    text("id", "Object id of the user.").required(),
    text("user_principal_name", "Sign-in name.").filter(EQ.and(PREFIX)).sortable().required(),
    text("user_display_name", "Name.").filter(EQ.and(PREFIX)).sortable().required(),
    choice("user_type", USER_TYPES, "`member` or `guest`."),
    flag("is_admin", "Holds a directory role.").filter(EQ),
    flag("is_mfa_registered", "Has registered a strong method.").filter(EQ).required(),
    flag("is_mfa_capable", "Has registered one that policy allows.").filter(EQ).required(),
    flag("is_passwordless_capable", "Could sign in without a password.").filter(EQ).required(),
    flag("is_sspr_registered", "Has registered enough to reset the password.")
        .filter(EQ)
        .required(),
    flag("is_sspr_enabled", "Policy allows to reset the password.").filter(EQ).required(),
    flag("is_sspr_capable", "Registered and allowed to reset the password.").filter(EQ).required(),
    texts("methods_registered", "E.g. `microsoftAuthenticatorPush`, `mobilePhone`, `email`.")
        .filter(ANY_EQ),
    choice("default_mfa_method", DEFAULTS, "Method used when none is chosen."),
    flag("is_system_preferred_authentication_method_enabled", "Entra picks the strongest method.")
        .filter(EQ),
    texts("system_preferred_authentication_methods", "What Entra would pick, e.g. `push`.")
        .filter(ANY_EQ),
    choice(
        "user_preferred_method_for_secondary_authentication",
        PREFERRED,
        "What the user picked as second factor, e.g. `push`, `sms`.",
    ),
    time("last_updated_date_time", "When the report last looked at the user.").required(),
];

const USER_TYPES: &[&str] = &["member", "guest"];

const DEFAULTS: &[&str] = &[
    "none",
    "mobilePhone",
    "alternateMobilePhone",
    "officePhone",
    "microsoftAuthenticatorPush",
    "softwareOneTimePasscode",
];

const PREFERRED: &[&str] =
    &["push", "oath", "voiceMobile", "voiceAlternateMobile", "voiceOffice", "sms", "none"];
