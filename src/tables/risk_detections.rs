//! `risk_detections`: what made Identity Protection think a user or sign-in is at risk.
//!
//! One row per reason, so a sign-in can have several: `request_id` is its id. Replies are
//! limited to one per second for the whole tenant.

use crate::spec::{Bucket, Column, EQ, License, RANGE, TableSpec, choice, record, text, time};
use crate::tables::risk;
use crate::tables::sign_in_shapes::TOKEN_ISSUERS;

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "risk_detections",
    "/identityProtection/riskDetections",
)
.about("Reasons for which users and sign-ins were found risky.")
.page("https://learn.microsoft.com/graph/api/resources/riskdetection")
.permissions(&["IdentityRiskEvent.Read.All"])
.license(License::P1)
.bucket(Bucket::IdentityProtection)
.page_size(20, 500)
.get_by_key()
.retention_days(90)
.rows_guess(1_000)
.columns(COLUMNS)
.examples(&[
    (
        "What was detected this week, by kind",
        "SELECT risk_event_type, risk_level, count(DISTINCT user_id) AS users, count(*) AS hits
                   FROM risk_detections
                  WHERE detected_date_time > now() - interval '7 days'
                  GROUP BY risk_event_type, risk_level
                  ORDER BY hits DESC",
    ),
    (
        "Risky sign-ins nobody has dealt with",
        "SELECT activity_date_time, user_principal_name, risk_event_type, ip_address,
                        location['country_or_region'] AS country
                   FROM risk_detections
                  WHERE risk_state = 'atRisk' AND activity = 'signin'
                  ORDER BY activity_date_time DESC",
    ),
    (
        "The sign-ins behind today's detections",
        "SELECT d.risk_event_type, s.user_principal_name, s.app_display_name,
                        s.status['error_code'] AS error_code
                   FROM risk_detections d
                   JOIN sign_ins s ON s.id = d.request_id
                  WHERE d.detected_date_time > now() - interval '1 day'
                    AND s.created_date_time > now() - interval '2 days'",
    ),
]);

// Microsoft documents equality on the event type, the level and the display name only. The
// other operators are accepted: public clients were seen to send them (2026).
const COLUMNS: &[Column] = &[
    text("id", "Detection id.").required(),
    time("detected_date_time", "When it was detected.").filter(RANGE),
    time("activity_date_time", "When the risky thing happened."),
    time("last_updated_date_time", "When the detection last changed."),
    text("risk_event_type", "E.g. `unfamiliarFeatures`, `passwordSpray`, `leakedCredentials`.")
        .filter(EQ),
    choice("risk_level", risk::LEVELS, "`low`, `medium` or `high`; `hidden` without P2.")
        .filter(EQ),
    choice("risk_state", risk::STATES, "Where the case stands, e.g. `atRisk`, `dismissed`.")
        .filter(EQ),
    choice("risk_detail", risk::DETAILS, "Why the state changed; `none` while it has not."),
    text("user_id", "Object id of the user.").filter(EQ),
    text("user_principal_name", "Sign-in name.").filter(EQ),
    text("user_display_name", "Name.").filter(EQ),
    choice("activity", risk::ACTIVITIES, "What was risky: `signin`, `user` or `servicePrincipal`."),
    choice("detection_timing_type", risk::TIMINGS, "`realtime`, `nearRealtime` or `offline`."),
    text("ip_address", "Address of the client."),
    record("location", risk::LOCATION, "Where the address is."),
    text("request_id", "Id of the sign-in; null for risk of the user."),
    text("correlation_id", "Correlation id of the sign-in."),
    choice("token_issuer_type", TOKEN_ISSUERS, "Who issued the token, e.g. `AzureAD`."),
    text("source", "Product that detected it, e.g. `IdentityProtection`."),
    text("additional_info", "Further facts as JSON text, e.g. the user agent."),
    text("mitre_technique_id", "MITRE ATT&CK technique, e.g. `T1110.003`.").beta(),
    choice("risk_type", risk::EVENT_TYPES, "Older name of the event type; deprecated.")
        .beta()
        .filter_on_beta(EQ),
];
