//! `applications`: app registrations of the tenant, with their secrets and certificates.
//!
//! What runs here but was registered elsewhere is a service principal, not an application.
//! Graph lists ends of secrets and certificates and cannot filter by them.

use crate::spec::{
    ANY_EQ, ANY_PREFIX, Column, EQ, Kind, License, NULL, Ops, PREFIX, RANGE, TableSpec, flag, json,
    list, record, text, texts, time,
};
use crate::tables::application_shapes::{
    API, APP_ROLE, BEHAVIORS, CERTIFICATION, INFO, KEY, LOCK, PARENTAL, PASSWORD, PUBLIC_CLIENT,
    PUBLISHER, RESOURCE_ACCESS, SIGNATURE, SPA, WEB,
};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection("applications", "/applications")
    .about("App registrations of the tenant, with their credentials and permissions.")
    .page("https://learn.microsoft.com/graph/api/resources/application")
    .permissions(&["Application.Read.All", "Directory.Read.All"])
    .license(License::Any)
    .directory(2)
    .page_size(100, 999)
    .counted()
    .get_by_key()
    .rows_guess(500)
    .columns(COLUMNS)
    .examples(&[
        (
            "Secrets that end within a month, or have ended",
            "SELECT display_name, secret['display_name'] AS secret, secret['hint'] AS hint,
                    secret['end_date_time'] AS ends
               FROM (SELECT display_name, unnest(password_credentials) AS secret
                       FROM applications)
              WHERE secret['end_date_time'] < now() + interval '30 days'
              ORDER BY ends",
        ),
        (
            "Apps that any organization can use",
            "SELECT display_name, app_id, verified_publisher['display_name'] AS publisher
               FROM applications
              WHERE sign_in_audience <> 'AzureADMyOrg'
              ORDER BY display_name",
        ),
        (
            "Redirects that are not encrypted",
            "SELECT display_name, uri
               FROM (SELECT display_name, unnest(web['redirect_uris']) AS uri FROM applications)
              WHERE uri LIKE 'http://%' AND uri NOT LIKE 'http://localhost%'",
        ),
    ]);

const MATCH: Ops = EQ.and(PREFIX);
const MATCH_NULL: Ops = EQ.and(PREFIX).and(NULL);
const ANY: Ops = ANY_EQ.and(ANY_PREFIX);

// The logo is a picture and no column.
pub(super) const COLUMNS: &[Column] = &[
    text("id", "Object id.").filter(EQ).required(),
    text("app_id", "Application (client) id, as in sign-ins.").filter(EQ),
    text("display_name", "Name.").filter(MATCH_NULL).advanced(NULL).sortable_advanced(),
    text("description", "What it is for.").filter(MATCH_NULL).advanced(MATCH_NULL),
    text("sign_in_audience", "Who can sign in, e.g. `AzureADMyOrg`.").filter(EQ),
    time("created_date_time", "When it was registered.")
        .filter(RANGE.and(NULL))
        .advanced(NULL)
        .sortable_advanced(),
    time("deleted_date_time", "When it was deleted; null while it exists.").sortable_advanced(),
    list("password_credentials", &Kind::Record(PASSWORD), "Secrets; the secret itself never.")
        .required(),
    list("key_credentials", &Kind::Record(KEY), "Certificates.").required(),
    list("required_resource_access", &Kind::Record(RESOURCE_ACCESS), "Permissions it asks for.")
        .required(),
    record("web", WEB, "Where it runs as a web application."),
    record("spa", SPA, "Where it runs in a browser."),
    record("public_client", PUBLIC_CLIENT, "Where it runs on a device."),
    record("api", API, "What it offers to other apps."),
    list("app_roles", &Kind::Record(APP_ROLE), "Roles it offers to users and other apps.")
        .required(),
    texts("identifier_uris", "Names it goes by as an API, e.g. `api://…`.").filter(ANY).required(),
    text("publisher_domain", "Verified domain it was registered under.").filter(MATCH),
    record("verified_publisher", PUBLISHER, "Publisher Microsoft has verified."),
    record("info", INFO, "Pages about it."),
    record("certification", CERTIFICATION, "What Microsoft has certified."),
    texts("tags", "Tags.").filter(ANY).required(),
    text("notes", "Notes.").filter(MATCH_NULL).advanced(MATCH_NULL),
    text("unique_name", "Name chosen at creation that stays unique.").filter(MATCH),
    text("service_management_reference", "Where it is kept track of elsewhere.")
        .filter(MATCH_NULL)
        .advanced(MATCH_NULL),
    text("disabled_by_microsoft_status", "`DisabledDueToViolationOfServicesAgreement` if so.")
        .filter(EQ),
    flag("is_disabled", "Switched off by an administrator."),
    text("application_template_id", "Gallery template it was made from."),
    text("created_by_app_id", "App that registered it."),
    text("default_redirect_uri", "Where to go unless the request says so."),
    text("group_membership_claims", "Groups in tokens: `None`, `SecurityGroup`, `All`."),
    flag("is_device_only_auth_supported", "Can sign in a device without a user."),
    flag("is_fallback_public_client", "Counts as a public client where it is not clear."),
    flag("oauth2_require_post_response", "Tokens are posted, not put into the address.").required(),
    text("native_authentication_apis_enabled", "`all` or `none`."),
    text("saml_metadata_url", "Where its SAML metadata is."),
    text("token_encryption_key_id", "Key that tokens are encrypted with."),
    record("request_signature_verification", SIGNATURE, "Whether requests must be signed."),
    record(
        "service_principal_lock_configuration",
        LOCK,
        "What its service principals may not change.",
    ),
    record("parental_control_settings", PARENTAL, "Where minors may not use it."),
    json("optional_claims", "Further claims in tokens."),
    json("add_ins", "Where other services can call it."),
    record("authentication_behaviors", BEHAVIORS, "Switches for breaking changes.").on_select(),
    texts("manager_applications", "Apps that may manage it.").on_select(),
    json("on_premises_publishing", "Application proxy.").beta(),
    json("sign_in_audience_restrictions", "Tenants that may use it.").beta(),
    json("windows", "Where it runs on Windows.").beta(),
];
