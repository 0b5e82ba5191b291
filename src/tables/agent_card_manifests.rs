//! `agent_card_manifests`: what agents say about themselves: skills, protocols, security.
//!
//! Announced to end together with `agent_instances`: where Graph serves the path no more, the
//! error says so.

use crate::spec::{Column, Kind, TableSpec, flag, json, list, record, text, texts, time};
use crate::tables::agent_shapes::{CAPABILITIES, PROVIDER, SKILL};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("agent_card_manifests", "/agentRegistry/agentCardManifests")
        .about("What AI agents say they can do, and how they are called.")
        .page("https://learn.microsoft.com/graph/api/resources/agentcardmanifest")
        .beta()
        .permissions(&["AgentCardManifest.Read.All"])
        .replaced_by("agent_registrations")
        .page_size(100, 100)
        .no_top()
        .rows_guess(100)
        .columns(COLUMNS)
        .examples(&[
            (
                "Cards that ask callers for nothing",
                "SELECT display_name, provider['organization'] AS provider, originating_store
                   FROM agent_card_manifests
                  WHERE security_schemes IS NULL OR security_schemes = '{}'",
            ),
            (
                "What agents can do",
                "SELECT display_name, skill['display_name'] AS skill, skill['description'] AS does
                   FROM (SELECT display_name, unnest(skills) AS skill FROM agent_card_manifests)
                  ORDER BY display_name, skill",
            ),
        ]);

// No filter is documented.
const COLUMNS: &[Column] = &[
    text("id", "Id; no GUID.").required(),
    text("display_name", "Name."),
    text("description", "What the agent does."),
    texts("owner_ids", "Object ids of the owners."),
    text("managed_by", "App id of what manages it."),
    text("created_by", "Who registered it."),
    text("originating_store", "Product it comes from."),
    record("provider", PROVIDER, "Who offers the agent."),
    text("version", "Version of the agent."),
    text("protocol_version", "Version of the protocol between agents."),
    time("created_date_time", "When it was registered."),
    time("last_modified_date_time", "When it was last changed."),
    list("skills", &Kind::Record(SKILL), "What it can do."),
    record("capabilities", CAPABILITIES, "Parts of the protocol it knows."),
    json("security_schemes", "Ways for callers to prove who they are, by name."),
    json("security", "Which of those are asked for."),
    flag("supports_authenticated_extended_card", "Says more to callers it knows."),
    texts("default_input_modes", "Media types it takes."),
    texts("default_output_modes", "Media types it gives."),
    text("documentation_url", "Page about it."),
    text("icon_url", "Picture."),
];
