//! `custom_security_attribute_audits`: changes to custom security attributes and their values.
//!
//! A log of its own: these changes are not in `audits`, and reading them takes a permission of
//! its own. Only the beta endpoint serves it.

use crate::spec::{
    Bucket, Column, EQ, Kind, License, PREFIX, RANGE, TableSpec, choice, list, record, text, time,
};
use crate::tables::audit_shapes::{DETAIL, INITIATOR, RESULTS, TARGET};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "custom_security_attribute_audits",
    "/auditLogs/customSecurityAttributeAudits",
)
.about("Changes to custom security attributes, and who made them.")
.page("https://learn.microsoft.com/graph/api/resources/customsecurityattributeaudit?view=graph-rest-beta")
.beta()
.permissions(&["CustomSecAttributeAuditLogs.Read.All"])
.license(License::P1)
.bucket(Bucket::Reports)
.page_size(100, 100)
.no_select()
.retention_days(30)
.rows_guess(1_000)
.columns(COLUMNS)
.examples(&[
    (
        "Who changed attribute values this week",
        "SELECT activity_date_time,
                initiated_by['user']['user_principal_name'] AS actor,
                initiated_by['app']['display_name'] AS app,
                target_resources[1]['user_principal_name'] AS target
           FROM custom_security_attribute_audits
          WHERE activity_date_time > now() - interval '7 days'
            AND activity_display_name LIKE 'Update attribute values%'
          ORDER BY activity_date_time DESC",
    ),
    (
        "Values before and after",
        "SELECT activity_date_time, change['display_name'] AS attribute,
                change['old_value'] AS before,
                change['new_value'] AS after
           FROM (SELECT activity_date_time,
                        unnest(target_resources[1]['modified_properties']) AS change
                   FROM custom_security_attribute_audits)
          ORDER BY activity_date_time DESC",
    ),
]);

// The order is not documented, so the rows are not taken to come newest first.
const COLUMNS: &[Column] = &[
    text("id", "Entry id, starting with its source.").required(),
    time("activity_date_time", "When it happened.").filter(RANGE).sortable().required(),
    text("activity_display_name", "What was done, e.g. `Update attribute values assigned to …`.")
        .filter(EQ.and(PREFIX))
        .required(),
    text("category", "Area of the directory, e.g. `AttributeManagement`.").required(),
    choice("result", RESULTS, "`success`, `failure` or `timeout`."),
    text("result_reason", "Why it failed or timed out."),
    record("initiated_by", INITIATOR, "The user or app that did it.").required(),
    list("target_resources", &Kind::Record(TARGET), "What was changed, with old and new values."),
    list("additional_details", &Kind::Record(DETAIL), "Further facts, e.g. the user agent."),
    text("operation_type", "`Add`, `Assign`, `Update` or `Delete`."),
    text("logged_by_service", "Service that wrote the entry, e.g. `Core Directory`.").filter(EQ),
    text("correlation_id", "Ties entries of one operation together."),
    text("user_agent", "Client software that sent the request."),
];
