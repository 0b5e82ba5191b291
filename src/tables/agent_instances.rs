//! `agent_instances`: the agents at work, as the Entra agent registry knows them.
//!
//! Announced to end in favor of `agent_registrations`: where Graph serves the path no more,
//! the error says so.

use crate::spec::{Column, Kind, TableSpec, list, text, texts, time};
use crate::tables::agent_shapes::{INTERFACE, SIGNATURE};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("agent_instances", "/agentRegistry/agentInstances")
        .about("AI agents at work, from the Entra agent registry.")
        .page("https://learn.microsoft.com/graph/api/resources/agentinstance")
        .beta()
        .permissions(&["AgentInstance.Read.All"])
        .replaced_by("agent_registrations")
        .page_size(100, 100)
        .no_top()
        .rows_guess(100)
        .columns(COLUMNS)
        .examples(&[
            (
                "Agents nobody owns",
                "SELECT display_name, originating_store, created_date_time
                   FROM agent_instances
                  WHERE coalesce(cardinality(owner_ids), 0) = 0",
            ),
            (
                "Agents and their owners",
                "SELECT a.display_name, u.user_principal_name, u.account_enabled
                   FROM (SELECT display_name, unnest(owner_ids) AS owner FROM agent_instances) a
                   JOIN users u ON u.id = a.owner
                  ORDER BY a.display_name, u.user_principal_name",
            ),
        ]);

// Graph filters by the card alone, which is no column.
const COLUMNS: &[Column] = &[
    text("id", "Id; no GUID.").required(),
    text("display_name", "Name."),
    texts("owner_ids", "Object ids of the owners."),
    text("agent_identity_id", "Object id, as in `agent_identities`."),
    text("agent_identity_blueprint_id", "Blueprint of the identity."),
    text("agent_user_id", "Object id, as in `agent_users`."),
    text("managed_by", "App id of what manages it."),
    text("created_by", "Who registered it."),
    text("originating_store", "Product it comes from."),
    text("source_agent_id", "Its id in that product."),
    time("created_date_time", "When it was registered."),
    time("last_modified_date_time", "When it was last changed."),
    text("url", "Where it answers."),
    text("preferred_transport", "Protocol it answers in, e.g. `JSONRPC`."),
    list("additional_interfaces", &Kind::Record(INTERFACE), "Where else it answers."),
    list("signatures", &Kind::Record(SIGNATURE), "Signatures of its card."),
];
