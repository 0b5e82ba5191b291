//! `synchronization_jobs`: provisioning of accounts into applications, or from a source of HR
//! data, and how it goes.
//!
//! Graph tells it by service principal, and most have no job: name the service principal, or
//! every one is asked, twenty to a request.

use crate::spec::{
    Column, Kind, License, TableSpec, choice, flag, list, long, parent, record, text, time,
};
use crate::tables::service_principals;

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "synchronization_jobs",
    "/servicePrincipals/{service_principal_id}/synchronization/jobs",
)
.per(&service_principals::TABLE)
.about("Provisioning jobs of applications, with their last runs.")
.page("https://learn.microsoft.com/graph/api/resources/synchronization-synchronizationjob")
.permissions(&["Synchronization.Read.All"])
.license(License::P1)
.no_select()
.no_top()
.rows_guess(50)
.columns(COLUMNS)
.examples(&[
    (
        "Jobs in quarantine, and why",
        "SELECT s.display_name, j.status['quarantine']['reason'] AS reason,
                j.status['quarantine']['error']['message'] AS message,
                j.status['quarantine']['current_began'] AS since
           FROM service_principals s
           JOIN synchronization_jobs j ON j.service_principal_id = s.id
          WHERE j.status['code'] = 'Quarantine'",
    ),
    (
        "When provisioning last worked",
        "SELECT s.display_name, j.template_id, j.status['code'] AS state,
                j.status['last_successful_execution']['time_ended'] AS last_success
           FROM service_principals s
           JOIN synchronization_jobs j ON j.service_principal_id = s.id
          ORDER BY last_success",
    ),
]);

// No filter is documented.
const COLUMNS: &[Column] = &[
    parent("service_principal_id", "Object id of the service principal."),
    text("id", "Job id, e.g. `BoxOutDelta.…`.").required(),
    text("template_id", "Template it was made from, e.g. `BoxOutDelta`."),
    record("schedule", SCHEDULE, "How often it runs."),
    record("status", STATUS, "How it goes."),
    list("synchronization_job_settings", &Kind::Record(SETTING), "Settings of the job."),
];

const SCHEDULE: &[Column] = &[
    choice("state", SCHEDULES, "Whether it runs."),
    text("interval", "Time between runs, e.g. `PT40M`."),
    time("expiration", "When it stops by itself."),
];

const SCHEDULES: &[&str] = &["Active", "Disabled", "Paused"];

const STATUS: &[Column] = &[
    choice("code", CODES, "State of the job."),
    long("count_successive_complete_failures", "Runs that failed in a row."),
    flag("escrows_pruned", "Objects that failed were forgotten."),
    record("last_execution", RUN, "The last run."),
    record("last_successful_execution", RUN, "The last run that worked."),
    record("last_successful_execution_with_exports", RUN, "The last that changed something."),
    list("progress", &Kind::Record(PROGRESS), "How far it is."),
    record("quarantine", QUARANTINE, "Why it runs seldom; null while all is well."),
    time("steady_state_first_achieved_time", "When both sides first agreed; year 1 if never."),
    time("steady_state_last_achieved_time", "When both sides last agreed; year 1 if never."),
    list("synchronized_entry_count_by_type", &Kind::Record(COUNT), "Objects in step, by type."),
    text("troubleshooting_url", "Page that helps."),
];

const CODES: &[&str] = &["NotConfigured", "NotRun", "Active", "Paused", "Quarantine"];

const RUN: &[Column] = &[
    text("activity_identifier", "Id of the run."),
    choice("state", RESULTS, "How it ended."),
    time("time_began", "When it began."),
    time("time_ended", "When it ended."),
    long("count_entitled", "Objects that should be provisioned."),
    long("count_entitled_for_provisioning", "Objects about to be provisioned."),
    long("count_escrowed", "Objects that failed and are tried again."),
    long("count_escrowed_raw", "The same, with those a reference was missing for."),
    long("count_exported", "Objects written."),
    long("count_exports", "Writes meant to happen."),
    long("count_imported", "Objects read."),
    long("count_imported_deltas", "Changes read."),
    long("count_imported_reference_deltas", "Changes of references read."),
    record("error", ERROR, "What went wrong."),
];

const RESULTS: &[&str] = &["Succeeded", "Failed", "EntryLevelErrors"];

const ERROR: &[Column] = &[
    text("code", "Code, e.g. `SalesforceInvalidCredentials`."),
    text("message", "Text."),
    flag("tenant_actionable", "The tenant can do something about it."),
];

const PROGRESS: &[Column] = &[
    long("completed_units", "Done."),
    long("total_units", "All."),
    text("units", "What is counted."),
    time("progress_observation_date_time", "When it was looked at."),
];

const QUARANTINE: &[Column] = &[
    choice("reason", REASONS, "Why."),
    record("error", ERROR, "What went wrong."),
    time("current_began", "When this quarantine began."),
    time("series_began", "When the first of the series began."),
    long("series_count", "Quarantines of the series."),
    time("next_attempt", "When it is tried again."),
];

const REASONS: &[&str] = &[
    "EncounteredBaseEscrowThreshold",
    "EncounteredTotalEscrowThreshold",
    "EncounteredEscrowProportionThreshold",
    "EncounteredQuarantineException",
    "Unknown",
    "QuarantinedOnDemand",
    "TooManyDeletes",
    "IngestionInterrupted",
];

const COUNT: &[Column] = &[text("key", "Type."), long("value", "Objects.")];

const SETTING: &[Column] = &[text("name", "Name."), text("value", "Value.")];
