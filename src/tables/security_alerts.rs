//! `security_alerts`: what Microsoft's security products have found, identity alerts among it.
//!
//! Those of Identity Protection have `service_source = 'azureAdIdentityProtection'`. What an
//! alert is about is in `evidence`, a list of things of several kinds.

use crate::spec::{
    Bucket, Column, EQ, Kind, License, RANGE, TableSpec, choice, json, list, text, texts, time,
};
use crate::tables::security_shapes::{
    CLASSIFICATIONS, COMMENT, DETERMINATIONS, EVIDENCE, SEVERITIES,
};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("security_alerts", "/security/alerts_v2")
        .about("Alerts of Microsoft's security products, with their evidence.")
        .page("https://learn.microsoft.com/graph/api/resources/security-alert")
        .permissions(&["SecurityAlert.Read.All"])
        .license(License::Any)
        .bucket(Bucket::Security)
        .page_size(50, 50)
        .no_select()
        .get_by_key()
        .rows_guess(1_000)
        .columns(COLUMNS)
        .examples(&[
            (
                "Open alerts about identities",
                "SELECT created_date_time, severity, title, incident_id
                   FROM security_alerts
                  WHERE service_source = 'azureAdIdentityProtection'
                    AND status IN ('new', 'inProgress')
                  ORDER BY created_date_time DESC",
            ),
            (
                "Whom this week's alerts are about",
                "SELECT a.created_date_time, a.title, u.user_principal_name, u.account_enabled
                   FROM (SELECT created_date_time, title,
                                unnest(evidence)['user_account']['azure_ad_user_id'] AS user_id
                           FROM security_alerts
                          WHERE created_date_time > now() - interval '7 days') a
                   JOIN users u ON u.id = a.user_id
                  ORDER BY a.created_date_time DESC",
            ),
            (
                "Addresses in the evidence",
                "SELECT btrim(e['ip_address'], '\"') AS ip, count(*) AS alerts
                   FROM (SELECT unnest(evidence) AS e FROM security_alerts)
                  WHERE e['odata_type'] = '#microsoft.graph.security.ipEvidence'
                  GROUP BY ip
                  ORDER BY alerts DESC",
            ),
        ]);

// Microsoft lists the properties that can be filtered, and shows `eq` alone. `ge` and `le` on
// the time it was made are accepted: public clients were seen to send them (2026).
const COLUMNS: &[Column] = &[
    text("id", "Alert id.").required(),
    time("created_date_time", "When the alert was made.").filter(RANGE),
    time("last_update_date_time", "When it last changed."),
    time("first_activity_date_time", "First thing it is about."),
    time("last_activity_date_time", "Last thing it is about."),
    time("resolved_date_time", "When it was resolved; null while it is not."),
    text("title", "What was found, e.g. `Unfamiliar sign-in properties`."),
    choice("severity", SEVERITIES, "`informational`, `low`, `medium` or `high`.")
        .filter(EQ)
        .required(),
    choice("status", STATUSES, "`new`, `inProgress` or `resolved`.").filter(EQ).required(),
    choice("classification", CLASSIFICATIONS, "What it turned out to be, e.g. `truePositive`.")
        .filter(EQ),
    choice("determination", DETERMINATIONS, "Why, e.g. `compromisedAccount`.").filter(EQ),
    text("assigned_to", "Who works on it.").filter(EQ),
    choice("service_source", SOURCES, "Service it comes from, e.g. `azureAdIdentityProtection`.")
        .filter(EQ)
        .required(),
    choice("detection_source", DETECTORS, "What noticed it, e.g. `cloudAppSecurity`."),
    text("detector_id", "Rule that noticed it."),
    text("product_name", "Product that published it."),
    text("category", "Step of an attack, e.g. `InitialAccess`."),
    texts("categories", "Steps of an attack."),
    texts("mitre_techniques", "MITRE ATT&CK techniques, e.g. `T1078.004`."),
    text("incident_id", "Incident it belongs to, as in `security_incidents`."),
    text("provider_alert_id", "Id in the product that made it."),
    text("alert_policy_id", "Policy that made it."),
    text("tenant_id", "The tenant."),
    text("description", "What was found, in more words."),
    text("recommended_actions", "What to do about it."),
    choice("investigation_state", INVESTIGATIONS, "How far automatic investigation has come."),
    text("actor_display_name", "Adversary it is ascribed to."),
    text("threat_display_name", "Threat it is ascribed to."),
    text("threat_family_name", "Family of that threat."),
    list("evidence", &Kind::Record(EVIDENCE), "What it is about: users, addresses, apps, devices."),
    list("comments", &Kind::Record(COMMENT), "What analysts wrote."),
    texts("system_tags", "Marks set by the product."),
    text("alert_web_url", "Page of the alert."),
    text("incident_web_url", "Page of the incident."),
    json("additional_data", "Further facts, different for every kind of alert."),
    json("custom_details", "Facts a custom detection adds."),
];

const STATUSES: &[&str] = &["unknown", "new", "inProgress", "resolved"];

const SOURCES: &[&str] = &[
    "unknown",
    "microsoftDefenderForEndpoint",
    "microsoftDefenderForIdentity",
    "microsoftDefenderForCloudApps",
    "microsoftDefenderForOffice365",
    "microsoft365Defender",
    "azureAdIdentityProtection",
    "microsoftAppGovernance",
    "dataLossPrevention",
    "microsoftDefenderForCloud",
    "microsoftSentinel",
    "microsoftInsiderRiskManagement",
    "microsoftThreatIntelligence",
    "microsoftSecurityForAI",
];

const DETECTORS: &[&str] = &[
    "unknown",
    "microsoftDefenderForEndpoint",
    "antivirus",
    "smartScreen",
    "customTi",
    "microsoftDefenderForOffice365",
    "automatedInvestigation",
    "microsoftThreatExperts",
    "customDetection",
    "microsoftDefenderForIdentity",
    "cloudAppSecurity",
    "microsoft365Defender",
    "azureAdIdentityProtection",
    "manual",
    "microsoftDataLossPrevention",
    "appGovernancePolicy",
    "appGovernanceDetection",
    "microsoftDefenderForCloud",
    "microsoftDefenderForIoT",
    "microsoftDefenderForServers",
    "microsoftDefenderForStorage",
    "microsoftDefenderForDNS",
    "microsoftDefenderForDatabases",
    "microsoftDefenderForContainers",
    "microsoftDefenderForNetwork",
    "microsoftDefenderForAppService",
    "microsoftDefenderForKeyVault",
    "microsoftDefenderForResourceManager",
    "microsoftDefenderForApiManagement",
    "nrtAlerts",
    "scheduledAlerts",
    "microsoftDefenderThreatIntelligenceAnalytics",
    "builtInMl",
    "microsoftInsiderRiskManagement",
    "microsoftThreatIntelligence",
    "microsoftDefenderForAIServices",
    "securityCopilot",
    "microsoftSentinel",
];

const INVESTIGATIONS: &[&str] = &[
    "unknown",
    "terminated",
    "successfullyRemediated",
    "benign",
    "failed",
    "partiallyRemediated",
    "running",
    "pendingApproval",
    "pendingResource",
    "queued",
    "innerFailure",
    "preexistingAlert",
    "unsupportedOs",
    "unsupportedAlertType",
    "suppressedAlert",
    "partiallyInvestigated",
    "terminatedByUser",
    "terminatedBySystem",
];
