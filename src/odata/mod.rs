//! A Graph request as a value, and its text. Pure: no I/O, no knowledge of tables.

mod address;
mod filter;
mod literal;
mod query;

pub use address::{Address, Refusal};
pub use filter::{Comparison, Filter, Member};
pub use literal::Literal;
pub use query::{OrderBy, Query};
