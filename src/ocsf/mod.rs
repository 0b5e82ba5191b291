//! Entra as OCSF: events, inventories and findings as views, and the functions they use.

mod functions;
#[expect(dead_code, reason = "the views to come read it")]
pub(crate) mod schema;

pub(crate) use functions::scalar as functions;
