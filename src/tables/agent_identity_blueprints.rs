//! `agent_identity_blueprints`: what AI agents of this tenant are made from.
//!
//! They are applications of a kind of their own: the path ends in a type, so every query is
//! an advanced one. All other properties of applications are in `raw`.

use crate::spec::{
    ANY_EQ, ANY_PREFIX, Column, EQ, Kind, NULL, Ops, PREFIX, RANGE, TableSpec, json, list, record,
    text, texts, time,
};
use crate::tables::application_shapes::{
    API, APP_ROLE, INFO, KEY, PASSWORD, PUBLISHER, RESOURCE_ACCESS, WEB,
};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "agent_identity_blueprints",
    "/applications/microsoft.graph.agentIdentityBlueprint",
)
.about("Blueprints of AI agents that are registered in the tenant.")
.page("https://learn.microsoft.com/graph/api/resources/agentidentityblueprint")
.permissions(&["AgentIdentityBlueprint.Read.All"])
.directory(1)
.cast()
.page_size(100, 100)
.rows_guess(50)
.columns(COLUMNS)
.examples(&[
    (
        "Blueprints with secrets, and when those end",
        "SELECT display_name, secret['display_name'] AS secret, secret['end_date_time'] AS ends
           FROM (SELECT display_name, unnest(password_credentials) AS secret
                   FROM agent_identity_blueprints)
          ORDER BY ends",
    ),
    (
        "What each blueprint may ask for",
        "SELECT display_name, access['resource_app_id'] AS resource,
                cardinality(access['resource_access']) AS permissions
           FROM (SELECT display_name, unnest(required_resource_access) AS access
                   FROM agent_identity_blueprints)
          ORDER BY display_name, resource",
    ),
]);

const MATCH_NULL: Ops = EQ.and(PREFIX).and(NULL);

const COLUMNS: &[Column] = &[
    text("id", "Object id of the application.").filter(EQ).required(),
    text("app_id", "App id.").filter(EQ),
    text("display_name", "Name.").filter(MATCH_NULL).sortable_advanced(),
    text("description", "What it says it does.").filter(MATCH_NULL),
    text("sign_in_audience", "Accounts that may sign in to it.").filter(EQ),
    time("created_date_time", "When it was made.").filter(RANGE.and(NULL)).sortable_advanced(),
    text("created_by_app_id", "App id of what made it."),
    text("publisher_domain", "Verified domain it belongs to.").filter(EQ.and(PREFIX)),
    record("verified_publisher", PUBLISHER, "Publisher, once verified."),
    texts("identifier_uris", "Names as a resource.").filter(ANY_EQ.and(ANY_PREFIX)),
    text("unique_name", "Name given by who made it; never changes.").filter(EQ.and(PREFIX)),
    texts("tags", "Tags.").filter(ANY_EQ.and(ANY_PREFIX)),
    text("group_membership_claims", "Groups its tokens name."),
    text("service_management_reference", "Reference in an asset database.").filter(MATCH_NULL),
    text("token_encryption_key_id", "Key that encrypts its tokens."),
    text("disabled_by_microsoft_status", "`DisabledDueToViolationOfServicesAgreement`, or null.")
        .filter(EQ),
    list("password_credentials", &Kind::Record(PASSWORD), "Secrets, without their value."),
    list("key_credentials", &Kind::Record(KEY), "Certificates."),
    list("required_resource_access", &Kind::Record(RESOURCE_ACCESS), "Permissions it may ask for."),
    list("app_roles", &Kind::Record(APP_ROLE), "Roles it offers."),
    record("info", INFO, "Links to its pages."),
    record("api", API, "Settings as a resource, delegated permissions among them."),
    json("optional_claims", "Claims its tokens have besides."),
    record("web", WEB, "Redirect addresses and sign-in settings."),
];
