//! `agent_identity_blueprint_principals`: the blueprints of AI agents at work in this tenant,
//! those of other tenants included.
//!
//! They are service principals of a kind of their own: the path ends in a type, so every
//! query is an advanced one.

use crate::spec::{
    ANY_EQ, ANY_PREFIX, Column, EQ, Kind, NULL, PREFIX, TableSpec, flag, json, list, record, text,
    texts,
};
use crate::tables::application_shapes::{APP_ROLE, INFO, PUBLISHER, SCOPE};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "agent_identity_blueprint_principals",
    "/servicePrincipals/microsoft.graph.agentIdentityBlueprintPrincipal",
)
.about("Blueprints of AI agents at work in the tenant, its own and others.")
.page("https://learn.microsoft.com/graph/api/resources/agentidentityblueprintprincipal")
.permissions(&["AgentIdentityBlueprintPrincipal.Read.All"])
.directory(1)
.cast()
.page_size(100, 100)
.rows_guess(50)
.columns(COLUMNS)
.examples(&[
    (
        "Blueprints that come from another tenant",
        "SELECT p.display_name, p.app_owner_organization_id, p.account_enabled
           FROM agent_identity_blueprint_principals p
          WHERE p.app_owner_organization_id NOT IN (SELECT id FROM organization)",
    ),
    (
        "Blueprints, and how many agents each has here",
        "SELECT p.display_name, p.account_enabled, count(a.id) AS agents
           FROM agent_identity_blueprint_principals p
           LEFT JOIN agent_identities a ON a.agent_identity_blueprint_id = p.app_id
          GROUP BY p.display_name, p.account_enabled
          ORDER BY agents DESC, p.display_name",
    ),
]);

const COLUMNS: &[Column] = &[
    text("id", "Object id.").filter(EQ).required(),
    text("display_name", "Name.").filter(EQ.and(PREFIX).and(NULL)).sortable_advanced(),
    text("app_id", "App id of the blueprint.").filter(EQ),
    text("app_display_name", "Name of the blueprint."),
    text("app_description", "What the blueprint says it does."),
    // A GUID to Graph, whose literals have no quotes: never sent.
    text("app_owner_organization_id", "Tenant the blueprint comes from."),
    flag("account_enabled", "Whether agents made from it may sign in.").filter(EQ),
    flag("app_role_assignment_required", "Only those assigned to it get a token.").filter(EQ),
    text("created_by_app_id", "App id of what made it."),
    text("service_principal_type", "Kind of service principal.").filter(EQ),
    text("sign_in_audience", "Accounts that may sign in to it."),
    texts("service_principal_names", "Names it is known by.").filter(ANY_EQ.and(ANY_PREFIX)),
    texts("tags", "Tags.").filter(ANY_EQ.and(ANY_PREFIX)),
    text("disabled_by_microsoft_status", "`DisabledDueToViolationOfServicesAgreement`, or null."),
    list("app_roles", &Kind::Record(APP_ROLE), "Roles it offers."),
    list("oauth2_permission_scopes", &Kind::Record(SCOPE), "Delegated permissions it offers."),
    record("info", INFO, "Links to its pages."),
    record("verified_publisher", PUBLISHER, "Publisher, once verified."),
    json("custom_security_attributes", "Attribute sets defined by the tenant.")
        .permission("CustomSecAttributeAssignment.Read.All")
        .on_select(),
];
