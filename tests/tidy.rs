//! The house rules, as tests that read the source.
//!
//! Every rule first proves on planted text that it can fail, and on innocent text that
//! it does not fail at random; then it is held against the tree.

#[path = "tidy/borders.rs"]
mod borders;
#[path = "tidy/documents.rs"]
mod documents;
#[path = "tidy/files.rs"]
mod files;
#[path = "tidy/rooms.rs"]
mod rooms;
#[path = "tidy/rule.rs"]
mod rule;
#[path = "tidy/source.rs"]
mod source;
