//! Saved queries: a file of SQL with a header that says what it answers and what it takes.
//!
//! The program brings its own; a folder of the user's stands beside them, and a file there
//! wins over ours of the same name.

mod folder;
mod given;
mod header;
mod kind;
mod library;
#[cfg(feature = "repl")]
mod line;
mod literal;
mod name;
mod parameter;
mod shipped;
mod values;

pub(crate) use self::given::{Given, untyped};
pub(crate) use self::header::Problem;
pub(crate) use self::library::{Library, Origin, SavedQuery};
pub(crate) use self::values::values;
