//! `agent_identities`: the accounts AI agents sign in with.
//!
//! They are service principals of a kind of their own: the path ends in a type, so every
//! query is an advanced one. All other properties of service principals are in `raw`.

use crate::spec::{
    ANY_EQ, ANY_PREFIX, Column, EQ, NULL, PREFIX, TableSpec, flag, json, text, texts, time,
};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("agent_identities", "/servicePrincipals/microsoft.graph.agentIdentity")
        .about("Identities of AI agents, each made from a blueprint.")
        .page("https://learn.microsoft.com/graph/api/resources/agentidentity")
        .permissions(&["AgentIdentity.Read.All"])
        .directory(1)
        .cast()
        .page_size(100, 100)
        .rows_guess(100)
        .columns(COLUMNS)
        .examples(&[
            (
                "Agents that may sign in, with the blueprint they come from",
                "SELECT a.display_name, b.display_name AS blueprint, a.created_date_time
           FROM agent_identities a
           LEFT JOIN agent_identity_blueprints b ON b.app_id = a.agent_identity_blueprint_id
          WHERE a.account_enabled
          ORDER BY a.created_date_time DESC",
            ),
            (
                "Agents without a user account of their own",
                "SELECT a.display_name, a.created_date_time
           FROM agent_identities a
           LEFT JOIN agent_users u ON u.identity_parent_id = a.id
          WHERE u.id IS NULL
          ORDER BY a.display_name",
            ),
            (
                "Agents that Microsoft has disabled",
                "SELECT display_name, disabled_by_microsoft_status
           FROM agent_identities
          WHERE disabled_by_microsoft_status IS NOT NULL",
            ),
        ]);

const COLUMNS: &[Column] = &[
    text("id", "Object id.").filter(EQ).required(),
    text("display_name", "Name.").filter(EQ.and(PREFIX).and(NULL)).sortable_advanced(),
    text("agent_identity_blueprint_id", "App id of the blueprint it was made from."),
    flag("account_enabled", "Whether it may sign in.").filter(EQ),
    time("created_date_time", "When it was made.").sortable_advanced(),
    text("created_by_app_id", "App id of what made it."),
    text("service_principal_type", "`ServiceIdentity`.").filter(EQ),
    texts("tags", "Tags.").filter(ANY_EQ.and(ANY_PREFIX)),
    text("disabled_by_microsoft_status", "`DisabledDueToViolationOfServicesAgreement`, or null."),
    json("custom_security_attributes", "Attribute sets defined by the tenant.")
        .permission("CustomSecAttributeAssignment.Read.All")
        .on_select(),
];
