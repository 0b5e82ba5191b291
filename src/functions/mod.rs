//! SQL functions for what the tables hold: addresses, audit details, names, outcomes.
//!
//! A function is a value, like a table: its arguments in words, what it returns, and the
//! Rust function that computes a column. What it says about itself is what `\h` shows.

mod address;
pub(crate) mod argument;
pub(crate) mod coerce;
mod collect;
pub(crate) mod consent;
mod distance;
pub(crate) mod function;
mod initiator;
pub(crate) mod json;
mod key_value;
mod name;
mod outcome;
mod pattern;
pub(crate) mod role;
pub(crate) mod target;
mod term;
#[cfg(test)]
pub(crate) mod tests;
mod window;

use datafusion::logical_expr::{AggregateUDF, ScalarUDF};

/// Returns the scalar functions, by name.
pub fn scalar() -> Vec<ScalarUDF> {
    let families = [
        address::functions(),
        consent::functions(),
        distance::functions(),
        initiator::functions(),
        json::functions(),
        key_value::functions(),
        name::functions(),
        outcome::functions(),
        pattern::functions(),
        role::functions(),
        target::functions(),
        term::functions(),
    ];
    let mut all: Vec<_> = families.into_iter().flatten().map(ScalarUDF::from).collect();
    all.sort_by(|a, b| a.name().cmp(b.name()));
    all
}

/// Returns the aggregate functions, by name.
pub fn aggregate() -> Vec<AggregateUDF> {
    vec![
        AggregateUDF::from(collect::CollectSet::new()),
        AggregateUDF::from(window::Window::distinct()),
        AggregateUDF::from(window::Window::count()),
    ]
}
