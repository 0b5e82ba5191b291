//! Entra as OCSF: events, inventories and findings as views, and the functions they use.

pub mod activities;
mod application_inventory;
mod authentication;
mod authentication_rest;
mod detection_finding;
mod device_inventory;
mod dissolve;
mod envelope;
mod events;
mod functions;
mod group_inventory;
mod pair;
mod policy_inventory;
#[expect(dead_code, reason = "the views to come use it")]
pub(crate) mod schema;
mod service_principal_inventory;
mod transparent;
mod tree;
mod user_inventory;
mod user_inventory_strict;
#[expect(dead_code, reason = "the views to come use it")]
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

/// Returns the statement of a view; nothing where there is no such view.
pub(crate) fn sql(name: &str, setting: &Setting<'_>) -> Option<Result<String, String>> {
    match VIEWS.iter().find(|view| view.name == name) {
        Some(view) => Some(view.sql(setting)),
        None => (name == events::NAME).then(|| events::sql(setting)),
    }
}

/// The views that are mappings, by name.
pub static VIEWS: &[&View] = &[
    &application_inventory::VIEW,
    &authentication::VIEW,
    &detection_finding::VIEW,
    &device_inventory::VIEW,
    &group_inventory::VIEW,
    &policy_inventory::VIEW,
    &service_principal_inventory::VIEW,
    &user_inventory::VIEW,
    &user_inventory_strict::VIEW,
];
