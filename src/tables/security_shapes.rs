//! What alerts and incidents have in common, and the evidence of an alert.

use crate::spec::{Column, Kind, choice, json, list, long, record, text, texts, time};

pub(super) const SEVERITIES: &[&str] = &["unknown", "informational", "low", "medium", "high"];

pub(super) const CLASSIFICATIONS: &[&str] =
    &["unknown", "falsePositive", "truePositive", "informationalExpectedActivity"];

pub(super) const DETERMINATIONS: &[&str] = &[
    "unknown",
    "apt",
    "malware",
    "securityPersonnel",
    "securityTesting",
    "unwantedSoftware",
    "other",
    "multiStagedAttack",
    "compromisedAccount",
    "phishing",
    "maliciousUserActivity",
    "notMalicious",
    "notEnoughDataToValidate",
    "confirmedActivity",
    "lineOfBusinessApplication",
];

pub(super) const COMMENT: &[Column] = &[
    text("comment", "What was written."),
    text("created_by_display_name", "Who wrote it."),
    time("created_date_time", "When it was written."),
];

/// What all kinds of evidence have, then what those about identities have. Other kinds are
/// whole in `raw` only. Where kinds disagree about the type of a property, it is JSON.
pub(super) const EVIDENCE: &[Column] = &[
    text("odata_type", "Kind, e.g. `#microsoft.graph.security.userEvidence`.")
        .property("@odata.type"),
    time("created_date_time", "When it was added."),
    choice("verdict", VERDICTS, "`suspicious`, `malicious`, `noThreatsFound` or `unknown`."),
    choice("remediation_status", REMEDIATIONS, "What was done about it, e.g. `remediated`."),
    text("remediation_status_details", "The same, in words."),
    texts("roles", "Its part in the story, e.g. `compromised`, `attacker`.").members(ROLES),
    texts("detailed_roles", "The same, in words."),
    texts("tags", "Marks, e.g. for important devices."),
    record("user_account", ACCOUNT, "The user."),
    json("account", "The user of a session, with evidence of its own."),
    json("ip_address", "The address, as JSON text: see `json_unquote`."),
    text("country_letter_code", "Two-letter country of the address."),
    json("location", "Where the address is."),
    json("app_id", "The app, as JSON: application id or number of a cloud app."),
    text("display_name", "Name of the app."),
    long("instance_id", "Instance of the cloud app."),
    text("instance_name", "Name of that instance."),
    long("saas_app_id", "Number of the cloud app in the catalog."),
    text("object_id", "Object id of the app."),
    text("publisher", "Publisher of the app."),
    text("service_principal_name", "Name of the service principal."),
    text("service_principal_object_id", "Object id of the service principal."),
    text("service_principal_type", "Kind of service principal."),
    text("app_owner_tenant_id", "Tenant that owns the app."),
    text("tenant_id", "Tenant of the service principal."),
    text("request_id", "Id of the sign-in."),
    text("session_id", "Session of the sign-in."),
    text("user_agent", "User agent of the session."),
    text("browser", "Browser of the session."),
    text("operating_system", "Operating system of the session."),
    text("protocol", "Protocol of the session."),
    time("start_utc_date_time", "When the session began."),
    time("previous_logon_date_time", "Session before that."),
    text("device_name", "Device of the session."),
    text("azure_ad_device_id", "Device id in Entra."),
    text("device_dns_name", "Full name of the device."),
    text("agent_id", "The AI agent."),
    text("agent_name", "Name of the agent."),
    text("hosting_platform_type", "Platform the agent runs on."),
    text("instructions", "What the agent was told to do."),
    json("stream", "The stream it came with."),
];

const VERDICTS: &[&str] = &["unknown", "suspicious", "malicious", "noThreatsFound"];

const REMEDIATIONS: &[&str] = &[
    "none",
    "remediated",
    "prevented",
    "blocked",
    "notFound",
    "active",
    "pendingApproval",
    "declined",
    "unremediated",
    "running",
    "partiallyRemediated",
];

const ROLES: &[&str] = &[
    "unknown",
    "contextual",
    "scanned",
    "source",
    "destination",
    "created",
    "added",
    "compromised",
    "edited",
    "attacked",
    "attacker",
    "commandAndControl",
    "loaded",
    "suspicious",
    "policyViolator",
];

const ACCOUNT: &[Column] = &[
    text("azure_ad_user_id", "Object id; join `users` on this."),
    text("user_principal_name", "Sign-in name."),
    text("display_name", "Name."),
    text("account_name", "Name on premises."),
    text("domain_name", "Domain on premises."),
    text("user_sid", "Security identifier on premises."),
    text("active_directory_object_guid", "Object id on premises."),
    text("tenant_id", "Tenant the user belongs to."),
    list("resource_access_events", &Kind::Record(ACCESS), "What the user opened."),
];

const ACCESS: &[Column] = &[
    time("access_date_time", "When."),
    text("account_id", "Account used."),
    text("ip_address", "Address it was opened from."),
    text("resource_identifier", "What was opened."),
];
