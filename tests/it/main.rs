//! All integration tests that are not `.slt` files, in one binary: linking is what costs.

#[path = "../agree/mod.rs"]
mod agree;
#[path = "../tidy.rs"]
mod tidy;
