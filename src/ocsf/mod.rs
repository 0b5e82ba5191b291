//! Entra as OCSF: events, inventories and findings as views, and the functions they use.

mod dissolve;
mod functions;
#[expect(dead_code, reason = "the views to come read it")]
pub(crate) mod schema;

pub(crate) use dissolve::DissolveObjects;
pub(crate) use functions::scalar as functions;
