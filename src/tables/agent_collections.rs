//! `agent_collections`: groups of agents that may find each other.
//!
//! Announced to end together with `agent_instances`: where Graph serves the path no more, the
//! error says so.

use crate::spec::{Column, TableSpec, text, texts, time};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("agent_collections", "/agentRegistry/agentCollections")
        .about("Groups of AI agents in the Entra agent registry.")
        .page("https://learn.microsoft.com/graph/api/resources/agentcollection")
        .beta()
        .permissions(&["AgentCollection.Read.All"])
        .replaced_by("agent_registrations")
        .page_size(100, 100)
        .no_top()
        .rows_guess(10)
        .columns(COLUMNS)
        .examples(&[
            (
                "Collections, the newest first",
                "SELECT display_name, description, created_date_time
                   FROM agent_collections
                  ORDER BY created_date_time DESC",
            ),
            (
                "Collections nobody owns",
                "SELECT display_name, originating_store
                   FROM agent_collections
                  WHERE coalesce(cardinality(owner_ids), 0) = 0",
            ),
        ]);

// No filter is documented.
const COLUMNS: &[Column] = &[
    text("id", "Id.").required(),
    text("display_name", "Name."),
    text("description", "What it is for."),
    texts("owner_ids", "Object ids of the owners."),
    text("managed_by", "App id of what manages it."),
    text("created_by", "Who made it."),
    text("originating_store", "Product it comes from."),
    time("created_date_time", "When it was made."),
    time("last_modified_date_time", "When it was last changed."),
];
