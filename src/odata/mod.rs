//! A Graph request as a value, and its text. Pure: no I/O, no knowledge of tables.

mod filter;
mod literal;
mod query;

pub use filter::{Comparison, Filter, Member};
pub use literal::Literal;
pub use query::{OrderBy, Query};
