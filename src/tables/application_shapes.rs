//! What app registrations and service principals are made of: credentials, permissions,
//! redirects.

use crate::spec::{
    ANY_EQ, ANY_PREFIX, Column, EQ, Kind, NULL, Ops, PREFIX, flag, integer, list, record, text,
    texts, time,
};

const MATCH: Ops = EQ.and(PREFIX);
const MATCH_NULL: Ops = EQ.and(PREFIX).and(NULL);
const ANY: Ops = ANY_EQ.and(ANY_PREFIX);

// `secretText` is null in every reply, and so no field.
pub(super) const PASSWORD: &[Column] = &[
    text("key_id", "Id of the secret, as in sign-ins of service principals."),
    text("display_name", "What it is for."),
    text("hint", "First characters of the secret."),
    time("start_date_time", "From when on it is good."),
    time("end_date_time", "Until when it is good."),
    text("custom_key_identifier", "An id of one's own, as base64."),
];

// Graph sends `key` only when `$select` names the list, at most 150 such requests a minute:
// https://learn.microsoft.com/graph/api/resources/keycredential
pub(super) const KEY: &[Column] = &[
    text("key_id", "Id of the certificate, as in sign-ins of service principals."),
    text("display_name", "What it is for."),
    text("type", "`AsymmetricX509Cert`, `X509CertAndPassword`."),
    text("usage", "`Verify` or `Sign`."),
    time("start_date_time", "From when on it is good."),
    time("end_date_time", "Until when it is good."),
    text("custom_key_identifier", "Thumbprint, as base64."),
    text("key", "Public part of the certificate, as base64."),
];

pub(super) const RESOURCE_ACCESS: &[Column] = &[
    text("resource_app_id", "App the permissions are of, e.g. Microsoft Graph."),
    list("resource_access", &Kind::Record(ACCESS), "The permissions."),
];

const ACCESS: &[Column] = &[
    text("id", "Id of the permission or role."),
    text("type", "`Scope` is delegated, `Role` is the app's own."),
];

pub(super) const WEB: &[Column] = &[
    text("home_page_url", "Home page.").filter(MATCH_NULL).advanced(MATCH_NULL),
    texts("redirect_uris", "Where tokens may be sent.").filter(ANY).advanced(ANY),
    text("logout_url", "Where to sign out."),
    record("implicit_grant_settings", IMPLICIT, "Tokens right from the sign-in page."),
    list("redirect_uri_settings", &Kind::Record(REDIRECT), "Order of the redirects."),
];

const IMPLICIT: &[Column] = &[
    flag("enable_access_token_issuance", "Access tokens."),
    flag("enable_id_token_issuance", "Id tokens."),
];

const REDIRECT: &[Column] = &[integer("index", "Place."), text("uri", "Where.")];

pub(super) const SPA: &[Column] =
    &[texts("redirect_uris", "Where tokens may be sent.").filter(ANY).advanced(ANY)];

pub(super) const PUBLIC_CLIENT: &[Column] =
    &[texts("redirect_uris", "Where tokens may be sent.").filter(ANY).advanced(ANY)];

pub(super) const API: &[Column] = &[
    list("oauth2_permission_scopes", &Kind::Record(SCOPE), "Delegated permissions it offers."),
    list("pre_authorized_applications", &Kind::Record(PRE), "Apps that need no consent."),
    texts("known_client_applications", "Apps that are consented to together with it."),
    integer("requested_access_token_version", "1 or 2; null for 1."),
    flag("accept_mapped_claims", "Takes mapped claims without a signing key of its own."),
];

pub(super) const SCOPE: &[Column] = &[
    text("id", "Id of the permission."),
    text("value", "Name in a token, e.g. `Files.Read`."),
    text("type", "`User` or `Admin`: who can consent."),
    flag("is_enabled", "Can be asked for."),
    text("admin_consent_display_name", "Title for administrators."),
    text("admin_consent_description", "Text for administrators."),
    text("user_consent_display_name", "Title for users."),
    text("user_consent_description", "Text for users."),
    text("origin", "Where it is defined."),
];

const PRE: &[Column] =
    &[text("app_id", "The app."), texts("delegated_permission_ids", "Permissions it gets.")];

pub(super) const APP_ROLE: &[Column] = &[
    text("id", "Id of the role."),
    text("value", "Name in a token, e.g. `Reports.Read`."),
    text("display_name", "Name."),
    text("description", "What it allows."),
    flag("is_enabled", "Can be assigned."),
    texts("allowed_member_types", "`User`, `Application` or both."),
    text("origin", "`Application` or `ServicePrincipal`."),
];

pub(super) const PUBLISHER: &[Column] = &[
    text("display_name", "Name.").filter(MATCH_NULL).advanced(MATCH_NULL),
    text("verified_publisher_id", "Id in the partner center."),
    time("added_date_time", "When it was verified."),
];

pub(super) const INFO: &[Column] = &[
    text("logo_url", "Logo.").filter(NULL).advanced(NULL),
    text("marketing_url", "Advertisement."),
    text("privacy_statement_url", "Statement on privacy."),
    text("support_url", "Support."),
    text("terms_of_service_url", "Terms of service.").filter(MATCH).advanced(MATCH),
];

pub(super) const CERTIFICATION: &[Column] = &[
    flag("is_certified_by_microsoft", "Microsoft 365 certified."),
    flag("is_publisher_attested", "Attested by the publisher."),
    text("certification_details_url", "Page about it."),
    time("last_certification_date_time", "When it was certified."),
    time("certification_expiration_date_time", "When that ends."),
];

pub(super) const RESOURCE_PERMISSION: &[Column] = &[
    text("id", "Id of the permission."),
    text("value", "Name, e.g. `ChannelMessage.Read.Group`."),
    text("display_name", "Title."),
    text("description", "What it allows."),
    flag("is_enabled", "Can be asked for."),
];

pub(super) const SAML: &[Column] =
    &[text("relay_state", "Where to go after signing in, relative to the application.")];

pub(super) const SIGNATURE: &[Column] = &[
    flag("is_signed_request_required", "Requests must be signed."),
    text("allowed_weak_algorithms", "`rsaSha1`, if it is allowed."),
];

pub(super) const LOCK: &[Column] = &[
    flag("is_enabled", "The lock is on."),
    flag("all_properties", "All that can be locked."),
    flag("credentials_with_usage_sign", "Credentials that sign."),
    flag("credentials_with_usage_verify", "Credentials that verify."),
    flag("token_encryption_key_id", "The key for tokens."),
];

pub(super) const PARENTAL: &[Column] = &[
    texts("countries_blocked_for_minors", "Two-letter countries."),
    text("legal_age_group_rule", "E.g. `Allow`, `BlockMinors`."),
];

pub(super) const BEHAVIORS: &[Column] = &[
    flag("block_azure_ad_graph_access", "May not use Azure AD Graph.")
        .property("blockAzureADGraphAccess"),
    flag("remove_unverified_email_claim", "Mail addresses nobody has verified are left out."),
    flag("require_client_service_principal", "Must have a service principal in the tenant."),
];
