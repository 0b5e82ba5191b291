//! Records of the registries of agents.

use crate::spec::{Column, Kind, choice, flag, json, list, text, texts};

pub(super) const INTERFACE: &[Column] =
    &[text("url", "Address."), text("transport", "Protocol, e.g. `JSONRPC`.")];

pub(super) const SIGNATURE: &[Column] = &[
    text("protected", "Protected header, encoded."),
    text("signature", "Signature, encoded."),
    json("header", "Header that is not protected."),
];

pub(super) const PROVIDER: &[Column] =
    &[text("organization", "Name."), text("url", "Page of the provider.")];

pub(super) const CAPABILITIES: &[Column] = &[
    flag("streaming", "Answers in pieces."),
    flag("push_notifications", "Sends news by itself."),
    flag("state_transition_history", "Tells the history of a task."),
    list("extensions", &Kind::Record(EXTENSION), "Extensions of the protocol."),
];

const EXTENSION: &[Column] = &[
    text("uri", "Name of the extension."),
    text("description", "What it is for."),
    flag("required", "Callers must know it."),
    json("params", "Its settings."),
];

pub(super) const SKILL: &[Column] = &[
    text("id", "Skill id."),
    text("display_name", "Name."),
    text("description", "What it does."),
    texts("tags", "Tags."),
    texts("examples", "Examples of what to ask."),
    texts("input_modes", "Media types it takes."),
    texts("output_modes", "Media types it gives."),
    json("security", "What callers must present."),
];

pub(super) const AUTHORIZATION: &[Column] = &[
    choice("type", AUTHORIZATIONS, "How callers prove who they are."),
    text("reference_id", "Entry in the vault."),
];

const AUTHORIZATIONS: &[&str] = &[
    "none",
    "oAuthPluginVault",
    "apiKeyPluginVault",
    "dynamicClientRegistration",
    "connectionVault",
];
