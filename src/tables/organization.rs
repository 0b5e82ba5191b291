//! `organization`: the tenant itself, one row.

use crate::spec::{
    Column, Kind, License, TableSpec, choice, flag, json, list, long, record, text, texts, time,
};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection("organization", "/organization")
    .about("The tenant: names, contacts, plans and verified domains.")
    .page("https://learn.microsoft.com/graph/api/resources/organization")
    .permissions(&["Organization.Read.All", "User.Read.All", "Directory.Read.All"])
    .license(License::Any)
    .page_size(100, 100)
    .no_top()
    .rows_guess(1)
    .columns(COLUMNS)
    .examples(&[
        (
            "Which tenant this is, and whom Microsoft writes to",
            "SELECT id, display_name, tenant_type, technical_notification_mails,
                    security_compliance_notification_mails
               FROM organization",
        ),
        (
            "Service plans that are not in order",
            "SELECT plan['service'] AS service, plan['capability_status'] AS status,
                    plan['assigned_date_time'] AS since
               FROM (SELECT unnest(assigned_plans) AS plan FROM organization)
              WHERE plan['capability_status'] <> 'Enabled'
              ORDER BY since DESC",
        ),
    ]);

// Graph takes `$select` and nothing else here.
const COLUMNS: &[Column] = &[
    text("id", "Tenant id.").required(),
    text("display_name", "Name."),
    text("tenant_type", "`AAD`, `AAD B2C` or `CIAM`."),
    time("created_date_time", "When the tenant was made."),
    time("deleted_date_time", "Always null for a tenant that answers."),
    text("default_usage_location", "Country that licenses are used in unless a user says so."),
    text("country_letter_code", "Two-letter country."),
    text("country", "Country or region of the address."),
    text("state", "State or province."),
    text("city", "City."),
    text("street", "Street."),
    text("postal_code", "Postal code."),
    text("preferred_language", "Language, e.g. `en`."),
    texts("business_phones", "Phone number; Graph allows one.").required(),
    texts("technical_notification_mails", "Whom Microsoft writes to about technical matters.")
        .required(),
    texts("security_compliance_notification_mails", "Whom Microsoft writes to about security.")
        .required(),
    texts("security_compliance_notification_phones", "Whom Microsoft calls about security.")
        .required(),
    texts("marketing_notification_emails", "Whom Microsoft sends advertisements.").required(),
    record("privacy_profile", PRIVACY, "Contact and statement on privacy."),
    flag("on_premises_sync_enabled", "Synchronized from a directory; null if it never was."),
    time("on_premises_last_sync_date_time", "When that last happened."),
    choice("mobile_device_management_authority", AUTHORITIES, "What manages mobile devices.")
        .required(),
    choice("partner_tenant_type", PARTNERS, "Kind of Microsoft partner; null for others."),
    list("verified_domains", &Kind::Record(DOMAIN), "Domains, in short; see `domains`.").required(),
    list("assigned_plans", &Kind::Record(ASSIGNED), "Service plans the tenant has.").required(),
    list("provisioned_plans", &Kind::Record(PROVISIONED), "Service plans as set up.").required(),
    record("directory_size_quota", QUOTA, "Objects in the directory, and how many fit.").beta(),
    flag(
        "is_multiple_data_locations_for_services_enabled",
        "Data may lie in several places (Multi-Geo).",
    )
    .beta(),
    time("on_premises_last_password_sync_date_time", "When passwords were last synchronized.")
        .beta(),
    json("certificate_connector_setting", "Connector for Intune certificates.").beta(),
];

const AUTHORITIES: &[&str] = &["unknown", "intune", "sccm", "office365"];

const PARTNERS: &[&str] = &[
    "microsoftSupport",
    "syndicatePartner",
    "breadthPartner",
    "breadthPartnerDelegatedAdmin",
    "resellerPartnerDelegatedAdmin",
    "valueAddedResellerPartnerDelegatedAdmin",
];

const PRIVACY: &[Column] =
    &[text("contact_email", "Mail address."), text("statement_url", "Page with the statement.")];

const DOMAIN: &[Column] = &[
    text("name", "The name, e.g. `contoso.com`."),
    text("capabilities", "What it is used for, e.g. `Email, OfficeCommunicationsOnline`."),
    flag("is_default", "New users get it."),
    flag("is_initial", "The tenant began with it."),
    text("type", "`Managed` or `Federated`."),
];

const ASSIGNED: &[Column] = &[
    text("service", "Service, e.g. `exchange`."),
    text("service_plan_id", "Service plan id."),
    text("capability_status", "`Enabled`, `Warning`, `Suspended`, `Deleted` or `LockedOut`."),
    time("assigned_date_time", "When it was assigned."),
];

const QUOTA: &[Column] =
    &[long("used", "Objects in the directory."), long("total", "Objects that fit.")];

const PROVISIONED: &[Column] = &[
    text("service", "Service, e.g. `exchange`."),
    text("capability_status", "`Enabled`, `Warning`, `Suspended` or `Deleted`."),
    text("provisioning_status", "`Success`, or what is in the way."),
];
