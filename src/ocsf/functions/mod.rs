//! SQL functions whose meaning is OCSF's.

pub(crate) mod object;
mod platform;
mod text;

use datafusion::logical_expr::ScalarUDF;

/// Returns the scalar functions, by name.
pub(crate) fn scalar() -> Vec<ScalarUDF> {
    let families = [platform::functions(), text::functions()];
    let mut all: Vec<_> = families.into_iter().flatten().map(ScalarUDF::from).collect();
    all.push(ScalarUDF::from(object::Object::new()));
    all
}
