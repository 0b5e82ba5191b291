//! `access_review_instances`: the rounds of access reviews.
//!
//! Graph tells them review by review: name the review, or every one is asked.

use crate::spec::{Column, EQ, Kind, License, TableSpec, json, list, parent, text, time};
use crate::tables::access_review_definitions;
use crate::tables::access_review_shapes::REVIEWER;

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "access_review_instances",
    "/identityGovernance/accessReviews/definitions/{definition_id}/instances",
)
.per(&access_review_definitions::TABLE)
.about("Rounds of access reviews: when each began, when it ends.")
.page("https://learn.microsoft.com/graph/api/resources/accessreviewinstance")
.permissions(&["AccessReview.Read.All"])
.license(License::Governance)
.page_size(100, 100)
.rows_guess(500)
.columns(COLUMNS)
.examples(&[
    (
        "Rounds that are open, and the days that are left",
        "SELECT d.display_name, i.end_date_time, i.end_date_time - now() AS time_left
           FROM access_review_definitions d
           JOIN access_review_instances i ON i.definition_id = d.id
          WHERE i.status = 'InProgress'
          ORDER BY i.end_date_time",
    ),
    (
        "When each review was held last",
        "SELECT d.display_name, max(i.end_date_time) AS last_held, count(*) AS rounds
           FROM access_review_definitions d
           JOIN access_review_instances i ON i.definition_id = d.id
          GROUP BY d.display_name
          ORDER BY last_held",
    ),
]);

const COLUMNS: &[Column] = &[
    parent("definition_id", "The review."),
    text("id", "Id of the round.").required(),
    text("status", "E.g. `NotStarted`, `InProgress`, `Applied`.").filter(EQ),
    time("start_date_time", "When it begins."),
    time("end_date_time", "When it ends."),
    json("scope", "Whose access to what is reviewed, as a query."),
    list("reviewers", &Kind::Record(REVIEWER), "Who reviews."),
    list("fallback_reviewers", &Kind::Record(REVIEWER), "Who reviews if there is nobody else."),
    json("delegated_by", "Who passed the review on.").beta(),
    json("errors", "What went wrong.").beta(),
];
