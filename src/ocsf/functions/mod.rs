//! SQL functions whose meaning is OCSF's.

mod attack;
mod audit;
mod caption;
mod error_class;
mod map;
pub(crate) mod object;
mod observables;
mod pattern;
mod platform;
#[cfg(test)]
mod tests;
mod text;
mod time;
mod to_ocsf_json;

use datafusion::logical_expr::ScalarUDF;

/// The heading the functions are listed under.
const FAMILY: &str = "OCSF";

/// Returns the scalar functions, by name.
pub fn scalar() -> Vec<ScalarUDF> {
    let families = [
        attack::functions(),
        audit::functions(),
        caption::functions(),
        error_class::functions(),
        map::functions(),
        observables::functions(),
        pattern::functions(),
        platform::functions(),
        text::functions(),
        time::functions(),
        to_ocsf_json::functions(),
    ];
    let mut all: Vec<_> = families.into_iter().flatten().map(ScalarUDF::from).collect();
    all.push(ScalarUDF::from(object::Object::new()));
    all.sort_by(|a, b| a.name().cmp(b.name()));
    all
}
