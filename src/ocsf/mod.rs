//! Entra as OCSF: events, inventories and findings as views, and the functions they use.

mod functions;

pub(crate) use functions::scalar as functions;
