//! `service_principal_risk_detections`: what made Identity Protection think an app is at risk.
//!
//! One row per reason. Bounds on time are not documented here, so they are evaluated after
//! reading; pin the kind, the level or the service principal where the tenant has many.

use crate::spec::{Bucket, Column, EQ, License, TableSpec, choice, record, text, texts, time};
use crate::tables::risk;
use crate::tables::sign_in_shapes::TOKEN_ISSUERS;

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "service_principal_risk_detections",
    "/identityProtection/servicePrincipalRiskDetections",
)
.about("Reasons for which service principals were found risky.")
.page("https://learn.microsoft.com/graph/api/resources/serviceprincipalriskdetection")
.permissions(&["IdentityRiskEvent.Read.All"])
.license(License::WorkloadId)
.bucket(Bucket::IdentityProtection)
.page_size(100, 100)
.get_by_key()
.retention_days(90)
.rows_guess(100)
.columns(COLUMNS)
.examples(&[
    (
        "Apps whose credentials have leaked",
        "SELECT detected_date_time, service_principal_display_name, app_id, key_ids
           FROM service_principal_risk_detections
          WHERE risk_event_type = 'leakedCredentials'
          ORDER BY detected_date_time DESC",
    ),
    (
        "Which credentials the detections are about, and when they were last used",
        "SELECT d.service_principal_display_name, d.risk_event_type, c.key_type,
                c.sign_in_activity['last_sign_in_date_time'] AS last_used
           FROM (SELECT service_principal_display_name, risk_event_type,
                        unnest(key_ids) AS key_id
                   FROM service_principal_risk_detections
                  WHERE risk_level = 'high') d
           JOIN app_credential_sign_in_activities c ON c.key_id = d.key_id",
    ),
]);

const COLUMNS: &[Column] = &[
    text("id", "Detection id.").required(),
    time("detected_date_time", "When it was detected."),
    time("activity_date_time", "When the risky thing happened."),
    time("last_updated_date_time", "When the detection last changed."),
    text("risk_event_type", "E.g. `leakedCredentials`, `suspiciousSignins`, `anomalousActivity`.")
        .filter(EQ),
    choice("risk_level", risk::LEVELS, "`low`, `medium` or `high`.").filter(EQ),
    choice("risk_state", risk::STATES, "Where the case stands, e.g. `atRisk`, `dismissed`."),
    choice("risk_detail", risk::DETAILS, "Why the state changed; `none` while it has not."),
    text("service_principal_id", "Object id of the service principal.").filter(EQ),
    text("service_principal_display_name", "Name of the service principal."),
    text("app_id", "Application id."),
    texts("key_ids", "Credentials it is about, by key id."),
    choice("activity", risk::ACTIVITIES, "What was risky: `signin` or `servicePrincipal`."),
    choice("detection_timing_type", risk::TIMINGS, "`realtime`, `nearRealtime` or `offline`."),
    text("ip_address", "Address of the client."),
    record("location", risk::LOCATION, "Where the address is."),
    text("request_id", "Id of the sign-in; null for risk of the app itself.").filter(EQ),
    text("correlation_id", "Correlation id of the sign-in."),
    choice("token_issuer_type", TOKEN_ISSUERS, "Who issued the token, e.g. `AzureAD`."),
    text("source", "Product that detected it, e.g. `IdentityProtection`."),
    text("additional_info", "Further facts as JSON text, e.g. the alert."),
    text("mitre_technique_id", "MITRE ATT&CK technique, e.g. `T1552`.").beta(),
];
