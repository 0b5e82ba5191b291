//! `agent_risk_detections`: what made Identity Protection think an AI agent is at risk.
//!
//! One row per reason; `sign_in_request_id` leads to the sign-in. Only the beta endpoint
//! serves it.

use crate::spec::{Bucket, Column, EQ, License, PREFIX, RANGE, TableSpec, choice, text, time};
use crate::tables::risk;

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "agent_risk_detections",
    "/identityProtection/agentRiskDetections",
)
.about("Reasons for which agents were found risky.")
.page("https://learn.microsoft.com/graph/api/resources/agentriskdetection?view=graph-rest-beta")
.beta()
.permissions(&["IdentityRiskEvent.Read.All"])
.license(License::P2)
.bucket(Bucket::IdentityProtection)
.page_size(100, 100)
.no_select()
.no_top()
.retention_days(90)
.rows_guess(100)
.columns(COLUMNS)
.examples(&[
    (
        "What was detected about agents this week",
        "SELECT detected_date_time, display_name, risk_event_type, risk_level, risk_evidence
                   FROM agent_risk_detections
                  WHERE detected_date_time > now() - interval '7 days'
                  ORDER BY detected_date_time DESC",
    ),
    (
        "Agents by kind of risk",
        "SELECT risk_event_type, count(DISTINCT identity_id) AS agents, count(*) AS hits
                   FROM agent_risk_detections
                  GROUP BY risk_event_type
                  ORDER BY hits DESC",
    ),
]);

// Microsoft names no option but `$filter`: none is sent.
const COLUMNS: &[Column] = &[
    text("id", "Detection id.").required(),
    time("detected_date_time", "When it was detected.").filter(RANGE),
    time("activity_date_time", "When the risky thing happened.").filter(RANGE),
    time("last_modified_date_time", "When the detection last changed.").filter(RANGE),
    text("risk_event_type", "E.g. `unfamiliarResourceAccess`, `signInSpike`.").filter(EQ),
    text("risk_evidence", "What speaks for it, in words.").filter(EQ),
    choice("risk_level", risk::LEVELS, "`low`, `medium` or `high`."),
    choice("risk_state", risk::STATES, "Where the case stands, e.g. `atRisk`, `dismissed`."),
    choice("risk_detail", risk::DETAILS, "Why the state changed; `none` while it has not."),
    text("identity_id", "Object id of the agent.").filter(EQ.and(PREFIX)),
    text("display_name", "Name of the agent.").filter(EQ.and(PREFIX)),
    choice("identity_type", risk::AGENT_TYPES, "What it is, e.g. `agentIdentity`, `agentUser`."),
    text("blueprint_id", "Blueprint the agent was made from."),
    text("agent_id", "Older name of `identity_id`; ends in 2027.").filter(EQ.and(PREFIX)),
    text("agent_display_name", "Older name of `display_name`; ends in 2027.")
        .filter(EQ.and(PREFIX)),
    choice("detection_timing_type", risk::TIMINGS, "`realtime`, `nearRealtime` or `offline`."),
    text("sign_in_request_id", "Id of the sign-in."),
    text("sign_in_correlation_id", "Correlation id of the sign-in."),
    text("sign_in_client_display_name", "Client of the sign-in."),
    text("client_session_id", "Session of the client."),
    text("source", "Product that detected it, e.g. `IdentityProtection`."),
    text("additional_info", "Further facts as JSON text."),
];
