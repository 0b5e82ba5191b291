//! `risky_agents`: AI agents Identity Protection has looked at.
//!
//! Only the beta endpoint serves it, and its shape still changes: columns Microsoft added in
//! 2026 are null where a tenant does not have them yet.

use crate::spec::{
    Bucket, Column, EQ, Kind, License, PREFIX, RANGE, TableSpec, choice, flag, list, record, text,
    texts, time,
};
use crate::tables::risk;

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("risky_agents", "/identityProtection/riskyAgents")
        .about("Agents at risk now or in the past, as Identity Protection sees them.")
        .page("https://learn.microsoft.com/graph/api/resources/riskyagent?view=graph-rest-beta")
        .beta()
        .permissions(&["IdentityRiskyAgent.Read.All"])
        .license(License::P2)
        .bucket(Bucket::IdentityProtection)
        .page_size(100, 100)
        .no_select()
        .no_top()
        .rows_guess(20)
        .columns(COLUMNS)
        .examples(&[
            (
                "Agents that are at risk at this moment",
                "SELECT agent_display_name, identity_type, risk_level, risk_last_modified_date_time
                   FROM risky_agents
                  WHERE risk_state IN ('atRisk', 'confirmedCompromised') AND is_enabled
                  ORDER BY risk_last_modified_date_time DESC",
            ),
            (
                "What risky agents were caught doing",
                "SELECT agent_display_name, alert['display_name'] AS alert,
                        alert['severity'] AS severity, alert['mitre_techniques'] AS techniques
                   FROM (SELECT agent_display_name, unnest(runtime_risk['alerts']) AS alert
                           FROM risky_agents)
                  ORDER BY agent_display_name",
            ),
        ]);

// The rows are of several types, and `$select` knows only what they have in common: none is
// sent.
const COLUMNS: &[Column] = &[
    text("id", "Object id of the agent.").required(),
    choice("odata_type", TYPES, "Kind of agent, e.g. `#microsoft.graph.riskyAgentIdentity`.")
        .property("@odata.type"),
    text("agent_display_name", "Name of the agent.").filter(EQ.and(PREFIX)),
    choice("identity_type", risk::AGENT_TYPES, "What it is, e.g. `agentIdentity`, `agentUser`."),
    choice("risk_level", risk::LEVELS, "`low`, `medium`, `high`, or `none` once cleared."),
    choice("risk_state", risk::STATES, "Where the case stands, e.g. `atRisk`, `dismissed`."),
    choice("risk_detail", risk::DETAILS, "Why the state changed; `none` while it has not."),
    time("risk_last_modified_date_time", "When the risk last changed.").filter(RANGE),
    flag("is_enabled", "The agent may sign in."),
    flag("is_deleted", "The agent was deleted."),
    flag("is_processing", "Identity Protection is still working on it."),
    text("blueprint_id", "Blueprint the agent was made from."),
    text("associated_user_id", "User the agent acts as."),
    text("agent_platform", "Platform the agent runs on."),
    text("device_id", "Device the agent was found on."),
    text("machine_id", "Machine the agent was found on."),
    texts("sources", "Products that told of the risk."),
    record("blast_radius_risk", POSTURE, "What the agent could reach."),
    record("exposure_risk", POSTURE, "How the agent could be reached."),
    record("runtime_risk", RUNTIME, "What the agent was caught doing."),
    text("additional_info", "Further facts as JSON text."),
];

const TYPES: &[&str] = &[
    "#microsoft.graph.riskyAgentIdentity",
    "#microsoft.graph.riskyAgentIdentityBlueprintPrincipal",
    "#microsoft.graph.riskyAgentUser",
    "#microsoft.graph.riskyAgentDiscoveredAgentIdentity",
];

const POSTURE: &[Column] = &[
    choice("risk_level", risk::LEVELS, "`low`, `medium` or `high`."),
    texts("risk_indicators", "What speaks for it."),
    list("risk_recommendations", &Kind::Record(ADVICE), "What would lower it."),
    text("risk_url", "Page with the details."),
];

const ADVICE: &[Column] = &[
    text("display_name", "What to do."),
    choice("severity", SEVERITIES, "`none`, `low`, `medium` or `high`."),
];

const RUNTIME: &[Column] = &[
    choice("risk_level", risk::LEVELS, "`low`, `medium` or `high`."),
    list("alerts", &Kind::Record(ALERT), "Alerts about the agent."),
    text("risk_url", "Page with the details."),
];

const ALERT: &[Column] = &[
    text("display_name", "Title of the alert."),
    choice("severity", SEVERITIES, "`none`, `low`, `medium` or `high`."),
    texts("mitre_techniques", "MITRE ATT&CK techniques, e.g. `T1190`."),
    text("provider_alert_id", "Id in the product that raised it."),
];

const SEVERITIES: &[&str] = &["none", "low", "medium", "high"];
