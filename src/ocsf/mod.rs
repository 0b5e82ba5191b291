//! Entra as OCSF: events, inventories and findings as views, and the functions they use.

pub mod activities;
mod authentication;
mod authentication_rest;
mod dissolve;
#[expect(dead_code, reason = "the views to come use it")]
mod envelope;
mod functions;
#[expect(dead_code, reason = "the views to come use it")]
mod pair;
#[expect(dead_code, reason = "the views to come use it")]
pub(crate) mod schema;
mod transparent;
mod tree;
#[expect(dead_code, reason = "the views to come use it")]
mod view;
mod write;

pub(crate) use dissolve::DissolveObjects;
pub use functions::scalar as functions;
pub(crate) use transparent::SeeThroughCleaners;
pub(crate) use view::View;
pub(crate) use write::Setting;

/// Every view, by name.
pub(crate) static VIEWS: &[&View] = &[&authentication::VIEW];
