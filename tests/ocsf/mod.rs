//! OCSF events against the schema: the checks, proof that they can fail, and the views.
//!
//! `ENTRAQL_OCSF_KEEP=/DIR cargo test --test it ocsf::` also writes the events into a folder,
//! for another validator to look at.

mod check;
mod events;
mod finding;
mod golden;
mod json;
mod mutation;
mod observable;
mod pattern;
mod rows;
mod schema;
mod views;

/// Says whether events go to another validator.
fn is_kept() -> bool {
    std::env::var_os("ENTRAQL_OCSF_KEEP").is_some()
}

/// Writes events into the folder for other validators, if there is one.
fn keep(name: &str, events: &[String]) {
    let Some(folder) = std::env::var_os("ENTRAQL_OCSF_KEEP") else { return };
    let path = std::path::Path::new(&folder).join(format!("{name}.ndjson"));
    std::fs::write(path, events.join("\n") + "\n").unwrap();
}
