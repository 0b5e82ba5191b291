//! Parts of a log by time: a listing that breaks off goes on from where it came to.
//!
//! A *span* is a stretch of a log's time that is read on its own. Its bounds go to Graph in
//! whole seconds and closed; which rows are its own is decided here, so that the precision
//! with which Graph compares can neither lose a row nor double one.

mod log;
mod seen;
mod trail;
mod walk;

pub(super) use log::Log;
pub(super) use trail::Trail;
pub(super) use walk::Walk;
