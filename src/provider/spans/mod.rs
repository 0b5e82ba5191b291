//! Parts of a log by time: a listing that breaks off goes on from where it came to, and the
//! rest of a long one is read as several.
//!
//! A *span* is a stretch of a log's time that is read on its own. Its bounds go to Graph in
//! whole seconds and closed; which rows are its own is decided here, so that the precision
//! with which Graph compares can neither lose a row nor double one.

mod crew;
mod log;
mod pace;
mod room;
mod seen;
mod trail;
mod walk;
mod whole;

pub(super) use crew::{Crew, cut};
pub(super) use log::Log;
pub(super) use trail::Trail;
pub(super) use walk::Walk;
pub use whole::WholeScans;
