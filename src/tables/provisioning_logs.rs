//! `provisioning_logs`: accounts and groups made, changed and removed in other systems.
//!
//! One row per object and run. The service is peculiar: it takes `gt` and `lt` on the time but
//! neither `ge` nor `le`, minds case, and promises no order.

use crate::spec::{
    Bucket, Column, EQ, Kind, License, STRICT, TableSpec, choice, integer, json, list, record,
    text, time,
};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("provisioning_logs", "/auditLogs/provisioning")
        .about("What provisioning did to accounts and groups in other systems.")
        .page("https://learn.microsoft.com/graph/api/resources/provisioningobjectsummary")
        .permissions(&["AuditLog.Read.All", "ProvisioningLog.Read.All", "Directory.Read.All"])
        .license(License::P1)
        .bucket(Bucket::Reports)
        .page_size(100, 100)
        .no_select()
        .retention_days(30)
        .rows_guess(50_000)
        .columns(COLUMNS)
        .examples(&[
            (
                "What failed today, and why",
                "SELECT activity_date_time, service_principal['display_name'] AS app,
                        source_identity['display_name'] AS who, provisioning_action,
                        provisioning_status_info['error_information']['error_code'] AS code,
                        provisioning_status_info['error_information']['reason'] AS reason
                   FROM provisioning_logs
                  WHERE activity_date_time > now() - interval '1 day'
                    AND provisioning_status_info['status'] = 'failure'
                  ORDER BY activity_date_time DESC",
            ),
            (
                "Accounts made in other systems this week",
                "SELECT target_system['display_name'] AS target, count(*) AS created
                   FROM provisioning_logs
                  WHERE activity_date_time > now() - interval '7 days'
                    AND provisioning_action = 'create'
                    AND provisioning_status_info['status'] = 'success'
                  GROUP BY target
                  ORDER BY created DESC",
            ),
            (
                "Which attributes were written",
                "SELECT activity_date_time, who, change['display_name'] AS attribute,
                        change['old_value'] AS before, change['new_value'] AS after
                   FROM (SELECT activity_date_time, source_identity['display_name'] AS who,
                                unnest(modified_properties) AS change
                           FROM provisioning_logs
                          WHERE activity_date_time > now() - interval '1 day')
                  ORDER BY activity_date_time",
            ),
        ]);

// Graph's `contains` is not sent: it would ask for less than SQL wherever case differs.
// The name of the service principal is spelled in two ways, so only its id is sent.
const COLUMNS: &[Column] = &[
    text("id", "Entry id.").filter(EQ).required(),
    time("activity_date_time", "When it happened.").filter(STRICT).sortable().required(),
    choice("provisioning_action", ACTIONS, "What was done, e.g. `create`, `disable`.").filter(EQ),
    record("provisioning_status_info", STATUS, "How it went."),
    record("source_identity", IDENTITY, "The object as it was read."),
    record("target_identity", IDENTITY, "The object as it was written."),
    record("source_system", SYSTEM, "Where it was read from."),
    record("target_system", SYSTEM, "Where it was written to."),
    record("service_principal", PRINCIPAL, "The app that is provisioned."),
    record("initiated_by", INITIATOR, "Who started it; mostly the service itself."),
    list("modified_properties", &Kind::Record(MODIFIED), "Attributes that changed."),
    list("provisioning_steps", &Kind::Record(STEP), "The steps taken."),
    integer("duration_in_milliseconds", "Time it took.").filter(EQ),
    text("job_id", "Job, the same for every run of an app.").filter(EQ),
    text("cycle_id", "Run of the job.").filter(EQ),
    text("change_id", "Change within the run.").filter(EQ),
    text("tenant_id", "The tenant.").filter(EQ),
    text("action", "Older name of the action, e.g. `Create`.").filter_on_beta(EQ).beta(),
    record("status_info", STATUS_INFO, "Older form of the status.").beta(),
];

const ACTIONS: &[&str] = &["other", "create", "delete", "disable", "update", "stagedDelete"];
const RESULTS: &[&str] = &["success", "failure", "skipped", "warning"];

const STATUS: &[Column] = &[
    choice("status", RESULTS, "`success`, `failure`, `skipped` or `warning`.").filter(EQ),
    record("error_information", ERROR, "What went wrong; null if nothing did."),
];

const STATUS_INFO: &[Column] =
    &[choice("status", RESULTS, "`success`, `failure`, `skipped` or `warning`.")
        .filter_on_beta(EQ)];

const ERROR: &[Column] = &[
    text("error_code", "E.g. `DuplicateTargetEntries`."),
    choice("error_category", CATEGORIES, "Whose fault: `failure` is the service's own."),
    text("reason", "What happened, in words."),
    text("additional_details", "Further words."),
    text("recommended_action", "What to do about it."),
];
const CATEGORIES: &[&str] = &["failure", "nonServiceFailure", "success"];

const IDENTITY: &[Column] = &[
    text("id", "Id in that system.").filter(EQ),
    text("display_name", "Name.").filter(EQ),
    text("identity_type", "Kind of object, e.g. `User`, `Group`.").filter(EQ),
    json("details", "Further facts, different for every system."),
];

const SYSTEM: &[Column] = &[
    text("id", "Id of the system."),
    text("display_name", "Name.").filter(EQ),
    json("details", "Further facts, e.g. the application id."),
];

const PRINCIPAL: &[Column] =
    &[text("id", "Object id of the service principal.").filter(EQ), text("display_name", "Name.")];

const INITIATOR: &[Column] = &[
    text("id", "Object id; empty for the service."),
    text("display_name", "Name.").filter(EQ),
    choice("initiator_type", INITIATORS, "`user`, `application` or `system`."),
];
const INITIATORS: &[&str] = &["user", "application", "system"];

const MODIFIED: &[Column] = &[
    text("display_name", "Attribute."),
    text("old_value", "Value before."),
    text("new_value", "Value after."),
];

const STEP: &[Column] = &[
    text("name", "Name of the step, e.g. `EntryExportAdd`."),
    choice("provisioning_step_type", STEPS, "Kind of step, e.g. `matching`."),
    choice("status", RESULTS, "`success`, `failure`, `skipped` or `warning`."),
    text("description", "What was done, in words."),
    json("details", "Further facts."),
];
const STEPS: &[&str] =
    &["import", "scoping", "matching", "processing", "referenceResolution", "export"];
