//! `security_incidents`: alerts that belong together, as one case.
//!
//! `security_alerts.incident_id` leads here. A case that was merged into another has the other
//! in `redirect_incident_id`.

use crate::spec::{
    Bucket, Column, EQ, Kind, License, RANGE, TableSpec, choice, integer, list, text, texts, time,
};
use crate::tables::security_shapes::{CLASSIFICATIONS, COMMENT, DETERMINATIONS, SEVERITIES};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("security_incidents", "/security/incidents")
        .about("Cases of Microsoft Defender: alerts that belong together.")
        .page("https://learn.microsoft.com/graph/api/resources/security-incident")
        .permissions(&["SecurityIncident.Read.All"])
        .license(License::Any)
        .bucket(Bucket::Security)
        .page_size(50, 50)
        .no_select()
        .get_by_key()
        .rows_guess(500)
        .columns(COLUMNS)
        .examples(&[
            (
                "Open cases, worst first",
                "SELECT id, display_name, severity, assigned_to, created_date_time
                   FROM security_incidents
                  WHERE status IN ('active', 'inProgress') AND severity = 'high'
                  ORDER BY priority_score DESC NULLS LAST",
            ),
            (
                "How many alerts each case of this week has",
                "SELECT i.id, i.display_name, i.status, count(a.id) AS alerts
                   FROM security_incidents i
                   LEFT JOIN security_alerts a ON a.incident_id = i.id
                  WHERE i.created_date_time > now() - interval '7 days'
                  GROUP BY i.id, i.display_name, i.status
                  ORDER BY alerts DESC",
            ),
        ]);

// Microsoft lists the properties that can be filtered, and shows `eq` alone. Bounds on the time
// it was made are accepted: public clients were seen to send them (2026).
const COLUMNS: &[Column] = &[
    text("id", "Incident id.").required(),
    time("created_date_time", "When the case was opened.").filter(RANGE).required(),
    time("last_update_date_time", "When it last changed.").required(),
    text("display_name", "What it is about, in words."),
    choice("severity", SEVERITIES, "`informational`, `low`, `medium` or `high`.")
        .filter(EQ)
        .required(),
    choice("status", STATUSES, "`active`, `inProgress`, `resolved` or `redirected`.")
        .filter(EQ)
        .required(),
    choice("classification", CLASSIFICATIONS, "What it turned out to be, e.g. `truePositive`.")
        .filter(EQ),
    choice("determination", DETERMINATIONS, "Why, e.g. `compromisedAccount`.").filter(EQ),
    integer("priority_score", "Urgency, 0 to 100."),
    text("assigned_to", "Who works on it.").filter(EQ),
    text("last_modified_by", "Who changed it last."),
    text("redirect_incident_id", "Case it was merged into."),
    text("resolving_comment", "Why it was closed."),
    text("description", "What it is about, in more words."),
    text("summary", "What happened, in short."),
    list("comments", &Kind::Record(COMMENT), "What analysts wrote."),
    texts("custom_tags", "Marks set by analysts."),
    texts("system_tags", "Marks set by the product."),
    text("tenant_id", "The tenant."),
    text("incident_web_url", "Page of the incident."),
];

const STATUSES: &[&str] = &["active", "resolved", "inProgress", "redirected", "awaitingAction"];
