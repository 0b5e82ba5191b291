//! Every scripted fault against the real engine: the rows of a run without the fault, or
//! the right error, at the right number of requests and after the right waits.
//!
//! `table` says what each script must lead to and `judge` holds the engine to it; the other
//! files look closer where a table cannot. No test sleeps: waits go through a clock that
//! writes them down.

mod canary;
mod cost;
mod dropped;
mod expired;
mod hostile;
mod judge;
mod pace;
mod refused;
pub mod rig;
mod shape;
mod table;
mod together;
mod waits;
mod world;
