//! `access_review_definitions`: reviews of who has access to what, as they are planned.
//!
//! A definition is the series; every round of it is an instance.

use crate::spec::{Column, EQ, Kind, License, TableSpec, json, list, record, text, time};
use crate::tables::access_review_shapes::{CREATOR, NOTIFIED, REVIEWER, SETTINGS, STAGE};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "access_review_definitions",
    "/identityGovernance/accessReviews/definitions",
)
.alias("access_reviews")
.about("Access reviews: what is reviewed, by whom, and how often.")
.page("https://learn.microsoft.com/graph/api/resources/accessreviewscheduledefinition")
.permissions(&["AccessReview.Read.All"])
.license(License::Governance)
.page_size(100, 100)
.get_by_key()
.rows_guess(50)
.columns(COLUMNS)
.examples(&[
    (
        "Reviews that go on now, and what happens if nobody answers",
        "SELECT display_name, settings['instance_duration_in_days'] AS days,
                settings['default_decision'] AS if_silent,
                settings['auto_apply_decisions_enabled'] AS applied
           FROM access_review_definitions
          WHERE status = 'InProgress'
          ORDER BY display_name",
    ),
    (
        "Reviews that end without anybody losing access",
        "SELECT display_name, status, settings['default_decision'] AS if_silent
           FROM access_review_definitions
          WHERE NOT settings['auto_apply_decisions_enabled']
             OR settings['default_decision'] IN ('None', 'Approve')
          ORDER BY display_name",
    ),
    (
        "Whether directory roles are reviewed at all",
        "SELECT display_name, status, settings['recurrence']['pattern']['type'] AS how_often
           FROM access_review_definitions
          WHERE scope LIKE '%/roleManagement/directory/%'",
    ),
]);

// `$orderby` was documented in 2023 and is not on the page any more: not sent.
const COLUMNS: &[Column] = &[
    text("id", "Definition id.").required(),
    text("display_name", "Name."),
    text("status", "E.g. `NotStarted`, `InProgress`, `Completed`.").filter(EQ),
    text("description_for_admins", "What administrators read."),
    text("description_for_reviewers", "What reviewers read."),
    record("created_by", CREATOR, "Who made it."),
    time("created_date_time", "When it was made."),
    time("last_modified_date_time", "When it was last changed."),
    // One of several shapes, told apart by `@odata.type`.
    json("scope", "Whose access to what is reviewed, as queries."),
    json("instance_enumeration_scope", "Objects that get a review each, as a query."),
    list("reviewers", &Kind::Record(REVIEWER), "Who reviews; empty for a self-review."),
    list("fallback_reviewers", &Kind::Record(REVIEWER), "Who reviews if there is nobody else."),
    list("backup_reviewers", &Kind::Record(REVIEWER), "Older name of the same.").beta(),
    list("additional_notification_recipients", &Kind::Record(NOTIFIED), "Who else is told."),
    record("settings", SETTINGS, "How it runs, and what becomes of the answers."),
    list("stage_settings", &Kind::Record(STAGE), "Its stages, if there is more than one."),
];
