//! SQL functions whose meaning is OCSF's.

pub(crate) mod object;

use datafusion::logical_expr::ScalarUDF;

/// Returns the scalar functions, by name.
pub(crate) fn scalar() -> Vec<ScalarUDF> {
    vec![ScalarUDF::from(object::Object::new())]
}
