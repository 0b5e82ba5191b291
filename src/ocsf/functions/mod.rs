//! SQL functions whose meaning is OCSF's.

use datafusion::logical_expr::ScalarUDF;

/// Returns the scalar functions, by name.
pub(crate) fn scalar() -> Vec<ScalarUDF> {
    Vec::new()
}
