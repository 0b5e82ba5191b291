//! The words a table is written in: pure data, no I/O.
//!
//! A table file reads top to bottom: where the rows come from, what reading them
//! needs, then one line per column. `text("city", "…").filter(EQ.and(PREFIX))` says
//! that Graph accepts `city eq '…'` and `startsWith(city,'…')` and nothing else;
//! whatever is not declared is never pushed.

mod column;
mod ops;
mod schema;
mod table;
mod view;

pub use column::{
    Column, Kind, Served, choice, double, flag, integer, json, list, long, parent, raw, record,
    text, texts, time,
};
pub use ops::{ANY_EQ, ANY_PREFIX, EQ, NONE, NULL, Ops, PREFIX, RANGE, STRICT};
pub use schema::{RAW, arrow_schema, property_name};
pub use table::{Bucket, Example, License, TableSpec, Version};
pub use view::ViewSpec;
