//! `agent_registrations`: agents as Microsoft Agent 365 knows them, which takes the place of
//! the Entra agent registry.
//!
//! Microsoft documents the reading of one registration; that all of them can be listed is
//! taken from the schema. Where Graph does not serve the path, the error says so.

use crate::spec::{Column, TableSpec, record, text, texts, time};
use crate::tables::agent_shapes::AUTHORIZATION;

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("agent_registrations", "/copilot/agentRegistrations")
        .about("AI agents registered with Microsoft Agent 365.")
        .page("https://learn.microsoft.com/graph/api/resources/agentregistration")
        .beta()
        .permissions(&["AgentRegistration.Read.All"])
        .page_size(100, 100)
        .no_select()
        .no_top()
        .get_by_key()
        .rows_guess(100)
        .columns(COLUMNS)
        .examples(&[
            (
                "Agents that callers reach without proof of who they are",
                "SELECT display_name, originating_store, source_last_modified_date_time
                   FROM agent_registrations
                  WHERE a2a_authorization['type'] = 'none'",
            ),
            (
                "Agents nobody owns",
                "SELECT display_name, originating_store, last_published_by
                   FROM agent_registrations
                  WHERE coalesce(cardinality(owner_ids), 0) = 0",
            ),
        ]);

// No filter is documented.
const COLUMNS: &[Column] = &[
    text("id", "Id.").required(),
    text("display_name", "Name."),
    text("description", "What the agent does."),
    texts("owner_ids", "Object ids of the owners."),
    text("agent_identity_id", "Object id, as in `agent_identities`."),
    text("agent_identity_blueprint_id", "Blueprint of the identity."),
    record("a2a_authorization", AUTHORIZATION, "What callers must present."),
    text("managed_by_app_id", "App id of what manages it."),
    text("created_by", "Who registered it."),
    text("last_published_by", "Who last published it."),
    text("originating_store", "Product it comes from."),
    text("source_agent_id", "Its id in that product."),
    time("source_created_date_time", "When it was made there."),
    time("source_last_modified_date_time", "When it was last changed there."),
];
