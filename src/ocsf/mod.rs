//! Entra as OCSF: events, inventories and findings as views, and the functions they use.

mod account_change;
pub mod activities;
mod api_activity;
mod application_inventory;
mod attributes;
mod audits;
mod authentication;
mod authentication_rest;
mod detection_finding;
mod device_inventory;
mod dissolve;
mod entity_management;
mod envelope;
mod events;
mod functions;
mod group_inventory;
mod group_management;
mod needs;
mod pair;
mod policy_inventory;
mod risk_decision;
pub(crate) mod schema;
mod service_principal_inventory;
mod transparent;
mod tree;
mod user_access;
mod user_inventory;
mod user_inventory_strict;
mod view;
mod write;

pub(crate) use dissolve::DissolveObjects;
pub use functions::scalar as functions;
pub use pair::Pair;
pub(crate) use transparent::SeeThroughCleaners;
pub use view::{Example, View};
pub(crate) use write::Setting;

/// What the schema `ocsf` has to tell of one of its views.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Described {
    /// Its name.
    pub(crate) name: &'static str,
    /// What a row is.
    pub(crate) about: &'static str,
    /// Queries worth trying.
    pub(crate) examples: &'static [Example],
}

/// Returns what there is in the schema `ocsf`, by name.
pub(crate) fn described() -> Vec<Described> {
    let one = |v: &&View| Described { name: v.name, about: v.about, examples: v.examples };
    let mut all: Vec<_> = VIEWS.iter().map(one).collect();
    all.push(Described { name: events::NAME, about: events::ABOUT, examples: events::EXAMPLES });
    all.sort_by_key(|view| view.name);
    all
}

/// Tells whether there is a view of that name.
pub(crate) fn has(name: &str) -> bool {
    name == events::NAME || VIEWS.iter().any(|view| view.name == name)
}

/// Returns the statement of a view; nothing where there is no such view.
pub(crate) fn sql(name: &str, setting: &Setting<'_>) -> Option<Result<String, String>> {
    match VIEWS.iter().find(|view| view.name == name) {
        Some(view) => Some(view.sql(setting)),
        None => (name == events::NAME).then(|| events::sql(setting)),
    }
}

/// The views that are mappings, by name.
pub static VIEWS: &[&View] = &[
    &account_change::VIEW,
    &api_activity::VIEW,
    &application_inventory::VIEW,
    &authentication::VIEW,
    &detection_finding::VIEW,
    &device_inventory::VIEW,
    &entity_management::VIEW,
    &group_inventory::VIEW,
    &group_management::VIEW,
    &policy_inventory::VIEW,
    &risk_decision::VIEW,
    &service_principal_inventory::VIEW,
    &user_access::VIEW,
    &user_inventory::VIEW,
    &user_inventory_strict::VIEW,
];
