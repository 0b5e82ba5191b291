//! The integration tests, linked once: DataFusion makes every test binary large.
//!
//! A file in `tests/` joins with two lines here. `tests/slt.rs` has a harness of its own
//! and stays apart.

#[path = "../tidy.rs"]
mod tidy;
