//! `service_principals`: what apps and managed identities are in this tenant.
//!
//! An app registration of one's own has one, too, with the same `app_id`; an app of somebody
//! else has nothing but this. Ends of secrets and certificates cannot be filtered by.

use crate::spec::{
    ANY_EQ, ANY_PREFIX, Column, EQ, Kind, License, NULL, Ops, PREFIX, TableSpec, choice, flag,
    json, list, record, text, texts, time,
};
use crate::tables::application_shapes::{
    APP_ROLE, INFO, KEY, PASSWORD, PUBLISHER, RESOURCE_PERMISSION, SAML, SCOPE,
};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("service_principals", "/servicePrincipals")
        .about("Apps and managed identities as they exist in this tenant.")
        .page("https://learn.microsoft.com/graph/api/resources/serviceprincipal")
        .permissions(&["Application.Read.All", "Directory.Read.All"])
        .license(License::Any)
        .directory(1)
        .page_size(100, 999)
        .counted()
        .get_by_key()
        .rows_guess(1_000)
        .columns(COLUMNS)
        .examples(&[
            (
                "Apps of others that nobody has verified",
                "SELECT display_name, app_id, app_owner_organization_id, homepage
                   FROM service_principals
                  WHERE service_principal_type = 'Application'
                    AND verified_publisher['display_name'] IS NULL
                    AND app_owner_organization_id NOT IN (SELECT id FROM organization)
                    AND app_owner_organization_id <> 'f8cdef31-a31e-4b4a-93e4-5f571e91255a'",
            ),
            (
                "Secrets on the service principal itself, out of sight of the app registration",
                "SELECT display_name, secret['display_name'] AS secret,
                        secret['start_date_time'] AS since, secret['end_date_time'] AS ends
                   FROM (SELECT display_name, unnest(password_credentials) AS secret
                           FROM service_principals)
                  ORDER BY since DESC",
            ),
            (
                "Disabled apps that still sign in or try to",
                "SELECT p.display_name, count(*) AS attempts
                   FROM service_principals p
                   JOIN service_principal_sign_ins s ON s.service_principal_id = p.id
                  WHERE NOT p.account_enabled
                    AND s.created_date_time > now() - interval '7 days'
                  GROUP BY p.display_name",
            ),
        ]);

const MATCH_NULL: Ops = EQ.and(PREFIX).and(NULL);
const ANY: Ops = ANY_EQ.and(ANY_PREFIX);

pub(super) const COLUMNS: &[Column] = &[
    text("id", "Object id.").filter(EQ).required(),
    text("app_id", "Application (client) id, as in sign-ins.").filter(EQ),
    text("display_name", "Name.").filter(MATCH_NULL).advanced(NULL).sortable_advanced(),
    choice("service_principal_type", TYPES, "E.g. `Application`, `ManagedIdentity`.").filter(EQ),
    flag("account_enabled", "Users and the app itself can sign in.").filter(EQ),
    // Filterable, but a GUID goes without quotes, and no column is written so.
    text("app_owner_organization_id", "Tenant the app is registered in."),
    record("verified_publisher", PUBLISHER, "Publisher Microsoft has verified."),
    flag("app_role_assignment_required", "Only those it is assigned to can use it.")
        .filter(EQ)
        .advanced(EQ),
    list("password_credentials", &Kind::Record(PASSWORD), "Secrets; the secret itself never.")
        .required(),
    list("key_credentials", &Kind::Record(KEY), "Certificates, those that sign SAML tokens too.")
        .required(),
    list("app_roles", &Kind::Record(APP_ROLE), "Application permissions and roles it offers.")
        .required(),
    list("oauth2_permission_scopes", &Kind::Record(SCOPE), "Delegated permissions it offers.")
        .required(),
    list(
        "resource_specific_application_permissions",
        &Kind::Record(RESOURCE_PERMISSION),
        "Permissions on one team or chat it offers.",
    )
    .required(),
    texts("service_principal_names", "Names it goes by as an API, its app id among them.")
        .filter(ANY)
        .required(),
    texts("tags", "Tags, e.g. `HideApp`.").filter(ANY).required(),
    texts("alternative_names", "Azure resource behind a managed identity, and its kind.")
        .filter(ANY)
        .required(),
    text("sign_in_audience", "Who can sign in, e.g. `AzureADMyOrg`."),
    text("app_display_name", "Name its registration gives."),
    text("app_description", "What its registration says it is for."),
    text("description", "What it is for.").filter(MATCH_NULL).advanced(MATCH_NULL),
    text("notes", "Notes.").filter(MATCH_NULL).advanced(MATCH_NULL),
    text("homepage", "Home page.").filter(MATCH_NULL).advanced(MATCH_NULL),
    text("login_url", "Where it starts signing in."),
    text("logout_url", "Where it signs out."),
    texts("reply_urls", "Where tokens may be sent.").required(),
    record("info", INFO, "Pages about it."),
    text("preferred_single_sign_on_mode", "E.g. `saml`, `password`, `oidc`.").filter(EQ),
    record("saml_single_sign_on_settings", SAML, "Settings for SAML."),
    text("preferred_token_signing_key_thumbprint", "Certificate that signs SAML tokens now."),
    texts("notification_email_addresses", "Whom Microsoft writes before a certificate ends.")
        .required(),
    text("token_encryption_key_id", "Key that tokens are encrypted with."),
    text("application_template_id", "Gallery template it was made from.").filter(EQ),
    text("created_by_app_id", "App that made it."),
    text("disabled_by_microsoft_status", "`DisabledDueToViolationOfServicesAgreement` if so."),
    flag("is_disabled", "Its registration was switched off by an administrator."),
    time("deleted_date_time", "When it was deleted; null while it exists.").sortable_advanced(),
    json("add_ins", "Where other services can call it."),
    json("custom_security_attributes", "Attribute sets defined by the tenant.")
        .permission("CustomSecAttributeAssignment.Read.All")
        .on_select(),
    text("error_url", "Where it shows errors.").beta(),
    text("publisher_name", "Name of the tenant it is registered in.").beta(),
    text("saml_metadata_url", "Where its SAML metadata is.").beta(),
    time("preferred_token_signing_key_end_date_time", "When the certificate in use ends.").beta(),
    list(
        "published_permission_scopes",
        &Kind::Record(SCOPE),
        "Older name of the delegated permissions it offers.",
    )
    .beta(),
    json("password_single_sign_on_settings", "Fields of the page it signs in on.").beta(),
];

const TYPES: &[&str] =
    &["Application", "ManagedIdentity", "Legacy", "SocialIdp", "ServiceIdentity"];
