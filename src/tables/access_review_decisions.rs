//! `access_review_decisions`: what reviewers said about whom.
//!
//! Graph tells them round by round of review by review: name both, or one at least.

use crate::spec::{Column, EQ, License, TableSpec, json, parent, record, text, time};
use crate::tables::access_review_instances;
use crate::tables::access_review_shapes::CREATOR;

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "access_review_decisions",
    "/identityGovernance/accessReviews/definitions/{definition_id}/instances/{instance_id}/decisions",
)
.per(&access_review_instances::TABLE)
.about("Answers of access reviews: keep or take away, and why.")
.page("https://learn.microsoft.com/graph/api/resources/accessreviewinstancedecisionitem")
.permissions(&["AccessReview.Read.All"])
.license(License::Governance)
.page_size(100, 100)
.rows_guess(10_000)
.columns(COLUMNS)
.examples(&[
    (
        "What nobody has answered yet in rounds that are open",
        "SELECT r.display_name AS review, a.principal['display_name'] AS who,
                a.resource['display_name'] AS what, a.recommendation, i.end_date_time
           FROM access_review_definitions r
           JOIN access_review_instances i ON i.definition_id = r.id
           JOIN access_review_decisions a ON a.definition_id = r.id AND a.instance_id = i.id
          WHERE i.status = 'InProgress' AND a.decision = 'NotReviewed'
          ORDER BY i.end_date_time, who",
    ),
    (
        "Kept against the recommendation",
        "SELECT principal['display_name'] AS who, resource['display_name'] AS what,
                reviewed_by['display_name'] AS reviewer, justification, reviewed_date_time
           FROM access_review_decisions
          WHERE decision = 'Approve' AND recommendation = 'Deny'
          ORDER BY reviewed_date_time DESC",
    ),
]);

const COLUMNS: &[Column] = &[
    parent("definition_id", "The review."),
    parent("instance_id", "The round."),
    text("id", "Id of the answer.").required(),
    text("decision", "`Approve`, `Deny`, `DontKnow` or `NotReviewed`.").filter(EQ),
    text("justification", "Why, in words of the reviewer."),
    text("recommendation", "`Approve`, `Deny` or `NoInfoAvailable`, from recent use.").filter(EQ),
    record("principal", PRINCIPAL, "Whose access it is."),
    text("principal_link", "Where Graph has the principal."),
    record("resource", RESOURCE, "What the access is to."),
    text("resource_link", "Where Graph has the resource."),
    record("reviewed_by", CREATOR, "Who answered; an id of zeros if nobody did."),
    time("reviewed_date_time", "When it was answered; null if it was not."),
    text("apply_result", "Whether it took effect, e.g. `New`, `AppliedSuccessfully`.").filter(EQ),
    record("applied_by", CREATOR, "Who made it take effect."),
    time("applied_date_time", "When it took effect; null if it did not."),
    text("access_review_id", "The round, again.").required(),
    text("apply_description", "What happened when it took effect.").beta(),
    json("delegated_by", "Who passed the answer on.").beta(),
    json("permission", "What the access allows.").beta(),
    json("principal_resource_membership", "How the principal has the access.").beta(),
    json("target", "Older form of the principal.").beta(),
];

// Members of rarer kinds are in `raw`.
const PRINCIPAL: &[Column] = &[
    text("id", "Object id."),
    text("odata_type", "Its kind, e.g. `#microsoft.graph.userIdentity`.").property("@odata.type"),
    text("display_name", "Name."),
    text("user_principal_name", "Sign-in name; users only."),
    text("ip_address", "Address; users only."),
    text("app_id", "Application id; service principals only."),
];

const RESOURCE: &[Column] = &[
    text("id", "Object id."),
    text("odata_type", "Its kind.").property("@odata.type"),
    text("display_name", "Name."),
    text("type", "E.g. `directoryRole`, `group`, `servicePrincipal`."),
    text("app_id", "Application id; service principals only."),
    text("access_package_id", "Access package; their assignments only."),
    text("access_package_display_name", "Name of the access package."),
    json("scope", "Where the role applies; Azure roles only."),
];
